package dev.vitrine.engine.rewrite.simplification;

import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.GraphTransform;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.rewrite.Prune;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * γ (w∗x + b − μ)/√(σ²+ε) + β = w'∗x + b' with w' = w·s, b' = (b − μ)·s + β, s = γ/√(σ²+ε).
 *
 * <p>Fires where a BatchNormalization with constant statistics is the only reader of a Conv with constant weights, and
 * the value between is no output.
 */
public final class FoldBatchNormalization implements GraphTransform {
    @Override
    public Graph apply(Graph graph) {
        Map<Value, Node> producers = graph.producers();
        Map<Value, Integer> readers = graph.readers();
        Map<String, Node> replaced = new HashMap<>();
        Set<String> removed = new HashSet<>();
        Map<Value, Tensor> constants = new LinkedHashMap<>(graph.constants());
        GraphBuilder names = new GraphBuilder(graph);
        for (Node norm : graph.nodes()) {
            Optional<Node> conv = foldable(norm, graph, producers, readers);
            if (conv.isEmpty()) {
                continue;
            }
            Tensor weight = graph.constants().get(conv.get().input(1));
            float[] scale = scale(norm, graph);
            Value newWeight = names.fresh(conv.get().input(1).name() + ".folded");
            Value newBias = names.fresh(norm.output().name() + ".bias");
            constants.put(newWeight, weight.derived(Scale.of(norm, graph), () -> scaled(weight, scale)));
            constants.put(newBias, bias(conv.get(), norm, scale, graph));
            removed.add(norm.name());
            replaced.put(
                    conv.get().name(),
                    conv.get()
                            .withInputs(List.of(conv.get().input(0), newWeight, newBias))
                            .withOutputs(List.of(norm.output())));
        }
        List<Node> nodes = new ArrayList<>();
        for (Node node : graph.nodes()) {
            if (!removed.contains(node.name())) {
                nodes.add(replaced.getOrDefault(node.name(), node));
            }
        }
        Graph folded = new Graph(graph.inputs(), graph.outputs(), nodes, constants, graph.types(), graph.opsets());
        return new Prune().apply(folded);
    }

    private static Optional<Node> foldable(
            Node norm, Graph graph, Map<Value, Node> producers, Map<Value, Integer> readers) {
        if (!norm.operator().equals("BatchNormalization") || norm.attributes().integer("training_mode", 0) != 0) {
            return Optional.empty();
        }
        Node conv = producers.get(norm.input(0));
        if (conv == null || !conv.operator().equals("Conv")) {
            return Optional.empty();
        }
        boolean constantStatistics = norm.inputs().stream().skip(1).allMatch(value -> isFloat(graph, value));
        boolean constantWeights =
                conv.inputs().stream().skip(1).filter(Value::isPresent).allMatch(value -> isFloat(graph, value));
        boolean alone =
                readers.getOrDefault(norm.input(0), 0) == 1 && !graph.outputs().contains(norm.input(0));
        return constantStatistics && constantWeights && alone ? Optional.of(conv) : Optional.empty();
    }

    private static boolean isFloat(Graph graph, Value value) {
        return graph.constant(value)
                .filter(tensor -> tensor.elementType() == ElementType.FLOAT32)
                .isPresent();
    }

    /** What the factors of a weight's output channels depend on. */
    private record Scale(Tensor gamma, Tensor variance, double epsilon) {
        static Scale of(Node norm, Graph graph) {
            return new Scale(
                    graph.constants().get(norm.input(1)),
                    graph.constants().get(norm.input(4)),
                    norm.attributes().real("epsilon", 1e-5f));
        }
    }

    private static float[] scale(Node norm, Graph graph) {
        float[] gamma = graph.constants().get(norm.input(1)).toFloats();
        float[] variance = graph.constants().get(norm.input(4)).toFloats();
        double epsilon = norm.attributes().real("epsilon", 1e-5f);
        float[] scale = new float[gamma.length];
        for (int i = 0; i < scale.length; i++) {
            scale[i] = (float) (gamma[i] / Math.sqrt(variance[i] + epsilon));
        }
        return scale;
    }

    private static Tensor scaled(Tensor weight, float[] scale) {
        ByteBuffer bytes = Tensor.allocate(ElementType.FLOAT32, weight.shape());
        FloatBuffer target = bytes.asFloatBuffer();
        FloatBuffer source = weight.floats();
        int each = source.remaining() / scale.length;
        for (int i = 0; i < target.capacity(); i++) {
            target.put(i, source.get(i) * scale[i / each]);
        }
        return Tensor.wrap(ElementType.FLOAT32, weight.shape(), bytes);
    }

    private static Tensor bias(Node conv, Node norm, float[] scale, Graph graph) {
        float[] beta = graph.constants().get(norm.input(2)).toFloats();
        float[] mean = graph.constants().get(norm.input(3)).toFloats();
        float[] old =
                conv.input(2).isPresent() ? graph.constants().get(conv.input(2)).toFloats() : new float[scale.length];
        float[] bias = new float[scale.length];
        for (int i = 0; i < bias.length; i++) {
            bias[i] = (float) (((double) old[i] - mean[i]) * scale[i] + beta[i]);
        }
        return Tensor.floats(bias, bias.length);
    }
}
