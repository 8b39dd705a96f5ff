package dev.vitrine.lens.model.anatomy;

import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.operator.Operator;
import dev.vitrine.engine.operator.OperatorTable;
import dev.vitrine.engine.operator.property.Sizes;
import dev.vitrine.engine.operator.property.Space;
import dev.vitrine.lens.model.preprocessing.Layout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which values are spatial tokens {@code f32[N,T,C]}, one per position of maps, row by row, after some without a
 * position, such as a class token. Traced from the maps flattened into them, through all operators that keep each token
 * at its index.
 */
final class TokenGrids {
    /**
     * The positions of tokens.
     *
     * @param before number of leading tokens without a position; less than 0 where that is not known yet
     */
    record Grid(int height, int width, int before) {
        int places() {
            return height * width;
        }
    }

    private static final int UNKNOWN = -1;

    /** For tokens {@code [N,T,C]}. */
    private static final int RANK = 3;

    private static final int CHANNELS = 2;

    private final Graph graph;
    private final Set<Value> dependent;
    private final MapLayouts layouts;
    private final Map<Value, Grid> flat = new HashMap<>();
    private final Map<Value, Grid> tokens = new LinkedHashMap<>();

    /** @param dependent the values computed from the picture */
    TokenGrids(Graph graph, Set<Value> dependent, MapLayouts layouts) {
        this.graph = graph;
        this.dependent = dependent;
        this.layouts = layouts;
        for (Node node : graph.nodes()) {
            if (node.outputs().size() == 1 && dependent.contains(node.output())) {
                follow(node);
            }
        }
    }

    /** The grid of a value with known tokens. */
    Optional<Grid> of(Value value) {
        return Optional.ofNullable(tokens.get(value)).filter(grid -> grid.before() >= 0);
    }

    private void follow(Node node) {
        Value output = node.output();
        Value input = node.input(0);
        Optional<TensorType> type = graph.type(output).filter(found -> found.rank() == 3);
        if (type.isEmpty()) {
            return;
        }
        switch (OperatorTable.row(node).space()) {
            case RESHAPE, FLATTEN -> flattened(input, type.get(), output);
            case TURN -> {
                if (flat.containsKey(input)
                        && Arrays.equals(node.attributes().integers("perm"), new long[] {0, 2, 1})) {
                    tokens.put(output, flat.get(input));
                }
            }
            case JOIN -> joined(node, type.get());
            default -> {
                if (leavesTokens(node)) {
                    node.inputs().stream()
                            .filter(tokens::containsKey)
                            .map(source -> settled(tokens.get(source), type.get()))
                            .flatMap(Optional::stream)
                            .findFirst()
                            .ifPresent(grid -> tokens.put(output, grid));
                }
            }
        }
    }

    /** From maps: channels × positions if channels come first, positions × channels if last. */
    private void flattened(Value maps, TensorType type, Value output) {
        Optional<TensorType> before = graph.type(maps).filter(found -> found.rank() == 4);
        Optional<Layout> layout = layouts.of(maps);
        if (before.isEmpty() || layout.isEmpty()) {
            return;
        }
        int row = layout.get().heightAxis();
        int column = layout.get().widthAxis();
        int channel = layout.get().channelAxis();
        if (!before.get().dimension(row).isFixed()
                || !before.get().dimension(column).isFixed()) {
            return;
        }
        Grid grid = new Grid(
                (int) before.get().dimension(row).size(),
                (int) before.get().dimension(column).size(),
                0);
        boolean first = layout.get() == Layout.NCHW;
        boolean kept = type.dimension(first ? 1 : 2).matches(before.get().dimension(channel))
                && type.dimension(first ? 2 : 1).size() == grid.places();
        if (kept && grid.places() > 1) {
            (first ? flat : tokens).put(output, grid);
        }
    }

    /** Tokens after others without a position. */
    private void joined(Node node, TensorType type) {
        Value last = node.input(node.inputs().size() - 1);
        Grid grid = tokens.get(last);
        boolean others = node.inputs().stream().limit(node.inputs().size() - 1L).noneMatch(tokens::containsKey);
        long axis = node.attributes().integer("axis", 0);
        if (grid != null && others && (axis == 1 || axis == -2)) {
            Grid behind = new Grid(grid.height(), grid.width(), UNKNOWN);
            tokens.put(node.output(), settled(behind, type).orElse(behind));
        }
    }

    /** The grid of a value with the same number of tokens; empty otherwise. */
    private static Optional<Grid> settled(Grid grid, TensorType type) {
        if (!type.dimension(1).isFixed()) {
            return Optional.of(grid);
        }
        int before = (int) type.dimension(1).size() - grid.places();
        return grid.before() == before || grid.before() == UNKNOWN && before >= 0
                ? Optional.of(new Grid(grid.height(), grid.width(), before))
                : Optional.empty();
    }

    /** Whether a node acts on each token separately and keeps its index. */
    private boolean leavesTokens(Node node) {
        Operator row = OperatorTable.row(node);
        return switch (row.space()) {
            case POINTWISE, PER_CHANNEL -> true;
            case PRODUCT ->
                !node.attributes().has("equation")
                        && tokens.containsKey(node.input(0))
                        && !dependent.contains(node.input(1));
            case REDUCTION -> {
                long[] axes = node.attributes().has("axes")
                        ? node.attributes().integers("axes")
                        : graph.constant(node.input(1))
                                .map(constant -> constant.toLongs())
                                .orElse(new long[0]);
                yield axes.length == 1 && (axes[0] == -1 || axes[0] == CHANNELS);
            }
            case ALONG_AXIS -> row.sizes() == Sizes.SAME && row.axis().isPresent() && row.axis(node, RANK) == CHANNELS;
            case FROM_AXIS -> row.axis(node, RANK) == CHANNELS;
            default -> false;
        };
    }

    /** Whether a node selects tokens or reads their number. */
    private static boolean selects(Node node) {
        Operator row = OperatorTable.row(node);
        return row.isSizeOnly()
                || row.space() == Space.PICKING_ALONG_AXIS
                || row.space() == Space.SLICE
                || row.space() == Space.PART;
    }

    /**
     * The last residual sum whose spatial tokens still affect the scores: tokens are mixed after it, by attention or
     * averaging. If there is only one block, its input.
     */
    Optional<Value> last(Set<Value> beforeScores) {
        Map<Value, List<Node>> readers = new HashMap<>();
        graph.nodes()
                .forEach(node -> node.inputs()
                        .forEach(input -> readers.computeIfAbsent(input, key -> new ArrayList<>())
                                .add(node)));
        Set<Value> mattering = new HashSet<>();
        List<Value> order = new ArrayList<>(tokens.keySet());
        Collections.reverse(order);
        for (Value value : order) {
            boolean matters = readers.getOrDefault(value, List.of()).stream()
                    .filter(reader -> beforeScores.contains(reader.output()))
                    .anyMatch(reader -> mattering.contains(reader.output())
                            || !tokens.containsKey(reader.output()) && !selects(reader));
            if (matters) {
                mattering.add(value);
            }
        }
        List<Node> sums = graph.nodes().stream()
                .filter(node -> OperatorTable.row(node).isAddition()
                        && node.inputs().stream().allMatch(dependent::contains))
                .filter(node -> tokens.containsKey(node.output()))
                .toList();
        Optional<Value> last = sums.stream()
                .map(Node::output)
                .filter(value -> mattering.contains(value) && of(value).isPresent())
                .reduce((one, next) -> next);
        return last.or(() -> sums.stream()
                .flatMap(sum -> sum.inputs().stream())
                .filter(value -> mattering.contains(value) && of(value).isPresent())
                .findFirst());
    }
}
