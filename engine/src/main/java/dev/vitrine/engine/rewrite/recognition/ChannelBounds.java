package dev.vitrine.engine.rewrite.recognition;

import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.operator.Operator;
import dev.vitrine.engine.operator.OperatorTable;
import dev.vitrine.engine.operator.property.Effect;
import dev.vitrine.engine.operator.property.Role;
import dev.vitrine.engine.operator.property.ScalarFunction;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Lower and upper bounds of each channel of a value, given those of the input: propagated through normalization in the
 * graph, transposes, clipping, pooling and other channel-wise operators.
 */
public final class ChannelBounds {
    /**
     * The bounds of one value.
     *
     * @param axis along which channels lie
     * @param low smallest value of each channel
     * @param high largest value of each channel
     */
    public record Bounds(int axis, List<Float> low, List<Float> high) {
        public Bounds {
            low = List.copyOf(low);
            high = List.copyOf(high);
        }

        private int channels() {
            return low.size();
        }

        private Bounds along(int newAxis) {
            return new Bounds(newAxis, low, high);
        }

        private Bounds choose(int newAxis, int[] sources) {
            return new Bounds(
                    newAxis,
                    Arrays.stream(sources).mapToObj(low::get).toList(),
                    Arrays.stream(sources).mapToObj(high::get).toList());
        }
    }

    private static final int NO_AXIS = -1;

    private final Graph graph;
    private final PointwiseChains chains;
    private final Map<Value, Bounds> known = new HashMap<>();

    /**
     * Bounds over a graph.
     *
     * @param input the input that the bounds apply to
     * @param low smallest value of each channel of the input
     * @param high largest value of each channel of the input
     */
    public ChannelBounds(Graph graph, Value input, List<Float> low, List<Float> high) {
        this.graph = graph;
        this.chains = new PointwiseChains(graph);
        TensorType type = graph.types().get(input);
        int axis = type.dimension(1).size() == low.size() ? 1 : type.rank() - 1;
        known.put(input, new Bounds(axis, low, high));
        for (Node node : graph.nodes()) {
            through(node).ifPresent(bounds -> known.put(node.output(), bounds));
        }
    }

    /** The bounds of a value; empty if channels are mixed on the way to it. */
    public Optional<Bounds> of(Value value) {
        return Optional.ofNullable(known.get(value));
    }

    private Optional<Bounds> through(Node node) {
        List<Bounds> inputs = node.inputs().stream()
                .filter(known::containsKey)
                .map(known::get)
                .toList();
        if (inputs.isEmpty()) {
            return Optional.empty();
        }
        Bounds first = inputs.get(0);
        Operator row = OperatorTable.row(node);
        return switch (row.space()) {
            case TURN -> Optional.of(first.along(position(node, first.axis())));
            case WINDOW -> row.isMaxPooling() || row.role() == Role.MEAN ? Optional.of(first) : Optional.empty();
            case RESAMPLING -> Optional.of(first);
            case PADDING -> padded(node, first);
            case FLATTEN, RESHAPE -> flattened(node, first);
            case PICKING_ALONG_AXIS -> gathered(node, first);
            case SLICE -> sliced(node, first);
            case UNSQUEEZE -> unsqueezed(node, first);
            case JOIN -> concatenated(node, inputs);
            case PER_CHANNEL -> normalized(node, first);
            case POINTWISE -> row.effect() == Effect.NONE ? Optional.of(first) : elementWise(node, inputs);
            default -> Optional.empty();
        };
    }

    private Optional<Bounds> elementWise(Node node, List<Bounds> inputs) {
        return inputs.size() == 1 && Pointwise.of(node).isPresent() ? pointwise(node, inputs.get(0)) : Optional.empty();
    }

    private static int position(Node transpose, int axis) {
        long[] permutation = transpose.attributes().integers("perm");
        return IntStream.range(0, permutation.length)
                .filter(i -> permutation[i] == axis)
                .findFirst()
                .orElse(axis);
    }

    private Optional<Bounds> padded(Node node, Bounds bounds) {
        float filling = (float) chains.number(node.input(2)).orElse(0);
        boolean constant = node.attributes().text("mode", "constant").equals("constant");
        return Optional.of(
                !constant
                        ? bounds
                        : each(bounds, (channel, low, high) ->
                                new float[] {Math.min(low, filling), Math.max(high, filling)}));
    }

    /** Channels flattened to rows: each repeated once per place. */
    private Optional<Bounds> flattened(Node node, Bounds bounds) {
        TensorType from = graph.types().get(node.input(0));
        TensorType to = graph.types().get(node.output());
        if (from == null || to == null || to.rank() != 2 || !to.dimension(1).isFixed() || bounds.axis() == 0) {
            return Optional.empty();
        }
        long inner = 1;
        for (int axis = bounds.axis() + 1; axis < from.rank(); axis++) {
            inner *= from.dimension(axis).size();
        }
        long places = Math.max(1, inner);
        int[] sources = IntStream.range(0, (int) to.dimension(1).size())
                .map(i -> (int) (i / places % bounds.channels()))
                .toArray();
        return inner < 0 ? Optional.empty() : Optional.of(bounds.choose(1, sources));
    }

    private Optional<Bounds> gathered(Node node, Bounds bounds) {
        TensorType type = graph.types().get(node.input(0));
        Optional<Tensor> indices = graph.constant(node.input(1));
        if (indices.isEmpty() || type == null) {
            return Optional.empty();
        }
        int axis = (int) Math.floorMod(node.attributes().integer("axis", 0), (long) type.rank());
        int rank = indices.get().rank();
        if (axis != bounds.axis()) {
            return Optional.of(bounds.along(axis < bounds.axis() ? bounds.axis() + rank - 1 : bounds.axis()));
        }
        int[] sources = Arrays.stream(indices.get().toLongs())
                .mapToInt(i -> (int) Math.floorMod(i, (long) bounds.channels()))
                .toArray();
        // A scalar index takes the axis away: what is left is one channel without an axis of its own.
        return rank > 1 ? Optional.empty() : Optional.of(bounds.choose(rank == 0 ? NO_AXIS : axis, sources));
    }

    private Optional<Bounds> sliced(Node node, Bounds bounds) {
        TensorType type = graph.types().get(node.input(0));
        Optional<Tensor> axes = graph.constant(node.input(3));
        Optional<Tensor> starts = graph.constant(node.input(1));
        Optional<Tensor> ends = graph.constant(node.input(2));
        boolean plain = type != null
                && axes.isPresent()
                && starts.isPresent()
                && ends.isPresent()
                && axes.get().elements() == 1
                && starts.get().elementType() == ElementType.INT64;
        if (!plain) {
            return Optional.empty();
        }
        long axis = Math.floorMod(axes.get().toLongs()[0], (long) type.rank());
        if (axis != bounds.axis()) {
            return Optional.of(bounds);
        }
        long step =
                graph.constant(node.input(4)).map(tensor -> tensor.toLongs()[0]).orElse(1L);
        int size = bounds.channels();
        int from = place(starts.get().toLongs()[0], size, step);
        int to = place(ends.get().toLongs()[0], size, step);
        int[] sources = IntStream.iterate(from, i -> step > 0 ? i < to : i > to, i -> (int) (i + step))
                .filter(i -> i >= 0 && i < size)
                .toArray();
        return Optional.of(bounds.choose(bounds.axis(), sources));
    }

    private static int place(long index, int size, long step) {
        long counted = index < 0 ? index + size : index;
        return (int) (step > 0 ? Math.max(0, Math.min(size, counted)) : Math.max(-1, Math.min(size - 1, counted)));
    }

    private Optional<Bounds> unsqueezed(Node node, Bounds bounds) {
        TensorType to = graph.types().get(node.output());
        Optional<Tensor> axes = graph.constant(node.input(1));
        if (to == null || axes.isEmpty() || axes.get().elements() != 1) {
            return Optional.empty();
        }
        int axis = (int) Math.floorMod(axes.get().toLongs()[0], (long) to.rank());
        if (bounds.axis() == NO_AXIS) {
            return Optional.of(bounds.along(axis));
        }
        return Optional.of(bounds.along(axis <= bounds.axis() ? bounds.axis() + 1 : bounds.axis()));
    }

    private Optional<Bounds> concatenated(Node node, List<Bounds> parts) {
        TensorType to = graph.types().get(node.output());
        if (to == null || parts.size() != node.inputs().size()) {
            return Optional.empty();
        }
        int axis = (int) Math.floorMod(node.attributes().integer("axis", 0), (long) to.rank());
        if (parts.stream().anyMatch(part -> part.axis() != axis)) {
            return Optional.empty();
        }
        return Optional.of(new Bounds(
                axis,
                parts.stream().flatMap(part -> part.low().stream()).toList(),
                parts.stream().flatMap(part -> part.high().stream()).toList()));
    }

    private Optional<Bounds> normalized(Node node, Bounds bounds) {
        List<Optional<Tensor>> statistics = IntStream.range(1, 5)
                .mapToObj(i -> graph.constant(node.input(i)))
                .toList();
        if (bounds.axis() != 1 || statistics.stream().anyMatch(Optional::isEmpty)) {
            return Optional.empty();
        }
        float[][] numbers = statistics.stream()
                .map(tensor -> tensor.orElseThrow().toFloats())
                .toArray(float[][]::new);
        double epsilon = node.attributes().real("epsilon", 1e-5f);
        return Optional.of(each(bounds, (channel, low, high) -> {
            double scale = numbers[0][channel] / Math.sqrt(numbers[3][channel] + epsilon);
            double one = (low - numbers[2][channel]) * scale + numbers[1][channel];
            double other = (high - numbers[2][channel]) * scale + numbers[1][channel];
            return new float[] {(float) Math.min(one, other), (float) Math.max(one, other)};
        }));
    }

    private interface Change {
        float[] of(int channel, float low, float high);
    }

    private static Bounds each(Bounds bounds, Change change) {
        List<Float> low = new ArrayList<>();
        List<Float> high = new ArrayList<>();
        for (int channel = 0; channel < bounds.channels(); channel++) {
            float[] changed =
                    change.of(channel, bounds.low().get(channel), bounds.high().get(channel));
            low.add(changed[0]);
            high.add(changed[1]);
        }
        return new Bounds(bounds.axis(), low, high);
    }

    /** An element-wise function with constants of one number for each channel, or one for each place. */
    private Optional<Bounds> pointwise(Node node, Bounds bounds) {
        TensorType from = node.inputs().stream()
                .filter(known::containsKey)
                .findFirst()
                .map(graph.types()::get)
                .orElse(null);
        TensorType to = graph.types().get(node.output());
        if (from == null || to == null || to.rank() != from.rank()) {
            return Optional.empty();
        }
        List<Optional<float[][]>> constants = node.inputs().stream()
                .map(input -> known.containsKey(input) || !input.isPresent()
                        ? Optional.of(new float[0][])
                        : ofChannels(input, bounds, to.rank()))
                .toList();
        if (constants.stream().anyMatch(Optional::isEmpty)) {
            return Optional.empty();
        }
        ScalarFunction function = Pointwise.of(node).orElseThrow();
        return Optional.of(each(bounds, (channel, low, high) -> {
            float least = Float.POSITIVE_INFINITY;
            float most = Float.NEGATIVE_INFINITY;
            for (float x : new float[] {low, high, Math.max(low, Math.min(high, 0))}) {
                for (int place = 0; place < 2; place++) {
                    double[] arguments = new double[constants.size()];
                    for (int i = 0; i < arguments.length; i++) {
                        float[][] own = constants.get(i).orElseThrow();
                        boolean varies = known.containsKey(node.input(i));
                        arguments[i] = varies ? x : own.length == 0 ? Double.NaN : own[place][channel];
                    }
                    float y = (float) function.at(node.attributes(), arguments);
                    least = Math.min(least, y);
                    most = Math.max(most, y);
                }
            }
            return new float[] {least, most};
        }));
    }

    /** The smallest and the largest number that a constant has for each channel. */
    private Optional<float[][]> ofChannels(Value value, Bounds bounds, int rank) {
        float[][] result = new float[2][bounds.channels()];
        if (chains.number(value).isPresent()) {
            Arrays.fill(result[0], (float) chains.number(value).getAsDouble());
            Arrays.fill(result[1], (float) chains.number(value).getAsDouble());
            return Optional.of(result);
        }
        Optional<Tensor> constant = graph.constant(value)
                .filter(tensor -> tensor.elementType() == ElementType.FLOAT32 && tensor.rank() <= rank);
        if (constant.isEmpty()) {
            return Optional.empty();
        }
        int axis = bounds.axis() - (rank - constant.get().rank());
        boolean own = axis >= 0 && bounds.axis() != NO_AXIS && constant.get().dimension(axis) == bounds.channels();
        long inner = 1;
        for (int i = axis + 1; own && i < constant.get().rank(); i++) {
            inner *= constant.get().dimension(i);
        }
        float[] data = constant.get().toFloats();
        Arrays.fill(result[0], Float.POSITIVE_INFINITY);
        Arrays.fill(result[1], Float.NEGATIVE_INFINITY);
        for (int i = 0; i < data.length; i++) {
            int only = (int) (i / inner % bounds.channels());
            for (int channel = own ? only : 0; channel < (own ? only + 1 : bounds.channels()); channel++) {
                result[0][channel] = Math.min(result[0][channel], data[i]);
                result[1][channel] = Math.max(result[1][channel], data[i]);
            }
        }
        return Optional.of(result);
    }
}
