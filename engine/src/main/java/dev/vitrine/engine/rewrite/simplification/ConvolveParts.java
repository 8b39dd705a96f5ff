package dev.vitrine.engine.rewrite.simplification;

import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphTransform;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.rewrite.Pattern;
import dev.vitrine.engine.rewrite.Wiring;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.List;

/**
 * w ∗ Concat(a, b) = wₐ ∗ a + w_b ∗ b with w cut along its input channels: the same work without copying the parts
 * together, and backwards without taking them apart.
 *
 * <p>Fires for ungrouped convolutions with constant weights over at most four parts along the channels, where the
 * convolution is the only reader of the concatenation, which is no output. Needs the types of all values.
 */
public final class ConvolveParts implements GraphTransform {
    private static final int MOST_PARTS = 4;

    private static final Pattern CONCAT =
            Pattern.of("Concat").where(ConvolveParts::joinsFewKnownParts).inner();
    private static final Pattern CONV = Pattern.of("Conv")
            .where(node -> node.attributes().integer("group", 1) == 1)
            .weight(1)
            .reading(0, CONCAT);

    @Override
    public Graph apply(Graph graph) {
        return CONV.rewrite(graph, (match, patch) -> {
            Node conv = match.node(CONV);
            List<Value> parts = match.node(CONCAT).inputs();
            Tensor weight = patch.constantOf(conv.input(1)).orElseThrow();
            patch.replace(conv);
            long from = 0;
            Value sum = Value.NONE;
            for (int i = 0; i < parts.size(); i++) {
                long to = from
                        + patch.type(parts.get(i)).orElseThrow().dimension(1).size();
                Value own = patch.constant(conv.input(1).name() + ".part", inputChannels(weight, from, to));
                Value bias = i == 0 ? conv.input(2) : Value.NONE;
                from = to;
                Value term =
                        patch.node(conv.output().name() + ".part", "Conv", conv.attributes(), parts.get(i), own, bias);
                if (i == 0) {
                    sum = term;
                } else if (i < parts.size() - 1) {
                    sum = patch.node(conv.output().name() + ".sum", "Add", Attributes.NONE, term, sum);
                } else {
                    patch.add(new Node(conv.name(), "", "Add", List.of(term, sum), conv.outputs(), Attributes.NONE));
                }
            }
        });
    }

    private static boolean joinsFewKnownParts(Node concat, Wiring wiring) {
        return concat.attributes().integer("axis", 0) == 1
                && concat.inputs().size() > 1
                && concat.inputs().size() <= MOST_PARTS
                && concat.inputs().stream()
                        .allMatch(part -> wiring.type(part)
                                .filter(type -> type.dimension(1).isFixed())
                                .isPresent());
    }

    private record InputChannels(long from, long to) {}

    private static Tensor inputChannels(Tensor weight, long from, long to) {
        return weight.derived(new InputChannels(from, to), () -> copied(weight, from, to));
    }

    private static Tensor copied(Tensor weight, long from, long to) {
        long[] shape = weight.shape();
        long taps = weight.elements() / (shape[0] * shape[1]);
        int row = Math.toIntExact((to - from) * taps);
        FloatBuffer source = weight.floats();
        long all = shape[1] * taps;
        shape[1] = to - from;
        ByteBuffer bytes = Tensor.allocate(ElementType.FLOAT32, shape);
        FloatBuffer target = bytes.asFloatBuffer();
        for (int output = 0; output < shape[0]; output++) {
            target.put(output * row, source, Math.toIntExact(output * all + from * taps), row);
        }
        return Tensor.wrap(ElementType.FLOAT32, shape, bytes);
    }
}
