package dev.vitrine.engine.runtime;

import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Names that cross ONNX Runtime's Java interface, which encodes characters beyond the Basic Multilingual Plane (such as
 * emoji) in another way than the file does and then finds no input, output or weight of that name.
 */
final class NativeNames {
    private NativeNames() {}

    /** The name by which the runtime knows a value. */
    static String of(String name) {
        if (isPlain(name)) {
            return name;
        }
        StringBuilder plain = new StringBuilder();
        name.codePoints().forEach(point -> {
            if (Character.isBmpCodePoint(point)) {
                plain.append((char) point);
            } else {
                plain.append("{U+").append(Integer.toHexString(point)).append('}');
            }
        });
        return plain.toString();
    }

    private static boolean isPlain(String name) {
        return name.chars().noneMatch(unit -> Character.isSurrogate((char) unit));
    }

    /** The graph with inputs, outputs and constants under the names of {@link #of}; itself where all are plain. */
    static Graph applied(Graph graph) {
        boolean plain = Stream.of(
                        graph.inputs(), graph.outputs(), graph.constants().keySet())
                .flatMap(values -> values.stream())
                .allMatch(value -> isPlain(value.name()));
        if (plain) {
            return graph;
        }
        List<Node> nodes = new ArrayList<>();
        Map<Value, TensorType> types = new HashMap<>(graph.types());
        List<Value> inputs = new ArrayList<>();
        for (Value input : graph.inputs()) {
            inputs.add(renamed(input, types));
            copy(inputs.get(inputs.size() - 1), input, nodes);
        }
        Map<Value, Tensor> constants = new LinkedHashMap<>();
        graph.constants().forEach((constant, tensor) -> {
            Value known = renamed(constant, types);
            constants.put(known, tensor);
            copy(known, constant, nodes);
        });
        nodes.addAll(graph.nodes());
        List<Value> outputs = new ArrayList<>();
        for (Value output : graph.outputs()) {
            outputs.add(renamed(output, types));
            copy(output, outputs.get(outputs.size() - 1), nodes);
        }
        return new Graph(inputs, outputs, nodes, constants, types, graph.opsets());
    }

    private static Value renamed(Value value, Map<Value, TensorType> types) {
        Value known = new Value(of(value.name()));
        if (types.containsKey(value)) {
            types.put(known, types.get(value));
        }
        return known;
    }

    private static void copy(Value from, Value to, List<Node> nodes) {
        if (!from.equals(to)) {
            nodes.add(new Node("copy/" + to.name(), "", "Identity", List.of(from), List.of(to), Attributes.NONE));
        }
    }
}
