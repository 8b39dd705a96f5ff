package dev.vitrine.engine.incremental;

import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.operator.Operator;
import dev.vitrine.engine.operator.OperatorTable;
import dev.vitrine.engine.operator.Window;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;

/** How each operator acts in space: one case an operator. What has none is taken to mix all places. */
final class LocalityTable {
    private static final Set<String> ELEMENTWISE = Set.of(
            "Identity",
            "Dropout",
            "Cast",
            "Not",
            "Sign",
            "Floor",
            "Ceil",
            "Round",
            "Greater",
            "Less",
            "GreaterOrEqual",
            "LessOrEqual",
            "Equal",
            "And",
            "Or",
            "Xor",
            "com.microsoft.Gelu",
            "com.microsoft.QuickGelu");

    private static final Locality POINTWISE = new Locality.Pointwise();
    private static final Locality ANYWHERE = new Locality.Anywhere();
    private static final long[] EACH_PLACE = {1, 1};

    private LocalityTable() {}

    /** What is known of a node whose map is {@code maps}, the first input that depends on the picture. */
    static Locality of(Node node, Graph graph) {
        Optional<long[]> in = map(node.input(0), graph);
        Optional<long[]> out = map(node.output(), graph);
        boolean single = node.outputs().stream().skip(1).noneMatch(Value::isPresent);
        return switch (node.operator()) {
            case "Conv" -> in.isPresent() && out.isPresent() ? convolution(node, graph, in.get(), out.get()) : ANYWHERE;
            case "MaxPool", "AveragePool" ->
                in.isPresent() && out.isPresent() && single ? pooling(node, in.get(), out.get()) : ANYWHERE;
            case "GlobalAveragePool" -> in.map(LocalityTable::mean).orElse(ANYWHERE);
            case "ReduceMean", "ReduceSum" -> reduction(node, graph, in);
            case "BatchNormalization", "LRN" -> in.isPresent() && single ? POINTWISE : ANYWHERE;
            case "Concat" ->
                alongChannels(node.attributes().integer("axis", 0)) && mapsAlike(node, graph, out)
                        ? POINTWISE
                        : ANYWHERE;
            case "Split", "Softmax", "LogSoftmax", "LpNormalization" ->
                alongChannels(node.attributes().integer("axis", node.operator().equals("Split") ? 0 : -1))
                                && in.isPresent()
                        ? POINTWISE
                        : ANYWHERE;
            case "Slice" -> in.isPresent() && out.isPresent() ? slice(node, graph, in.get(), out.get()) : ANYWHERE;
            case "Pad" -> in.isPresent() && out.isPresent() ? pad(node, graph, in.get(), out.get()) : ANYWHERE;
            default -> isElementwise(node) && mapsAlike(node, graph, out) ? POINTWISE : ANYWHERE;
        };
    }

    private static boolean isElementwise(Node node) {
        return ELEMENTWISE.contains(node.operator())
                || OperatorTable.find(node)
                        .filter(row -> row.kind() == Operator.Kind.ACTIVATION || row.kind() == Operator.Kind.ARITHMETIC)
                        .isPresent();
    }

    private static boolean alongChannels(long axis) {
        return axis == 1 || axis == -3;
    }

    /** Whether every input is a map as high and wide as the output, or the same for all places. */
    private static boolean mapsAlike(Node node, Graph graph, Optional<long[]> out) {
        return out.isPresent()
                && node.inputs().stream()
                        .filter(Value::isPresent)
                        .allMatch(value -> isUniform(value, graph)
                                || map(value, graph)
                                        .filter(shape -> shape[2] == out.get()[2] && shape[3] == out.get()[3])
                                        .isPresent());
    }

    /** A constant that is the same for all places when it stands beside a map. */
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

    private static Locality reduction(Node node, Graph graph, Optional<long[]> in) {
        if (in.isEmpty() || !node.input(1).isPresent()) {
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
        return node.operator().equals("ReduceMean") ? mean(in.get()) : new Locality.Total(1);
    }

    private static Locality convolution(Node node, Graph graph, long[] in, long[] out) {
        Optional<Tensor> weight = graph.constant(node.input(1));
        if (weight.isEmpty() || weight.get().rank() != 4) {
            return ANYWHERE;
        }
        long[] kernel = {weight.get().dimension(2), weight.get().dimension(3)};
        return Window.of(node.attributes(), kernel, axis -> in[axis + 2])
                .<Locality>map(window -> new Locality.Sliding(
                        slide(window, 0, in, out),
                        slide(window, 1, in, out),
                        0,
                        "Conv",
                        inside(node.attributes()),
                        node.inputs().subList(1, node.inputs().size()),
                        Optional.empty()))
                .orElse(ANYWHERE);
    }

    private static Slide slide(Window window, int axis, long[] in, long[] out) {
        return new Slide(
                (int) window.extent(axis),
                (int) window.strides()[axis],
                (int) window.padsBegin()[axis],
                (int) in[axis + 2],
                (int) out[axis + 2]);
    }

    /** Without padding, which the given values hold already. */
    private static Attributes inside(Attributes attributes) {
        return attributes.without("pads").without("auto_pad").without("ceil_mode");
    }

    private static Locality pooling(Node node, long[] in, long[] out) {
        Optional<Window> found =
                Window.of(node.attributes(), node.attributes().integers("kernel_shape"), axis -> in[axis + 2]);
        if (found.isEmpty()) {
            return ANYWHERE;
        }
        Window window = found.get();
        Slide rows = slide(window, 0, in, out);
        Slide columns = slide(window, 1, in, out);
        Attributes attributes = inside(node.attributes()).without("count_include_pad");
        if (node.operator().equals("MaxPool")) {
            return new Locality.Sliding(
                    rows, columns, Float.NEGATIVE_INFINITY, "MaxPool", attributes, List.of(), Optional.empty());
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
                rows, columns, 0, "AveragePool", attributes, List.of(), needed ? Optional.of(map) : Optional.empty());
    }

    /** Kernel size over the number of places that count, for each window along an axis. */
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

    /** A slice along channels acts on each place; along rows or columns it is a window of one place. */
    private static Locality slice(Node node, Graph graph, long[] in, long[] out) {
        List<Optional<Tensor>> given =
                node.inputs().stream().skip(1).map(graph::constant).toList();
        if (given.size() < 2 || given.stream().anyMatch(Optional::isEmpty)) {
            return ANYWHERE;
        }
        long[] starts = given.get(0).get().toLongs();
        long[] axes = given.size() > 2
                ? given.get(2).get().toLongs()
                : LongStream.range(0, starts.length).toArray();
        long[] steps = given.size() > 3 ? given.get(3).get().toLongs() : new long[0];
        long[] first = new long[4];
        long[] step = {1, 1, 1, 1};
        for (int i = 0; i < starts.length; i++) {
            int axis = (int) (axes[i] < 0 ? axes[i] + 4 : axes[i]);
            step[axis] = steps.length > 0 ? steps[i] : 1;
            if (axis != 1 && step[axis] < 1) {
                return ANYWHERE;
            }
            first[axis] = Math.max(0, Math.min(in[axis], starts[i] < 0 ? starts[i] + in[axis] : starts[i]));
        }
        boolean placesStay = in[2] == out[2] && in[3] == out[3];
        boolean channelsStay = in[1] == out[1] && step[1] == 1;
        if (step[0] != 1 || first[0] != 0) {
            return ANYWHERE;
        }
        if (placesStay) {
            return POINTWISE;
        }
        return channelsStay
                ? new Locality.Sliding(
                        new Slide(1, (int) step[2], (int) -first[2], (int) in[2], (int) out[2]),
                        new Slide(1, (int) step[3], (int) -first[3], (int) in[3], (int) out[3]),
                        0,
                        "MaxPool",
                        picking(step[2], step[3]),
                        List.of(),
                        Optional.empty())
                : ANYWHERE;
    }

    /** Padding of channels acts on each place; of rows and columns it moves them. */
    private static Locality pad(Node node, Graph graph, long[] in, long[] out) {
        Optional<Tensor> pads = graph.constant(node.input(1));
        boolean constant = node.attributes().text("mode", "constant").equals("constant");
        if (!constant
                || pads.isEmpty()
                || node.input(3).isPresent()
                || pads.get().elements() != 8) {
            return ANYWHERE;
        }
        long[] by = pads.get().toLongs();
        if (in[2] == out[2] && in[3] == out[3] && by[2] == 0 && by[3] == 0) {
            return POINTWISE;
        }
        Optional<Tensor> value = graph.constant(node.input(2));
        boolean plain = !node.input(2).isPresent()
                || value.filter(tensor -> tensor.elementType() == ElementType.FLOAT32 && tensor.elements() == 1)
                        .isPresent();
        if (in[1] != out[1] || by[0] != 0 || by[4] != 0 || by[1] != 0 || !plain) {
            return ANYWHERE;
        }
        return new Locality.Sliding(
                new Slide(1, 1, (int) by[2], (int) in[2], (int) out[2]),
                new Slide(1, 1, (int) by[3], (int) in[3], (int) out[3]),
                value.map(tensor -> tensor.floats().get(0)).orElse(0f),
                "MaxPool",
                picking(1, 1),
                List.of(),
                Optional.empty());
    }

    /** A pooling with windows of one place keeps every n-th, n being its stride. */
    private static Attributes picking(long down, long across) {
        return Attributes.NONE.with("kernel_shape", EACH_PLACE).with("strides", down, across);
    }
}
