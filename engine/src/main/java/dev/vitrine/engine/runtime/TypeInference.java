package dev.vitrine.engine.runtime;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The type of every value, from ONNX Runtime itself: a session that lists every value as an output reports them. */
public final class TypeInference {
    private TypeInference() {}

    public static Graph infer(Graph graph) {
        Set<Value> all = new LinkedHashSet<>();
        for (Node node : graph.nodes()) {
            node.outputs().stream().filter(Value::isPresent).forEach(all::add);
        }
        Map<Value, TensorType> types = new LinkedHashMap<>();
        graph.inputs().forEach(input -> types.put(input, graph.types().get(input)));
        graph.constants().forEach((value, tensor) -> types.put(value, TensorType.of(tensor)));
        Graph exposed = graph.withTypes(types).withOutputs(java.util.List.copyOf(all));
        OnnxRuntimeRunner runner = new OnnxRuntimeRunner();
        try (OnnxRuntimeRunner.Opened opened = runner.open(
                exposed,
                OrtSession.SessionOptions.OptLevel.NO_OPT,
                OnnxRuntimeRunner.Threads.SHARED,
                Optional.empty())) {
            for (Map.Entry<String, NodeInfo> output :
                    opened.session().getOutputInfo().entrySet()) {
                if (output.getValue().getInfo() instanceof TensorInfo info) {
                    NativeTensors.type(info).ifPresent(type -> types.put(new Value(output.getKey()), type));
                }
            }
        } catch (OrtException e) {
            throw VitrineException.failure("ONNX Runtime cannot tell the types of the graph: " + e.getMessage(), e);
        }
        return graph.withTypes(types);
    }
}
