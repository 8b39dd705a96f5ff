package dev.vitrine.engine.incremental;

import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.operator.Operator;
import dev.vitrine.engine.operator.OperatorTable;
import dev.vitrine.engine.operator.Window;
import dev.vitrine.engine.operator.property.Role;
import dev.vitrine.engine.operator.property.Sizes;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The locality of nodes by their operators' rows. Unknown nodes are taken to mix all positions. */
final class LocalityTable {
    private static final Locality POINTWISE = new Locality.Pointwise();
    private static final Locality ANYWHERE = new Locality.Anywhere();
    private static final long[] EACH_PLACE = {1, 1};
    private static final int MAP_RANK = 4;
    private static final int CHANNELS = 1;
    private static final int ROWS = 2;
    private static final int COLUMNS = 3;

    private LocalityTable() {}

    /** The locality of a node whose map is {@code maps}, the first input that depends on the picture. */
    static Locality of(Node node, Graph graph) {
        Optional<long[]> in = map(node.input(0), graph);
        Optional<long[]> out = map(node.output(), graph);
        boolean single = node.outputs().stream().skip(1).noneMatch(Value::isPresent);
        Operator row = OperatorTable.row(node);
        if (row.effect().isQuantized()) {
            return ANYWHERE;
        }
        return switch (row.space()) {
            case POINTWISE -> mapsAlike(node, graph, out) ? POINTWISE : ANYWHERE;
            case PER_CHANNEL, ACROSS_CHANNELS -> in.isPresent() && single ? POINTWISE : ANYWHERE;
            case WINDOW ->
                in.isPresent() && out.isPresent() && single ? window(node, row, graph, in.get(), out.get()) : ANYWHERE;
            case WHOLE_MAP ->
                row.role() == Role.MEAN ? in.map(LocalityTable::mean).orElse(ANYWHERE) : ANYWHERE;
            case REDUCTION -> reduction(node, row, graph, in);
            case JOIN -> isAlongChannels(node, row) && mapsAlike(node, graph, out) ? POINTWISE : ANYWHERE;
            case PART -> isAlongChannels(node, row) && in.isPresent() ? POINTWISE : ANYWHERE;
            case ALONG_AXIS ->
                row.sizes() == Sizes.SAME && isAlongChannels(node, row) && in.isPresent() ? POINTWISE : ANYWHERE;
            case SLICE -> in.isPresent() && out.isPresent() ? slice(node, graph, in.get(), out.get()) : ANYWHERE;
            case PADDING -> in.isPresent() && out.isPresent() ? pad(node, graph, in.get(), out.get()) : ANYWHERE;
            case SPREAD,
                    PRODUCT,
                    FROM_AXIS,
                    MASK,
                    TURN,
                    FLATTEN,
                    SQUEEZE,
                    UNSQUEEZE,
                    RESHAPE,
                    TO_CHANNELS,
                    FROM_CHANNELS,
                    RESAMPLING,
                    BROADCASTING,
                    REPEATING,
                    PICKING_ALONG_AXIS,
                    PICKING_ELEMENTS,
                    PICKING,
                    SAMPLING,
                    SEQUENCE,
                    NOWHERE,
                    ANYWHERE -> ANYWHERE;
        };
    }

    private static boolean isAlongChannels(Node node, Operator row) {
        return row.axis().isPresent() && row.axis(node, MAP_RANK) == CHANNELS;
    }

    /** Whether every input is a map as high and wide as the output, or the same at all positions. */
    private static boolean mapsAlike(Node node, Graph graph, Optional<long[]> out) {
        return out.isPresent()
                && node.inputs().stream()
                        .filter(Value::isPresent)
                        .allMatch(value -> isUniform(value, graph)
                                || map(value, graph)
                                        .filter(shape -> shape[2] == out.get()[2] && shape[3] == out.get()[3])
                                        .isPresent());
    }

    /** A constant that broadcasts over all positions of a map. */
    static boolean isUniform(Value value, Graph graph) {
        return graph.constant(value)
                .filter(tensor -> {
                    long[] shape = tensor.shape();
                    int rank = shape.length;
                    return (rank < 1 || shape[rank - 1] == 1) && (rank < 2 || shape[rank - 2] == 1);
                })
                .isPresent();
    }

    private static Optional<long[]> map(Value value, Graph graph) {
        return graph.type(value)
                .filter(type -> type.rank() == 4)
                .map(TensorType::shape)
                .filter(shape -> shape[1] > 0 && shape[2] > 0 && shape[3] > 0);
    }

    private static Locality mean(long[] in) {
        return new Locality.Total(1.0 / (in[2] * in[3]));
    }

    private static Locality reduction(Node node, Operator row, Graph graph, Optional<long[]> in) {
        boolean sums = row.role() == Role.MEAN || row.role() == Role.SUM;
        if (!sums || in.isEmpty() || !node.input(1).isPresent()) {
            return ANYWHERE;
        }
        long[] axes = graph.constant(node.input(1))
                .map(Tensor::toLongs)
                .map(given -> Arrays.stream(given)
                        .map(axis -> axis < 0 ? axis + 4 : axis)
                        .sorted()
                        .toArray())
                .orElse(new long[0]);
        if (Arrays.equals(axes, new long[] {1})) {
            return node.attributes().integer("keepdims", 1) == 1 ? POINTWISE : ANYWHERE;
        }
        if (!Arrays.equals(axes, new long[] {2, 3})) {
            return ANYWHERE;
        }
        return row.role() == Role.MEAN ? mean(in.get()) : new Locality.Total(1);
    }

    private static Locality window(Node node, Operator row, Graph graph, long[] in, long[] out) {
        Optional<Window> window = Window.of(node, graph, ROWS, COLUMNS);
        if (window.isEmpty()) {
            return ANYWHERE;
        }
        return row.kernel().isWeighted()
                ? convolution(node, graph, window.get(), in, out)
                : pooling(node, row, window.get(), in, out);
    }

    private static Locality convolution(Node node, Graph graph, Window window, long[] in, long[] out) {
        return graph.constant(node.input(1)).isEmpty()
                ? ANYWHERE
                : new Locality.Sliding(
                        slide(window, 0, in, out),
                        slide(window, 1, in, out),
                        0,
                        node.operator(),
                        inside(node.attributes()),
                        node.inputs().subList(1, node.inputs().size()),
                        Optional.empty());
    }

    /** Along rows (0) or columns (1) of a window over just these axes. */
    private static Slide slide(Window window, int axis, long[] in, long[] out) {
        return slide(window, axis, ROWS, in, out);
    }

    /** @param before axes of the maps before those of the window */
    private static Slide slide(Window window, int axis, int before, long[] in, long[] out) {
        return new Slide(
                (int) window.extent(axis),
                (int) window.strides()[axis],
                (int) window.padsBegin()[axis],
                (int) in[axis + before],
                (int) out[axis + before]);
    }

    /** Without padding, which the given values already include. */
    private static Attributes inside(Attributes attributes) {
        return attributes.without("pads").without("auto_pad").without("ceil_mode");
    }

    private static Locality pooling(Node node, Operator row, Window window, long[] in, long[] out) {
        if (!row.isMaxPooling() && row.role() != Role.MEAN) {
            return ANYWHERE;
        }
        Slide rows = slide(window, 0, in, out);
        Slide columns = slide(window, 1, in, out);
        Attributes attributes = inside(node.attributes()).without("count_include_pad");
        if (row.isMaxPooling()) {
            return new Locality.Sliding(
                    rows, columns, Float.NEGATIVE_INFINITY, node.operator(), attributes, List.of(), Optional.empty());
        }
        boolean padsCount = node.attributes().integer("count_include_pad", 0) == 1;
        double[] down = factors(window, 0, rows, padsCount);
        double[] across = factors(window, 1, columns, padsCount);
        float[] factor = new float[down.length * across.length];
        boolean needed = false;
        for (int i = 0; i < factor.length; i++) {
            factor[i] = (float) (down[i / across.length] * across[i % across.length]);
            needed |= factor[i] != 1;
        }
        Tensor map = Tensor.floats(factor, 1, 1, down.length, across.length);
        return new Locality.Sliding(
                rows, columns, 0, node.operator(), attributes, List.of(), needed ? Optional.of(map) : Optional.empty());
    }

    /** Kernel size over the number of positions that count, for each window along an axis. */
    private static double[] factors(Window window, int axis, Slide slide, boolean padsCount) {
        long kernel = window.kernel()[axis];
        long from = padsCount ? -window.padsBegin()[axis] : 0;
        long to = slide.in() + (padsCount ? window.padsEnd()[axis] : 0);
        double[] factors = new double[slide.out()];
        for (int place = 0; place < factors.length; place++) {
            int counted = 0;
            for (long tap = 0; tap < kernel; tap++) {
                long read = (long) place * slide.stride() - slide.pad() + tap * window.dilations()[axis];
                counted += read >= from && read < to ? 1 : 0;
            }
            factors[place] = (double) kernel / counted;
        }
        return factors;
    }

    /** A slice along channels acts on each position; along rows or columns it is a window of size 1. */
    private static Locality slice(Node node, Graph graph, long[] in, long[] out) {
        Optional<Window> found = Window.of(node, graph, 0, CHANNELS, ROWS, COLUMNS);
        if (found.isEmpty()) {
            return ANYWHERE;
        }
        Window window = found.get();
        long[] step = window.strides();
        boolean samplesStay = step[0] == 1 && window.padsBegin()[0] == 0;
        if (!samplesStay || step[ROWS] < 1 || step[COLUMNS] < 1) {
            return ANYWHERE;
        }
        if (in[ROWS] == out[ROWS] && in[COLUMNS] == out[COLUMNS]) {
            return POINTWISE;
        }
        boolean channelsStay = in[CHANNELS] == out[CHANNELS] && step[CHANNELS] == 1;
        return channelsStay
                ? new Locality.Sliding(
                        slide(window, ROWS, 0, in, out),
                        slide(window, COLUMNS, 0, in, out),
                        0,
                        "MaxPool",
                        picking(step[ROWS], step[COLUMNS]),
                        List.of(),
                        Optional.empty())
                : ANYWHERE;
    }

    /** Padding of channels acts on each position; padding of rows and columns shifts them. */
    private static Locality pad(Node node, Graph graph, long[] in, long[] out) {
        Optional<Window> found = Window.of(node, graph, 0, CHANNELS, ROWS, COLUMNS);
        boolean constant = node.attributes().text("mode", "constant").equals("constant");
        if (!constant || found.isEmpty() || node.input(3).isPresent()) {
            return ANYWHERE;
        }
        Window window = found.get();
        long[] by = window.padsBegin();
        if (in[ROWS] == out[ROWS] && in[COLUMNS] == out[COLUMNS] && by[ROWS] == 0 && by[COLUMNS] == 0) {
            return POINTWISE;
        }
        Optional<Tensor> value = graph.constant(node.input(2));
        boolean plain = !node.input(2).isPresent()
                || value.filter(tensor -> tensor.elementType() == ElementType.FLOAT32 && tensor.elements() == 1)
                        .isPresent();
        boolean samplesStay = by[0] == 0 && window.padsEnd()[0] == 0;
        if (in[CHANNELS] != out[CHANNELS] || !samplesStay || by[CHANNELS] != 0 || !plain) {
            return ANYWHERE;
        }
        return new Locality.Sliding(
                slide(window, ROWS, 0, in, out),
                slide(window, COLUMNS, 0, in, out),
                value.map(tensor -> tensor.floats().get(0)).orElse(0f),
                "MaxPool",
                picking(1, 1),
                List.of(),
                Optional.empty());
    }

    /** Pooling with windows of size 1 keeps every n-th position, n being its stride. */
    private static Attributes picking(long down, long across) {
        return Attributes.NONE.with("kernel_shape", EACH_PLACE).with("strides", down, across);
    }
}
