package dev.vitrine.lens.model.anatomy;

import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.operator.Operator;
import dev.vitrine.engine.operator.OperatorTable;
import dev.vitrine.engine.operator.property.Kernel;
import dev.vitrine.engine.operator.property.Space;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.model.head.HeadKind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Where maps end and the head begins, recognized in the graph: the head pools over all positions, flattens, and has
 * dense layers. A 1×1 convolution followed by no other weights, only by averaging and reshaping, is a dense layer at
 * each position and belongs to the head.
 */
final class LastMaps {
    private final Graph graph;
    private final Map<Value, Node> producers;
    private final Set<Value> dependent;
    private final Predicate<Value> isSpatial;
    private final boolean detects;
    private final Map<Value, Integer> depths = new HashMap<>();

    /** @param dependent the values computed from the picture */
    LastMaps(Body model, Set<Value> dependent, Predicate<Value> isSpatial) {
        this.graph = model.graph();
        this.producers = graph.producers();
        this.dependent = dependent;
        this.isSpatial = isSpatial;
        this.detects = model.head().kind() == HeadKind.DETECTOR;
        for (Node node : graph.nodes()) {
            int depth = node.reads().stream()
                    .mapToInt(input -> depths.getOrDefault(input, 0))
                    .max()
                    .orElse(0);
            node.outputs().forEach(output -> depths.put(output, depth + 1));
        }
    }

    /**
     * The maps that the head of some scores reads; for a detector with several scales, those that all scales depend on.
     */
    Optional<Value> maps(Value scores) {
        Set<Value> met = met(scores);
        if (detects && areOfSeveralScales(met)) {
            return ofLayer(throughTransparent(shared(met)));
        }
        return deepest(met).map(last -> before(last, scores));
    }

    /** The last maps that a layer is computed from; the layer itself if it is a stack of maps. */
    Optional<Value> mapsOf(Value layer) {
        return lastSpatial(layer)
                .map(last -> last.equals(layer)
                        ? last
                        : ofLayer(throughTransparent(last)).orElse(last));
    }

    private Optional<Value> ofLayer(Value value) {
        return Optional.of(value).filter(isSpatial).filter(dependent::contains);
    }

    /**
     * The deepest of the first maps on the paths up from a value; the value itself if it is a stack of maps. Depth is
     * the longest path from the picture.
     */
    private Optional<Value> lastSpatial(Value from) {
        return deepest(met(from));
    }

    private Optional<Value> deepest(Set<Value> maps) {
        return maps.stream().max(Comparator.comparingInt(depths::get));
    }

    /** The first maps on the paths up from a value; the value itself if it is a stack of maps. */
    private Set<Value> met(Value from) {
        Set<Value> seen = new LinkedHashSet<>(Set.of(from));
        Deque<Value> open = new ArrayDeque<>(seen);
        Set<Value> found = new LinkedHashSet<>();
        while (!open.isEmpty()) {
            Value value = open.remove();
            if (isSpatial.test(value)) {
                found.add(value);
            } else {
                producers.get(value).reads().stream()
                        .filter(input -> dependent.contains(input) && seen.add(input))
                        .forEach(open::add);
            }
        }
        return found;
    }

    /** The deepest maps that all of the given maps depend on; the deepest of the given ones if they share none. */
    private Value shared(Set<Value> several) {
        Comparator<Value> byDepth = Comparator.comparingInt(value -> depths.getOrDefault(value, 0));
        Set<Value> common = new LinkedHashSet<>(ancestors(several.iterator().next()));
        several.forEach(value -> common.retainAll(ancestors(value)));
        return common.stream()
                .filter(value -> isSpatial.test(value) && dependent.contains(value))
                .max(byDepth)
                .orElseGet(() -> several.stream().max(byDepth).orElseThrow());
    }

    /** Whether maps have several sizes, as in a multi-scale detector. */
    private boolean areOfSeveralScales(Set<Value> maps) {
        return maps.stream().map(this::places).distinct().count() > 1;
    }

    private long places(Value maps) {
        return Arrays.stream(graph.types().get(maps).shape()).skip(2).reduce(1, (one, other) -> one * other);
    }

    /** Whether a value is, or is computed from, another. */
    boolean reaches(Value from, Value to) {
        return ancestors(to).contains(from);
    }

    private Value before(Value last, Value scores) {
        Value maps = throughTransparent(last);
        List<Node> behind = between(maps, scores);
        if (behind.stream().noneMatch(node -> weighs(node))) {
            boolean pooled = behind.stream().anyMatch(node -> pools(node));
            maps = scored(maps, pooled).map(this::throughTransparent).orElse(maps);
        }
        return ofLayer(maps).orElse(last);
    }

    private Value throughTransparent(Value value) {
        Value current = value;
        while (producers.containsKey(current) && isTransparent(producers.get(current))) {
            current = producers.get(current).input(0);
        }
        return current;
    }

    private static boolean isTransparent(Node node) {
        // As PyTorch exports adaptive pooling to the current size.
        Operator row = OperatorTable.row(node);
        boolean window = row.kernel() == Kernel.ATTRIBUTE;
        boolean ofSinglePlaces = window && isSingle(node.attributes().integers("kernel_shape"));
        // Grad-CAM was designed for the maps before the last max pooling.
        return ofSinglePlaces
                || row.effect().passesNumbers()
                || row.space() == Space.PADDING
                || window && row.isMaxPooling();
    }

    /** Whether weights mix channels or positions. */
    private static boolean weighs(Node node) {
        Operator.Kind kind = OperatorTable.row(node).kind();
        return kind == Operator.Kind.LINEAR || kind == Operator.Kind.RECURRENT;
    }

    /** Whether the positions of a node's input differ from those of the scores. */
    private static boolean pools(Node node) {
        Operator row = OperatorTable.row(node);
        boolean keepsPlaces = row.kernel() == Kernel.ATTRIBUTE && row.isMaxPooling();
        return row.kind() == Operator.Kind.POOLING && !keepsPlaces || row.space() == Space.REDUCTION;
    }

    private static boolean isSingle(long[] kernel) {
        return kernel.length > 0 && Arrays.stream(kernel).allMatch(side -> side == 1);
    }

    /** The nodes on the paths from some maps to the scores. */
    List<Node> between(Value maps, Value scores) {
        Set<Value> behind = new HashSet<>(Set.of(maps));
        graph.nodes().stream()
                .filter(node -> node.reads().stream().anyMatch(behind::contains))
                .forEach(node -> behind.addAll(node.outputs()));
        Set<Value> before = ancestors(scores);
        return graph.nodes().stream()
                .filter(node -> node.outputs().stream().anyMatch(before::contains))
                .filter(node -> node.reads().stream().anyMatch(behind::contains))
                .toList();
    }

    /** A value and all values that it depends on. */
    Set<Value> ancestors(Value value) {
        Set<Value> seen = new LinkedHashSet<>(Set.of(value));
        Deque<Value> open = new ArrayDeque<>(seen);
        while (!open.isEmpty()) {
            Node node = producers.get(open.remove());
            if (node != null) {
                node.reads().stream().filter(seen::add).forEach(open::add);
            }
        }
        return seen;
    }

    /**
     * The input of the position-wise dense layer that computes some maps, if any. There may be several in parallel if
     * the scores are maps themselves.
     */
    private Optional<Value> scored(Value maps, boolean pooled) {
        List<Node> convolutions = new ArrayList<>();
        Set<Value> seen = new HashSet<>(Set.of(maps));
        Deque<Value> open = new ArrayDeque<>(seen);
        while (!open.isEmpty()) {
            Node node = producers.get(open.remove());
            if (node == null) {
                return Optional.empty();
            }
            List<Value> sources =
                    node.reads().stream().filter(dependent::contains).toList();
            if (weighs(node)) {
                convolutions.add(node);
            } else if (sources.size() == 1 || !pooled && OperatorTable.row(node).space() == Space.JOIN) {
                sources.stream().filter(seen::add).forEach(open::add);
            } else {
                return Optional.empty();
            }
        }
        if (!convolutions.stream().allMatch(this::isDenseAtEachPlace)) {
            return Optional.empty();
        }
        Set<Value> common = new LinkedHashSet<>(ancestors(convolutions.get(0).input(0)));
        convolutions.forEach(convolution -> common.retainAll(ancestors(convolution.input(0))));
        return common.stream().filter(isSpatial).max(Comparator.comparingInt(value -> depths.getOrDefault(value, 0)));
    }

    private boolean isDenseAtEachPlace(Node node) {
        Operator row = OperatorTable.row(node);
        if (!row.isConvolution() || row.space() != Space.WINDOW) {
            return false;
        }
        long[] kernel = graph.constant(node.input(row.kernel().input()))
                .map(Tensor::shape)
                .map(shape -> Arrays.copyOfRange(shape, 2, shape.length))
                .orElseGet(() -> node.attributes().integers("kernel_shape"));
        return isSingle(kernel) && node.attributes().integer("group", 1) == 1;
    }
}
