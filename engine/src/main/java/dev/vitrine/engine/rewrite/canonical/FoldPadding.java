package dev.vitrine.engine.rewrite.canonical;

import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphTransform;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.rewrite.Pattern;
import dev.vitrine.engine.rewrite.Wiring;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Folds a Pad with zeros into the padding of the convolution that alone reads it. Fires where the convolution has
 * explicit pads.
 */
public final class FoldPadding implements GraphTransform {
    private static final Pattern PAD = Pattern.of("Pad")
            .where((node, wiring) -> border(wiring, node).isPresent())
            .inner();
    private static final Pattern CONV = Pattern.of("Conv")
            .where(node -> List.of("NOTSET", "VALID").contains(node.attributes().text("auto_pad", "NOTSET")))
            .reading(0, PAD);

    @Override
    public Graph apply(Graph graph) {
        return CONV.rewrite(graph, (match, patch) -> {
            Node conv = match.node(CONV);
            Node pad = match.node(PAD);
            patch.replace(conv)
                    .add(padded(conv, pad, border(match.wiring(), pad).orElseThrow()));
        });
    }

    /** The spatial pads, all beginnings before all ends. */
    private static Optional<long[]> border(Wiring wiring, Node pad) {
        boolean zeros = pad.attributes().text("mode", "constant").equals("constant")
                && !pad.input(3).isPresent()
                && (!pad.input(2).isPresent()
                        || wiring.constant(pad.input(2))
                                .filter(tensor -> tensor.elementType() == ElementType.FLOAT32)
                                .filter(tensor -> tensor.floats().get(0) == 0)
                                .isPresent());
        if (!zeros) {
            return Optional.empty();
        }
        return wiring.constant(pad.input(1)).map(Tensor::toLongs).flatMap(pads -> {
            int rank = pads.length / 2;
            boolean placesOnly = rank > 2
                    && pads[0] == 0
                    && pads[1] == 0
                    && pads[rank] == 0
                    && pads[rank + 1] == 0
                    && Arrays.stream(pads).allMatch(size -> size >= 0);
            long[] places = new long[2 * Math.max(0, rank - 2)];
            for (int i = 0; i < places.length / 2; i++) {
                places[i] = pads[i + 2];
                places[i + places.length / 2] = pads[i + 2 + rank];
            }
            return placesOnly ? Optional.of(places) : Optional.empty();
        });
    }

    private static Node padded(Node conv, Node pad, long[] border) {
        long[] own = conv.attributes().integers("pads", new long[border.length]);
        long[] sum = new long[border.length];
        Arrays.setAll(sum, i -> own[i] + border[i]);
        Attributes attributes = conv.attributes().without("auto_pad").with("pads", sum);
        return conv.withInput(0, pad.input(0)).withAttributes(attributes);
    }
}
