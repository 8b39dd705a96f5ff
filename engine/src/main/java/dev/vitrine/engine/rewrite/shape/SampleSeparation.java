package dev.vitrine.engine.rewrite.shape;

import dev.vitrine.engine.graph.Dimension;
import dev.vitrine.engine.graph.Extent;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.operator.Operator;
import dev.vitrine.engine.operator.OperatorTable;
import dev.vitrine.engine.operator.property.Space;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * Whether the samples of a batch are independent: everything that depends on the pictures has exactly one axis that
 * grows with the batch, samples lie along it one after the other, and nothing normalizes over it. A run over a batch
 * then equals one run per sample.
 */
final class SampleSeparation {
    private static final long REPEATED = 0;

    private final Graph graph;
    private final Value input;
    private final Dimension batch;

    SampleSeparation(Graph graph, Value input, Dimension batch) {
        this.graph = graph;
        this.input = input;
        this.batch = batch;
    }

    /**
     * A value whose elements, in order, are {@code [outer, batch, inner]}.
     *
     * @param axis the one that grows with the batch
     * @param within how much of outer lies on that axis itself, as where places and samples were joined; {@link #REPEATED}
     *     where all along that axis is the same
     */
    private record Batched(List<Extent> sizes, int axis, long within) {
        long before() {
            return sizes.subList(0, axis).stream().mapToLong(Extent::constant).reduce(1, (a, b) -> a * b);
        }

        long outer() {
            return before() * Math.max(1, within);
        }

        long factor() {
            return sizes.get(axis).factor();
        }
    }

    boolean holds() {
        Map<Value, Batched> batched = new HashMap<>();
        Map<Value, Integer> axes = new HashMap<>();
        Partners partners = new Partners(graph, axes);
        Optional<Batched> start = batched(input, 1);
        if (start.isEmpty()) {
            return false;
        }
        batched.put(input, start.get());
        axes.put(input, start.get().axis());
        for (Node node : graph.nodes()) {
            if (OperatorTable.row(node).isSizeOnly()) {
                continue;
            }
            if (node.reads().stream().noneMatch(batched::containsKey)) {
                node.outputs()
                        .forEach(output -> batched(output, REPEATED)
                                .filter(type ->
                                        partners.repeats(node, graph.types().get(output), type.axis()))
                                .ifPresent(type -> {
                                    batched.put(output, type);
                                    axes.put(output, type.axis());
                                }));
                continue;
            }
            for (Value output : node.outputs()) {
                if (!output.isPresent()) {
                    continue;
                }
                Optional<Batched> found = batched(output, 1)
                        .filter(type -> partners.fit(node, graph.types().get(output), type.axis()))
                        .flatMap(type -> kept(node, type, batched));
                if (found.isEmpty()) {
                    return false;
                }
                batched.put(output, found.get());
                axes.put(output, found.get().axis());
            }
        }
        return graph.outputs().stream().map(batched::get).allMatch(SampleSeparation::isOneRowEach);
    }

    private static boolean isOneRowEach(Batched output) {
        return output != null && output.axis() == 0 && output.factor() == 1;
    }

    /** How a node's output holds the samples; empty if it mixes them. */
    private Optional<Batched> kept(Node node, Batched output, Map<Value, Batched> batched) {
        List<Batched> read = node.reads().stream()
                .filter(batched::containsKey)
                .map(batched::get)
                .toList();
        Batched first = read.stream()
                .filter(each -> each.within() != REPEATED)
                .findFirst()
                .orElse(read.get(0));
        Space space = OperatorTable.row(node).space();
        if (space == Space.RESHAPE || space == Space.FLATTEN) {
            long within = first.outer() / output.before();
            boolean fits = first.outer() % output.before() == 0 && output.factor() % within == 0;
            return fits ? Optional.of(new Batched(output.sizes(), output.axis(), within)) : Optional.empty();
        }
        boolean even = read.stream()
                .allMatch(each -> each.factor() == output.factor()
                        && (each.within() == first.within() || each.within() == REPEATED));
        return even && !mixes(node, output, batched)
                ? Optional.of(new Batched(output.sizes(), output.axis(), first.within()))
                : Optional.empty();
    }

    /** Whether an operator whose output is batched all the same may mix samples, by what it does along their axis. */
    private boolean mixes(Node node, Batched output, Map<Value, Batched> batched) {
        int rank = output.sizes().size();
        Operator row = OperatorTable.row(node);
        return switch (row.space()) {
            // One along whose axis nothing is stated has it as an input.
            case ALONG_AXIS ->
                row.axis().isPresent()
                        ? row.axis(node, rank(node.input(0), rank)) == output.axis()
                        : graph.constant(node.input(1)).isEmpty()
                                || sole(graph.constant(node.input(1)).get(), rank) == output.axis();
            case FROM_AXIS -> row.axis(node, rank) <= output.axis();
            case REDUCTION ->
                row.kind() == Operator.Kind.NORMALIZATION
                        && Arrays.stream(node.attributes().integers("axes", 0, 2, 3))
                                .anyMatch(axis -> (axis < 0 ? axis + rank : axis) == output.axis());
            case WINDOW, SPREAD, WHOLE_MAP ->
                row.kind() == Operator.Kind.POOLING
                        ? output.axis() > 1
                        // The runtime's inference does not check the number of channels against the weights.
                        : output.axis() != 0 || row.kernel().isWeighted() && batched.containsKey(node.input(1));
            case PER_CHANNEL -> output.axis() != 0 || node.attributes().integer("training_mode", 0) != 0;
            case ACROSS_CHANNELS, TO_CHANNELS, FROM_CHANNELS -> output.axis() != 0;
            case SEQUENCE -> mixesSequence(node, row, output, batched);
            case PICKING_ELEMENTS ->
                row.axis(node, rank) == output.axis()
                        || batched(node.input(1), 1)
                                .filter(indices -> indices.axis() == output.axis())
                                .isEmpty();
            case MASK -> output.axis() >= rank - 2;
            case SLICE -> !inOrder(node, output.axis(), rank);
            case POINTWISE ->
                row.axis().isPresent()
                        && row.axis(node, rank) == output.axis()
                        && graph.constant(node.input(1))
                                .filter(scale -> scale.elements() == 1)
                                .isEmpty();
            case PICKING -> true;
            case PRODUCT,
                    JOIN,
                    PART,
                    PADDING,
                    TURN,
                    FLATTEN,
                    SQUEEZE,
                    UNSQUEEZE,
                    RESHAPE,
                    RESAMPLING,
                    BROADCASTING,
                    REPEATING,
                    PICKING_ALONG_AXIS,
                    SAMPLING,
                    NOWHERE -> false;
            case ANYWHERE ->
                row.kind() == Operator.Kind.CONTROL || !node.domain().isEmpty() && output.axis() != 0;
        };
    }

    /** Of a sequence turned around, each sample has its own; a recurrent layer's samples lie where its layout says. */
    private static boolean mixesSequence(Node node, Operator row, Batched output, Map<Value, Batched> batched) {
        if (row.kind() != Operator.Kind.RECURRENT) {
            return node.attributes().integer("batch_axis", 1) != output.axis();
        }
        Batched sequence = batched.get(node.input(0));
        long samples = 1 - node.attributes().integer("layout", 0);
        return sequence == null || sequence.axis() != samples;
    }

    /** Whether a Slice goes through the samples in their order. */
    private boolean inOrder(Node node, int axis, int rank) {
        if (!node.input(4).isPresent()) {
            return true;
        }
        long[] steps = known(node.input(4));
        long[] axes = node.input(3).isPresent()
                ? known(node.input(3))
                : LongStream.range(0, steps.length).toArray();
        return steps.length > 0
                && steps.length == axes.length
                && IntStream.range(0, steps.length)
                        .noneMatch(i -> (axes[i] < 0 ? axes[i] + rank : axes[i]) == axis && steps[i] < 0);
    }

    private long[] known(Value value) {
        return graph.constant(value)
                .filter(each -> each.elementType() == ElementType.INT64)
                .map(Tensor::toLongs)
                .orElse(new long[0]);
    }

    private int rank(Value value, int otherwise) {
        return graph.type(value).map(TensorType::rank).orElse(otherwise);
    }

    private static long sole(Tensor axis, int rank) {
        long value = axis.elementType() == ElementType.INT64
                ? axis.toLongs()[0]
                : axis.bytes().asIntBuffer().get(0);
        return value < 0 ? value + rank : value;
    }

    private Optional<Batched> batched(Value value, long within) {
        TensorType type = graph.types().get(value);
        if (type == null) {
            return Optional.empty();
        }
        List<Extent> sizes = new ArrayList<>();
        OptionalInt axis = OptionalInt.empty();
        for (int i = 0; i < type.rank(); i++) {
            Optional<Extent> size = Extent.of(type.dimension(i), batch);
            if (size.isEmpty() || (!size.get().isFixed() && (size.get().constant() != 0 || axis.isPresent()))) {
                return Optional.empty();
            }
            sizes.add(size.get());
            if (!size.get().isFixed()) {
                axis = OptionalInt.of(i);
            }
        }
        return axis.isPresent() ? Optional.of(new Batched(sizes, axis.getAsInt(), within)) : Optional.empty();
    }
}
