package dev.vitrine.engine.rewrite.control;

import dev.vitrine.engine.graph.AttributeValue;
import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Inlines copies of bodies into the enclosing graph: nodes under fresh names, constants shared by all copies. */
final class BodyCopy {
    private final FreshNames names;
    private final List<Node> nodes = new ArrayList<>();
    private final Map<Value, Tensor> constants = new LinkedHashMap<>();
    private final Map<Value, Value> shared = new HashMap<>();

    BodyCopy(FreshNames names) {
        this.names = names;
    }

    List<Node> nodes() {
        return nodes;
    }

    Map<Value, Tensor> constants() {
        return constants;
    }

    Value constant(String hint, Tensor tensor) {
        Value value = names.value(hint);
        constants.put(value, tensor);
        return value;
    }

    /** Begins another body, whose constants differ even under the same names. */
    void forgetConstants() {
        shared.clear();
    }

    /** Appends a node with outputs named after a hint. */
    List<Value> node(String opType, Attributes attributes, String hint, int outputs, Value... inputs) {
        List<Value> results = new ArrayList<>();
        for (int i = 0; i < outputs; i++) {
            results.add(names.value(hint));
        }
        add(opType, attributes, results, inputs);
        return results;
    }

    void add(String opType, Attributes attributes, List<Value> outputs, Value... inputs) {
        nodes.add(new Node(
                names.name(outputs.get(0).name() + "/" + opType), "", opType, List.of(inputs), outputs, attributes));
    }

    /**
     * Inlines one copy of a body.
     *
     * @param inputs values in place of the body's inputs
     * @param wanted names under which the body's nodes compute some of its outputs
     * @return the body's outputs in the enclosing graph
     */
    List<Value> append(Graph body, Map<Value, Value> inputs, Map<Value, Value> wanted) {
        Map<Value, Value> renamed = new HashMap<>(inputs);
        body.constants()
                .forEach((value, tensor) -> renamed.put(value, shared.computeIfAbsent(value, key -> {
                    Value copy = names.value(key.name());
                    constants.put(copy, tensor);
                    return copy;
                })));
        for (Node node : body.nodes()) {
            for (Value output : node.outputs()) {
                if (output.isPresent()) {
                    Value asked = wanted.get(output);
                    renamed.put(output, asked == null ? names.value(output.name()) : asked);
                }
            }
            nodes.add(renamed(node, renamed, names.name(node.name())));
        }
        return body.outputs().stream()
                .map(value -> renamed.getOrDefault(value, value))
                .toList();
    }

    private static Node renamed(Node node, Map<Value, Value> renamed, String name) {
        Attributes attributes = node.attributes();
        for (Map.Entry<String, AttributeValue> entry : attributes.values().entrySet()) {
            if (entry.getValue() instanceof AttributeValue.OfGraph inner) {
                attributes =
                        attributes.with(entry.getKey(), new AttributeValue.OfGraph(reading(inner.body(), renamed)));
            }
        }
        return new Node(
                name,
                node.domain(),
                node.opType(),
                all(node.inputs(), renamed),
                all(node.outputs(), renamed),
                attributes);
    }

    /** A nested body, which keeps its own names and reads outer values under their new ones. */
    private static Graph reading(Graph body, Map<Value, Value> renamed) {
        Map<Value, Value> outer = new HashMap<>(renamed);
        body.inputs().forEach(outer::remove);
        body.constants().keySet().forEach(outer::remove);
        body.nodes().forEach(node -> node.outputs().forEach(outer::remove));
        List<Node> nodes = body.nodes().stream()
                .map(node -> renamed(node, outer, node.name()))
                .toList();
        return new Graph(
                body.inputs(), all(body.outputs(), outer), nodes, body.constants(), body.types(), body.opsets());
    }

    private static List<Value> all(List<Value> values, Map<Value, Value> renamed) {
        return values.stream().map(value -> renamed.getOrDefault(value, value)).toList();
    }
}
