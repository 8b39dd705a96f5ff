package dev.vitrine.engine.rewrite.lowering;

import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphTransform;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.rewrite.Patch;
import dev.vitrine.engine.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/**
 * LRN with β = 0.75 written out: y = x / D^0.75, D = κ + α/n Σ x², where the sum over channels is a convolution by a
 * banded matrix and the power is two square roots. The runtime's own operator takes a power for each element and six
 * times as long.
 */
public final class ComposeLocalResponse implements GraphTransform {
    /** Channels up to which a matrix of all pairs is small. */
    private static final long MANY_CHANNELS = 512;

    @Override
    public Graph apply(Graph graph) {
        Patch patch = new Patch(graph);
        for (Node node : graph.nodes()) {
            channels(node, graph).ifPresent(channels -> compose(node, channels, patch.replace(node)));
        }
        return patch.apply();
    }

    private static Optional<Integer> channels(Node node, Graph graph) {
        if (!node.operator().equals("LRN") || node.attributes().real("beta", 0.75f) != 0.75f) {
            return Optional.empty();
        }
        return graph.type(node.input(0))
                .filter(type -> type.rank() == 4)
                .map((TensorType type) -> type.dimension(1).size())
                .filter(channels -> channels > 0 && channels <= MANY_CHANNELS)
                .map(Long::intValue);
    }

    private static void compose(Node node, int channels, Patch patch) {
        int size = (int) node.attributes().integer("size", 1);
        float alpha = node.attributes().real("alpha", 1e-4f);
        float[] band = new float[channels * channels];
        float[] biases = new float[channels];
        for (int to = 0; to < channels; to++) {
            biases[to] = node.attributes().real("bias", 1f);
            int first = to - (size - 1) / 2;
            for (int from = Math.max(0, first); from < Math.min(channels, first + size); from++) {
                band[to * channels + from] = alpha / size;
            }
        }
        Value weight = patch.constant(node.name() + ".band", Tensor.floats(band, channels, channels, 1, 1));
        Value bias = patch.constant(node.name() + ".bias", Tensor.floats(biases, channels));
        Value x = node.input(0);
        Value squares = patch.builder().node("Mul", x, x);
        Value denominator = patch.builder().node("Conv", squares, weight, bias);
        Value root = patch.builder().node("Sqrt", denominator);
        Value fourthRoot = patch.builder().node("Sqrt", root);
        Value power = patch.builder().node("Mul", root, fourthRoot);
        patch.add(new Node(node.name(), "", "Div", List.of(x, power), node.outputs(), Attributes.NONE));
    }
}
