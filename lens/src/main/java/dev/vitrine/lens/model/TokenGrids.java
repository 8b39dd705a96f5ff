package dev.vitrine.lens.model;

import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
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
 * Which values are tokens {@code f32[N,T,C]} that stand for the places of maps, row by row, behind some that stand for none,
 * such as a class token. Told from the maps that were flattened into them, through all that leaves each token at its
 * position.
 */
final class TokenGrids {
    /**
     * Places that tokens stand for.
     *
     * @param before tokens that stand for no place; less than 0 where that is not known yet
     */
    record Grid(int height, int width, int before) {
        int places() {
            return height * width;
        }
    }

    private static final int UNKNOWN = -1;

    private static final Set<String> SHAPING = Set.of("Reshape", "Flatten");

    /** Operators that put tokens, or parts of them, elsewhere. */
    private static final Set<String> MOVING = Set.of(
            "Reshape",
            "Flatten",
            "Squeeze",
            "Unsqueeze",
            "Transpose",
            "Gather",
            "GatherElements",
            "GatherND",
            "ScatterND",
            "ScatterElements",
            "Slice",
            "Split",
            "Concat",
            "Pad",
            "Tile",
            "Expand",
            "Einsum",
            "Conv",
            "CumSum",
            "TopK",
            "GRU",
            "LSTM",
            "RNN");

    private static final Set<String> SELECTING = Set.of("Gather", "Slice", "Split");
    private static final Set<String> SIZES = Set.of("Shape", "Size");

    private final Graph graph;
    private final Set<Value> dependent;
    private final MapLayouts layouts;
    private final Map<Value, Grid> flat = new HashMap<>();
    private final Map<Value, Grid> tokens = new LinkedHashMap<>();

    /**
     * @param dependent the values that are computed from the picture
     */
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

    /** The grid of a value whose tokens are all known. */
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
        if (SHAPING.contains(node.operator())) {
            flattened(input, type.get(), output);
        } else if (node.operator().equals("Transpose") && flat.containsKey(input)) {
            if (Arrays.equals(node.attributes().integers("perm"), new long[] {0, 2, 1})) {
                tokens.put(output, flat.get(input));
            }
        } else if (node.operator().equals("Concat")) {
            joined(node, type.get());
        } else if (!MOVING.contains(node.operator()) && !mixes(node)) {
            node.inputs().stream()
                    .filter(tokens::containsKey)
                    .map(source -> settled(tokens.get(source), type.get()))
                    .flatMap(Optional::stream)
                    .findFirst()
                    .ifPresent(grid -> tokens.put(output, grid));
        }
    }

    /** From maps: channels by places where channels come first, places by channels where they come last. */
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

    /** Tokens behind others, which have no place. */
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

    /** The grid of a value with as many tokens; none where there are others. */
    private static Optional<Grid> settled(Grid grid, TensorType type) {
        if (!type.dimension(1).isFixed()) {
            return Optional.of(grid);
        }
        int before = (int) type.dimension(1).size() - grid.places();
        return grid.before() == before || grid.before() == UNKNOWN && before >= 0
                ? Optional.of(new Grid(grid.height(), grid.width(), before))
                : Optional.empty();
    }

    /** Whether a node makes a token of several: products of two values, and what is taken along the axis of tokens. */
    private boolean mixes(Node node) {
        if (node.operator().equals("MatMul")) {
            return !tokens.containsKey(node.input(0)) || dependent.contains(node.input(1));
        }
        if (node.operator().startsWith("Reduce")) {
            long[] axes = node.attributes().has("axes")
                    ? node.attributes().integers("axes")
                    : graph.constant(node.input(1))
                            .map(constant -> constant.toLongs())
                            .orElse(new long[0]);
            return axes.length != 1 || axes[0] != -1 && axes[0] != 2;
        }
        if (node.operator().equals("Softmax") || node.operator().equals("LogSoftmax")) {
            long axis = node.attributes().integer("axis", -1);
            return axis != -1 && axis != 2;
        }
        if (node.operator().equals("LayerNormalization")) {
            long axis = node.attributes().integer("axis", -1);
            return axis != -1 && axis != 2;
        }
        return false;
    }

    /**
     * The last sum of two ways in which the tokens of places still matter to the scores: behind it something mixes tokens,
     * as attention or an average does. Where the first block is the only one, what it reads.
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
                            || !tokens.containsKey(reader.output())
                                    && !SELECTING.contains(reader.operator())
                                    && !SIZES.contains(reader.operator()));
            if (matters) {
                mattering.add(value);
            }
        }
        List<Node> sums = graph.nodes().stream()
                .filter(node ->
                        node.operator().equals("Add") && node.inputs().stream().allMatch(dependent::contains))
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
