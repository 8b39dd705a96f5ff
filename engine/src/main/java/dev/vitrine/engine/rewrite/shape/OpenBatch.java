package dev.vitrine.engine.rewrite.shape;

import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Dimension;
import dev.vitrine.engine.graph.Extent;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.operator.OperatorTable;
import dev.vitrine.engine.operator.property.Space;
import dev.vitrine.engine.rewrite.Prune;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One graph for every batch size, from the same graph settled for a few: what is equal in all is a constant, an integer
 * that is linear in the batch becomes factor · batch + constant, and all else is computed as before.
 */
final class OpenBatch {
    private static final int LARGEST_VECTOR = 1024;

    private final Value input;
    private final Dimension batch;
    private final List<Long> sizes;
    private final List<ShapeFixing.Settled> samples;
    private final Graph plain;
    private final GraphBuilder builder;
    private final Map<Value, Tensor> constants = new LinkedHashMap<>();
    private final Map<Value, Even> growing = new HashMap<>();
    private final Map<Value, Value> written = new HashMap<>();
    private final Map<Extent, Value> entries = new HashMap<>();
    private final Map<Value, TensorType> types = new LinkedHashMap<>();

    /** Integers, each linear in the batch. */
    private record Even(ElementType elementType, int rank, List<Extent> entries) {
        long open() {
            return entries.stream().filter(entry -> !entry.isFixed()).count();
        }
    }

    OpenBatch(Value input, Dimension batch, Map<Long, ShapeFixing.Settled> samples) {
        this.input = input;
        this.batch = batch;
        this.sizes = List.copyOf(samples.keySet());
        this.samples = List.copyOf(samples.values());
        this.plain = this.samples.get(0).plain();
        this.builder = new GraphBuilder(plain).scope("batch");
    }

    /**
     * The graph for every batch; empty if batches lead to different nodes, or to sizes that are not linear in the
     * batch.
     */
    Optional<Graph> graph() {
        boolean alike =
                samples.stream().allMatch(sample -> sample.plain().nodes().equals(plain.nodes()));
        if (!alike || !readTypes()) {
            return Optional.empty();
        }
        Set<Value> whole = new HashSet<>(plain.outputs());
        plain.nodes().forEach(node -> {
            Set<Value> within = new HashSet<>(node.reads());
            node.inputs().forEach(within::remove);
            whole.addAll(within);
        });
        List<Node> kept = new ArrayList<>();
        for (Node node : plain.nodes()) {
            if (node.outputs().stream().anyMatch(whole::contains) || !isKnown(node)) {
                kept.add(node.withInputs(inputs(node)));
            }
        }
        Graph built = builder.build();
        List<Node> nodes = new ArrayList<>(
                built.nodes().subList(plain.nodes().size(), built.nodes().size()));
        nodes.addAll(kept);
        Map<Value, Tensor> allConstants = new LinkedHashMap<>(built.constants());
        allConstants.putAll(constants);
        Map<Value, TensorType> allTypes = new LinkedHashMap<>(built.types());
        allTypes.putAll(types);
        allConstants.forEach((value, tensor) -> allTypes.put(value, TensorType.of(tensor)));
        return Optional.of(new Prune()
                .apply(new Graph(plain.inputs(), plain.outputs(), nodes, allConstants, allTypes, plain.opsets())));
    }

    private boolean readTypes() {
        types.put(input, samples.get(0).types().get(input).withDimension(0, batch));
        for (Node node : plain.nodes()) {
            for (Value output : node.outputs()) {
                if (!output.isPresent() || !samples.get(0).types().containsKey(output)) {
                    continue;
                }
                List<TensorType> each = new ArrayList<>();
                samples.forEach(sample -> each.add(sample.types().get(output)));
                TensorType first = each.get(0);
                if (each.stream().anyMatch(type -> type == null || !type.isStatic() || type.rank() != first.rank())) {
                    continue;
                }
                List<Dimension> dimensions = new ArrayList<>();
                for (int axis = 0; axis < first.rank(); axis++) {
                    int at = axis;
                    Optional<Extent> extent = extent(
                            each.stream().map(type -> type.dimension(at).size()).toList());
                    if (extent.isEmpty() || extent.get().factor() < 0) {
                        return false;
                    }
                    dimensions.add(extent.get().dimension(batch));
                }
                types.put(output, new TensorType(first.elementType(), dimensions));
            }
        }
        return true;
    }

    /** factor and constant that hold for every batch that was tried. */
    private Optional<Extent> extent(List<Long> found) {
        long step = sizes.get(1) - sizes.get(0);
        long rise = found.get(1) - found.get(0);
        if (rise % step != 0) {
            return Optional.empty();
        }
        Extent extent = new Extent(rise / step, found.get(0) - rise / step * sizes.get(0));
        for (int i = 0; i < sizes.size(); i++) {
            if (extent.at(sizes.get(i)) != found.get(i)) {
                return Optional.empty();
            }
        }
        return Optional.of(extent);
    }

    /** Notes a node's outputs if each is constant or linear in the batch; returns whether they are. */
    private boolean isKnown(Node node) {
        Map<Value, Tensor> same = new HashMap<>();
        Map<Value, Even> even = new HashMap<>();
        for (Value output : node.outputs()) {
            if (!output.isPresent()) {
                continue;
            }
            List<Tensor> each = new ArrayList<>();
            for (ShapeFixing.Settled sample : samples) {
                Tensor value = sample.values().get(output);
                if (value == null) {
                    return false;
                }
                each.add(value);
            }
            if (each.stream().allMatch(each.get(0)::equals)) {
                same.put(output, each.get(0));
                continue;
            }
            Optional<Even> found = even(each);
            if (found.isEmpty()) {
                return false;
            }
            even.put(output, found.get());
        }
        constants.putAll(same);
        growing.putAll(even);
        return true;
    }

    private Optional<Even> even(List<Tensor> each) {
        Tensor first = each.get(0);
        boolean fits = first.elementType() == ElementType.INT64
                && first.rank() <= 1
                && first.elements() <= LARGEST_VECTOR
                && each.stream()
                        .allMatch(tensor -> tensor.elementType() == first.elementType()
                                && Arrays.equals(tensor.shape(), first.shape()));
        if (!fits) {
            return Optional.empty();
        }
        List<long[]> data = each.stream().map(Tensor::toLongs).toList();
        List<Extent> extents = new ArrayList<>();
        for (int i = 0; i < first.elements(); i++) {
            int at = i;
            Optional<Extent> extent = extent(data.stream().map(row -> row[at]).toList());
            if (extent.isEmpty()) {
                return Optional.empty();
            }
            extents.add(extent.get());
        }
        return Optional.of(new Even(first.elementType(), first.rank(), extents));
    }

    private List<Value> inputs(Node node) {
        List<Value> inputs = new ArrayList<>();
        for (int i = 0; i < node.inputs().size(); i++) {
            Value value = node.input(i);
            Even even = growing.get(value);
            if (even == null) {
                inputs.add(value);
            } else if (i == 1 && OperatorTable.row(node).space() == Space.RESHAPE) {
                inputs.add(shape(node, even));
            } else if (i == 2 && OperatorTable.row(node).space() == Space.SLICE) {
                inputs.add(ends(node, even));
            } else {
                inputs.add(written.computeIfAbsent(value, key -> vector(even)));
            }
        }
        return inputs;
    }

    /** The shape as a constant: a size that grows with the batch is copied (0) or inferred (−1). */
    private Value shape(Node node, Even even) {
        TensorType from = types.get(node.input(0));
        TensorType to = types.get(node.output());
        boolean zero = node.attributes().integer("allowzero", 0) != 0;
        if (to == null
                || zero
                || to.dimensions().stream().filter(size -> !size.isFixed()).count() != 1) {
            return vector(even);
        }
        long[] shape = to.shape();
        for (int axis = 0; axis < shape.length; axis++) {
            if (shape[axis] < 0) {
                boolean stays = from != null
                        && axis < from.rank()
                        && from.dimension(axis).equals(to.dimension(axis));
                shape[axis] = stays ? 0 : -1;
            }
        }
        return builder.vector(shape);
    }

    /** A slice of the whole batch axis ends at its end, for any batch. */
    private Value ends(Node node, Even even) {
        TensorType from = types.get(node.input(0));
        TensorType to = types.get(node.output());
        long[] axes = known(node.input(3));
        if (from == null
                || to == null
                || even.rank() != 1
                || axes.length != even.entries().size()) {
            return vector(even);
        }
        long[] ends = new long[axes.length];
        for (int i = 0; i < axes.length; i++) {
            Extent end = even.entries().get(i);
            boolean whole = from.dimension((int) axes[i]).matches(to.dimension((int) axes[i]));
            if (!end.isFixed() && !whole) {
                return vector(even);
            }
            ends[i] = end.isFixed() ? end.constant() : Long.MAX_VALUE;
        }
        return builder.vector(ends);
    }

    private long[] known(Value value) {
        Tensor constant = constants.containsKey(value)
                ? constants.get(value)
                : plain.constants().get(value);
        return constant != null && constant.elementType() == ElementType.INT64 ? constant.toLongs() : new long[0];
    }

    /** The numbers, computed from the batch of the input. */
    private Value vector(Even even) {
        List<Value> parts = new ArrayList<>();
        List<Long> fixed = new ArrayList<>();
        for (Extent entry : even.entries()) {
            if (entry.isFixed()) {
                fixed.add(entry.constant());
                continue;
            }
            if (!fixed.isEmpty()) {
                parts.add(
                        builder.vector(fixed.stream().mapToLong(Long::longValue).toArray()));
                fixed.clear();
            }
            parts.add(entries.computeIfAbsent(entry, this::entry));
        }
        if (!fixed.isEmpty()) {
            parts.add(builder.vector(fixed.stream().mapToLong(Long::longValue).toArray()));
        }
        Value vector = parts.size() == 1
                ? parts.get(0)
                : builder.node("Concat", Attributes.NONE.with("axis", 0), parts.toArray(Value[]::new));
        if (even.rank() == 1) {
            return vector;
        }
        return builder.node("Squeeze", vector, builder.vector(0));
    }

    /** factor · batch + constant as {@code i64[1]}. */
    private Value entry(Extent extent) {
        Value value = entries.get(new Extent(1, 0));
        if (value == null) {
            value = builder.node("Shape", Attributes.NONE.with("start", 0).with("end", 1), input);
        }
        if (extent.factor() != 1) {
            value = builder.node("Mul", value, builder.vector(extent.factor()));
        }
        if (extent.constant() != 0) {
            value = builder.node("Add", value, builder.vector(extent.constant()));
        }
        return value;
    }
}
