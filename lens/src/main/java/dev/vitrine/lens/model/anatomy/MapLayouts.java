package dev.vitrine.lens.model.anatomy;

import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.operator.OperatorTable;
import dev.vitrine.engine.operator.property.Space;
import dev.vitrine.lens.model.preprocessing.Layout;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Which values are maps, and the axes of their height and width: rank 4 alone is not sufficient, since channels may
 * come last, and attention has heads and tokens.
 */
final class MapLayouts {
    private final Graph graph;
    private final Map<Value, Layout> layouts = new HashMap<>();

    MapLayouts(Body model) {
        graph = model.graph();
        layouts.put(model.input(), model.layout());
        for (Node node : graph.nodes()) {
            for (Value output : node.outputs()) {
                layout(node, output).ifPresent(layout -> layouts.put(output, layout));
            }
            readAsMaps(node).ifPresent(value -> layouts.putIfAbsent(value, Layout.NCHW));
        }
    }

    /** The inputs that a node's operator defines as maps. */
    private Optional<Value> readAsMaps(Node node) {
        return Optional.of(node.input(0))
                .filter(value -> OperatorTable.row(node).space().isChannelsFirst())
                .filter(value ->
                        graph.type(value).filter(type -> type.rank() > 2).isPresent());
    }

    Optional<Layout> of(Value value) {
        return Optional.ofNullable(layouts.get(value));
    }

    boolean isChannelsFirst(Value value) {
        return layouts.get(value) == Layout.NCHW;
    }

    private Optional<Layout> layout(Node node, Value output) {
        Optional<TensorType> type = graph.type(output);
        Optional<Value> source =
                node.inputs().stream().filter(layouts::containsKey).findFirst();
        if (type.isEmpty()) {
            return Optional.empty();
        }
        if (OperatorTable.row(node).space().isChannelsFirst()) {
            return Optional.of(Layout.NCHW).filter(layout -> type.get().rank() > 2);
        }
        Optional<TensorType> before = source.flatMap(graph::type);
        if (before.isEmpty()) {
            return Optional.empty();
        }
        Layout layout = layouts.get(source.get());
        Space space = OperatorTable.row(node).space();
        if (space == Space.TURN) {
            return transposed(layout, node, type.get().rank());
        }
        boolean sameRank = type.get().rank() == before.get().rank();
        if (space.keepsOrder()) {
            boolean kept = layout == Layout.NCHW
                    && type.get().rank() > 2
                    && before.get().rank() > 2
                    && type.get().dimension(-1).matches(before.get().dimension(-1))
                    && type.get().dimension(-2).matches(before.get().dimension(-2));
            return Optional.of(layout).filter(same -> kept);
        }
        // Concatenated parts of maps, as in Swin's shifted windows, change positions.
        boolean moved = space == Space.JOIN
                && layout == Layout.NHWC
                && List.of(1L, 2L, -2L, -3L).contains(node.attributes().integer("axis", 0));
        boolean mixed = (space == Space.PRODUCT || space == Space.PICKING_ALONG_AXIS) && layout == Layout.NCHW;
        return Optional.of(layout).filter(same -> sameRank && !mixed && !moved);
    }

    /** Maps the axes of height and width. */
    private static Optional<Layout> transposed(Layout layout, Node node, int rank) {
        List<Long> permutation =
                Arrays.stream(node.attributes().integers("perm")).boxed().toList();
        if (rank != 4) {
            boolean kept = layout == Layout.NCHW
                    && IntStream.range(2, permutation.size()).allMatch(axis -> permutation.get(axis) == axis);
            return Optional.of(Layout.NCHW).filter(same -> kept);
        }
        int heightAxis = layout == Layout.NCHW ? rank - 2 : 1;
        int height = permutation.indexOf((long) heightAxis);
        int width = permutation.indexOf((long) heightAxis + 1);
        if (height == rank - 2 && width == rank - 1) {
            return Optional.of(Layout.NCHW);
        }
        return Optional.of(Layout.NHWC).filter(last -> rank == 4 && height == 1 && width == 2);
    }
}
