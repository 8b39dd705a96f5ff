package dev.vitrine.engine.rewrite.canonical;

import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphTransform;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.rewrite.Prune;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Folds a Pad with zeros into the padding of the convolution that alone reads it. Fires where the convolution has
 * explicit pads.
 */
public final class FoldPadding implements GraphTransform {
    @Override
    public Graph apply(Graph graph) {
        Map<Value, Node> producers = graph.producers();
        Map<Value, Integer> readers = graph.readers();
        List<Node> nodes = new ArrayList<>();
        for (Node node : graph.nodes()) {
            Optional<Node> pad = Optional.ofNullable(producers.get(node.input(0)))
                    .filter(found -> found.operator().equals("Pad"))
                    .filter(found -> readers.getOrDefault(found.output(), 0) == 1
                            && !graph.outputs().contains(found.output()));
            Optional<long[]> border =
                    node.operator().equals("Conv") ? pad.flatMap(found -> border(graph, found)) : Optional.empty();
            boolean numbered =
                    List.of("NOTSET", "VALID").contains(node.attributes().text("auto_pad", "NOTSET"));
            nodes.add(border.isPresent() && numbered ? padded(node, pad.get(), border.get()) : node);
        }
        return nodes.equals(graph.nodes())
                ? graph
                : new Prune()
                        .apply(new Graph(
                                graph.inputs(),
                                graph.outputs(),
                                nodes,
                                graph.constants(),
                                graph.types(),
                                graph.opsets()));
    }

    /** The spatial pads, all beginnings before all ends. */
    private static Optional<long[]> border(Graph graph, Node pad) {
        boolean zeros = pad.attributes().text("mode", "constant").equals("constant")
                && !pad.input(3).isPresent()
                && (!pad.input(2).isPresent()
                        || graph.constant(pad.input(2))
                                .filter(tensor -> tensor.elementType() == ElementType.FLOAT32)
                                .filter(tensor -> tensor.floats().get(0) == 0)
                                .isPresent());
        if (!zeros) {
            return Optional.empty();
        }
        return graph.constant(pad.input(1)).map(Tensor::toLongs).flatMap(pads -> {
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
        List<Value> inputs = new ArrayList<>(conv.inputs());
        inputs.set(0, pad.input(0));
        Attributes attributes = conv.attributes().without("auto_pad").with("pads", sum);
        return conv.withInputs(inputs).withAttributes(attributes);
    }
}
