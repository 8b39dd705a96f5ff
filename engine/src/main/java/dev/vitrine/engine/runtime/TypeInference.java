package dev.vitrine.engine.runtime;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.check.SizeCheck;
import dev.vitrine.engine.check.TypeCheck;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The type of every value, from ONNX Runtime itself: a session that lists every value as an output reports them.
 * Weights are passed as shapes alone, since no type depends on their values.
 */
public final class TypeInference {
    /** Shapes, axes and scales, whose values do determine types, are smaller than this. */
    private static final long WEIGHT_ELEMENTS = 256;

    private TypeInference() {}

    public static Graph infer(Graph graph) {
        SizeCheck.require(graph);
        Set<Value> all = new LinkedHashSet<>();
        for (Node node : graph.nodes()) {
            node.outputs().stream().filter(Value::isPresent).forEach(all::add);
        }
        Map<String, Value> exposedAs = new HashMap<>();
        all.forEach(value -> exposedAs.put(NativeNames.of(value.name()), value));
        Map<Value, TensorType> types = new LinkedHashMap<>();
        graph.inputs().forEach(input -> types.put(input, graph.types().get(input)));
        graph.constants().forEach((value, tensor) -> types.put(value, TensorType.of(tensor)));
        Graph exposed = weightless(graph, types).withOutputs(List.copyOf(all));
        OnnxRuntimeRunner runner = new OnnxRuntimeRunner();
        try (OnnxRuntimeRunner.Opened opened = runner.open(
                exposed,
                OrtSession.SessionOptions.OptLevel.NO_OPT,
                OnnxRuntimeRunner.Threads.SHARED,
                Optional.empty())) {
            for (Map.Entry<String, NodeInfo> output :
                    opened.session().getOutputInfo().entrySet()) {
                if (output.getValue().getInfo() instanceof TensorInfo info) {
                    NativeTensors.type(info).ifPresent(type -> types.put(exposedAs.get(output.getKey()), type));
                }
            }
        } catch (OrtException e) {
            throw VitrineException.failure("ONNX Runtime cannot infer the types of the graph: " + e.getMessage(), e);
        }
        Graph typed = graph.withTypes(types);
        TypeCheck.require(typed);
        return typed;
    }

    /** The same graph with an input in place of every weight. */
    private static Graph weightless(Graph graph, Map<Value, TensorType> types) {
        List<Value> inputs = new ArrayList<>(graph.inputs());
        Map<Value, Tensor> constants = new LinkedHashMap<>();
        graph.constants().forEach((value, tensor) -> {
            if (tensor.elementType() == ElementType.FLOAT32 && tensor.elements() > WEIGHT_ELEMENTS) {
                inputs.add(value);
            } else {
                constants.put(value, tensor);
            }
        });
        return new Graph(inputs, graph.outputs(), graph.nodes(), constants, types, graph.opsets());
    }
}
