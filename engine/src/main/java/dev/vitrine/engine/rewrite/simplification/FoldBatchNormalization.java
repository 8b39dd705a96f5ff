package dev.vitrine.engine.rewrite.simplification;

import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphTransform;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.rewrite.Pattern;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.List;

/**
 * γ (w∗x + b − μ)/√(σ²+ε) + β = w'∗x + b' with w' = w·s, b' = (b − μ)·s + β, s = γ/√(σ²+ε).
 *
 * <p>Fires where a BatchNormalization with constant statistics is the only reader of a Conv with constant weights, and
 * the value between is no output.
 */
public final class FoldBatchNormalization implements GraphTransform {
    private static final Pattern CONV = Pattern.of("Conv")
            .weight(1)
            .where((node, around) ->
                    !node.input(2).isPresent() || around.weight(node.input(2)).isPresent())
            .inner();
    private static final Pattern NORM = Pattern.of("BatchNormalization")
            .where(node -> node.attributes().integer("training_mode", 0) == 0)
            .weight(1)
            .weight(2)
            .weight(3)
            .weight(4)
            .reading(0, CONV);

    @Override
    public Graph apply(Graph graph) {
        return NORM.rewrite(graph, (match, patch) -> {
            Node norm = match.node(NORM);
            Node conv = match.node(CONV);
            Tensor weight = graph.constants().get(conv.input(1));
            float[] scale = scale(norm, graph);
            Tensor scaled = weight.derived(Scale.of(norm, graph), () -> scaled(weight, scale));
            patch.replace(conv).take(norm);
            Value newWeight = patch.constant(conv.input(1).name() + ".folded", scaled);
            Value newBias = patch.constant(norm.output().name() + ".bias", bias(conv, norm, scale, graph));
            patch.add(
                    conv.withInputs(List.of(conv.input(0), newWeight, newBias)).withOutputs(List.of(norm.output())));
        });
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
