package dev.vitrine.engine.graph;

import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * The types of a node's outputs from those of its inputs, for the operators that rewrites and rules emit. Sizes that
 * depend on the batch stay linear in it ({@link Extent}); those known only at run time are {@link Dimension#UNKNOWN}.
 */
final class TypeRules {
    /** Why a type cannot be inferred. */
    static final class Unknown extends RuntimeException {
        private static final long serialVersionUID = 1;

        Unknown(String reason) {
            super(reason, null, false, false);
        }
    }

    /** Known types and contents of values. */
    interface Known {
        Optional<TensorType> type(Value value);

        Optional<Tensor> constantOf(Value value);

        /** The contents of a value {@code i64[n]}, if determined by constants and shapes. */
        Optional<List<Dimension>> numbers(Value value);
    }

    private final Node node;
    private final Known known;

    TypeRules(Node node, Known known) {
        this.node = node;
        this.known = known;
    }

    /** The type of every output, or an {@link Unknown}. */
    List<TensorType> outputs() {
        return inferred().stream()
                .map(type -> new TensorType(
                        type.elementType(),
                        type.dimensions().stream()
                                .map(size -> size.isFixed() || !size.symbol().isEmpty() ? size : Dimension.UNKNOWN)
                                .toList()))
                .toList();
    }

    private List<TensorType> inferred() {
        return switch (node.operator()) {
            case "Relu", "LeakyRelu", "PRelu", "ThresholdedRelu", "Elu", "Selu", "Celu", "Sigmoid", "HardSigmoid" ->
                like();
            case "HardSwish", "Tanh", "Softplus", "Softsign", "Gelu", "Mish", "Erf", "Clip", "Sqrt", "Exp", "Log" ->
                like();
            case "Abs", "Reciprocal", "Neg", "Sign", "Sin", "Cos", "Tan", "Asin", "Acos", "Atan", "Sinh", "Cosh" ->
                like();
            case "Asinh", "Acosh", "Atanh", "Shrink", "Softmax", "LogSoftmax", "Hardmax", "Identity", "Floor" -> like();
            case "Ceil", "Round", "Not", "CumSum", "Trilu", "ScatterElements", "ScatterND", "LpNormalization" -> like();
            case "LRN", "InstanceNormalization", "GroupNormalization", "MeanVarianceNormalization" -> like();
            case "ReverseSequence" -> like();
            case "LayerNormalization", "BatchNormalization", "Dropout" -> first(type(0));
            case "Add", "Sub", "Mul", "Div", "Pow", "Mod", "Min", "Max", "Sum", "Mean" ->
                combined(type(0).elementType(), 0);
            case "Greater", "GreaterOrEqual", "Less", "LessOrEqual", "Equal", "And", "Or", "Xor" ->
                combined(ElementType.BOOL, 0);
            case "IsNaN", "IsInf" -> one(ElementType.BOOL, type(0).dimensions());
            case "Where" -> combined(type(1).elementType(), 0);
            case "Cast" -> one(elementType(node.attributes().integer("to", 0)), type(0).dimensions());
            case "CastLike" -> one(type(1).elementType(), type(0).dimensions());
            case "QuantizeLinear" -> one(quantized(), type(0).dimensions());
            case "DequantizeLinear" -> one(type(1).elementType(), type(0).dimensions());
            case "Shape" ->
                one(ElementType.INT64, List.of(Dimension.of(shown(node, type(0)).size())));
            case "Size" -> one(ElementType.INT64, List.of());
            case "ConstantOfShape" -> one(filling(), numbers(0));
            case "Expand" -> one(type(0).elementType(), broadcast(List.of(type(0).dimensions(), numbers(1))));
            case "ReduceSum", "ReduceMean", "ReduceMax", "ReduceMin", "ReduceProd", "ReduceL1", "ReduceL2" -> reduced();
            case "ReduceSumSquare", "ReduceLogSum", "ReduceLogSumExp" -> reduced();
            case "ArgMax", "ArgMin" -> {
                long axis = node.attributes().integer("axis", 0);
                yield one(ElementType.INT64, without(type(0), new long[] {axis}));
            }
            case "MatMul" -> product();
            case "Gemm" -> gemm();
            case "Einsum" -> einsum();
            case "Conv" -> convolved();
            case "ConvTranspose" -> transposed();
            case "MaxPool", "AveragePool", "LpPool" -> pooled();
            case "GlobalAveragePool", "GlobalMaxPool", "GlobalLpPool" ->
                one(type(0).elementType(), places(type(0), axis -> Dimension.of(1)));
            case "Concat" -> concatenated();
            case "Split" -> split();
            case "Slice" -> sliced();
            case "Pad" -> padded();
            case "Tile" -> tiled();
            case "Reshape" -> reshaped();
            case "Flatten" -> flattened();
            case "Squeeze" -> squeezed();
            case "Unsqueeze" -> unsqueezed();
            case "Transpose" -> turned();
            case "Gather" -> gathered();
            case "GatherElements" -> one(type(0).elementType(), type(1).dimensions());
            case "OneHot" -> oneHot();
            case "Resize" -> resized();
            case "Col2Im" -> assembled();
            case "DepthToSpace" -> blocks(1);
            case "SpaceToDepth" -> blocks(-1);
            case "GridSample" -> {
                List<Dimension> grid = type(1).dimensions();
                yield changed(type(0), Map.of(2, grid.get(1), 3, grid.get(2)));
            }
            default -> throw new Unknown("there is no type rule for " + node.operator());
        };
    }

    /** The dimensions that a Shape returns: from {@code start} to {@code end}. */
    static List<Dimension> shown(Node shape, TensorType type) {
        int rank = type.rank();
        int start = place(shape.attributes().integer("start", 0), rank);
        int end = place(shape.attributes().integer("end", rank), rank);
        return type.dimensions().subList(Math.min(start, end), end);
    }

    private static int place(long axis, int rank) {
        return (int) Math.max(0, Math.min(rank, axis < 0 ? axis + rank : axis));
    }

    private TensorType type(int input) {
        Value value = node.input(input);
        return known.type(value).orElseThrow(() -> new Unknown("the type of '" + value + "' is unknown"));
    }

    private List<Dimension> numbers(int input) {
        Value value = node.input(input);
        return known.numbers(value)
                .orElseThrow(() -> new Unknown("the contents of '" + value + "' are known only" + " at run time"));
    }

    private long[] constants(int input) {
        List<Dimension> numbers = numbers(input);
        if (numbers.stream().anyMatch(number -> !number.symbol().isEmpty())) {
            throw new Unknown("the contents of '" + node.input(input) + "' are known only at run time");
        }
        return numbers.stream().mapToLong(Dimension::size).toArray();
    }

    private int axis(long given, int rank) {
        return (int) (given < 0 ? given + rank : given);
    }

    private int axis(long fallback, TensorType type) {
        return axis(node.attributes().integer("axis", fallback), type.rank());
    }

    private List<TensorType> like() {
        return List.of(type(0));
    }

    private static List<TensorType> one(ElementType elementType, List<Dimension> dimensions) {
        return List.of(new TensorType(elementType, dimensions));
    }

    /** The type of the first output, if the others are unused. */
    private List<TensorType> first(TensorType type) {
        if (node.outputs().stream().skip(1).anyMatch(Value::isPresent)) {
            throw new Unknown("there is no type rule for further outputs of " + node.operator());
        }
        return List.of(type);
    }

    private static List<TensorType> changed(TensorType type, Map<Integer, Dimension> changes) {
        List<Dimension> dimensions = new ArrayList<>(type.dimensions());
        changes.forEach(dimensions::set);
        return one(type.elementType(), dimensions);
    }

    private static List<Dimension> places(TensorType type, Function<Integer, Dimension> size) {
        List<Dimension> dimensions = new ArrayList<>(type.dimensions().subList(0, 2));
        IntStream.range(2, type.rank()).forEach(axis -> dimensions.add(size.apply(axis)));
        return dimensions;
    }

    private List<TensorType> combined(ElementType elementType, int from) {
        List<List<Dimension>> all = new ArrayList<>();
        for (int i = from; i < node.inputs().size(); i++) {
            all.add(type(i).dimensions());
        }
        return one(elementType, broadcast(all));
    }

    private static List<Dimension> broadcast(List<List<Dimension>> all) {
        int rank = all.stream().mapToInt(List::size).max().orElse(0);
        List<Dimension> result = new ArrayList<>(Collections.nCopies(rank, Dimension.of(1)));
        for (List<Dimension> each : all) {
            for (int i = 0; i < each.size(); i++) {
                int at = rank - each.size() + i;
                result.set(at, wider(result.get(at), each.get(i)));
            }
        }
        return result;
    }

    private static Dimension wider(Dimension left, Dimension right) {
        if (left.size() == 1 || left.equals(right)) {
            return right;
        }
        if (right.size() == 1) {
            return left;
        }
        if (left.isFixed() && right.isFixed() && left.size() != right.size()) {
            throw new Unknown("sizes " + left + " and " + right + " do not broadcast");
        }
        return left.isFixed() ? left : right.isFixed() ? right : Dimension.UNKNOWN;
    }

    private static ElementType elementType(long code) {
        return ElementType.of(code).orElseThrow(() -> new Unknown("there is no element type " + code));
    }

    private ElementType quantized() {
        return node.input(2).isPresent()
                ? type(2).elementType()
                : elementType(node.attributes().integer("output_dtype", ElementType.UINT8.code()));
    }

    private ElementType filling() {
        return node.attributes().values().get("value") instanceof AttributeValue.OfTensor found
                ? found.value().elementType()
                : ElementType.FLOAT32;
    }

    private List<TensorType> reduced() {
        TensorType type = type(0);
        long[] axes = node.input(1).isPresent() ? constants(1) : new long[0];
        if (axes.length == 0) {
            axes = node.attributes().integer("noop_with_empty_axes", 0) == 1
                    ? new long[0]
                    : LongStream.range(0, type.rank()).toArray();
        }
        return one(type.elementType(), without(type, axes));
    }

    /** The dimensions without some axes, or with those set to 1. */
    private List<Dimension> without(TensorType type, long[] axes) {
        boolean kept = node.attributes().integer("keepdims", 1) == 1;
        List<Integer> reduced =
                LongStream.of(axes).mapToObj(axis -> axis(axis, type.rank())).toList();
        List<Dimension> dimensions = new ArrayList<>();
        for (int axis = 0; axis < type.rank(); axis++) {
            if (!reduced.contains(axis)) {
                dimensions.add(type.dimension(axis));
            } else if (kept) {
                dimensions.add(Dimension.of(1));
            }
        }
        return dimensions;
    }

    private List<TensorType> product() {
        TensorType left = type(0);
        TensorType right = type(1);
        if (left.rank() < 2 || right.rank() < 2) {
            throw new Unknown("there is no type rule for products with vectors");
        }
        List<Dimension> dimensions = new ArrayList<>(broadcast(List.of(
                left.dimensions().subList(0, left.rank() - 2),
                right.dimensions().subList(0, right.rank() - 2))));
        dimensions.add(left.dimension(-2));
        dimensions.add(right.dimension(-1));
        return one(left.elementType(), dimensions);
    }

    private List<TensorType> gemm() {
        int rows = node.attributes().integer("transA", 0) == 0 ? 0 : 1;
        int columns = node.attributes().integer("transB", 0) == 0 ? 1 : 0;
        return one(type(0).elementType(), List.of(type(0).dimension(rows), type(1).dimension(columns)));
    }

    private List<TensorType> einsum() {
        String[] sides = node.attributes().text("equation", "").replace(" ", "").split("->", -1);
        String[] terms = sides[0].split(",", -1);
        if (sides.length != 2 || sides[0].contains(".")) {
            throw new Unknown("there is no type rule for the equation "
                    + node.attributes().text("equation", ""));
        }
        Map<Integer, Dimension> sizes = new HashMap<>();
        for (int i = 0; i < terms.length; i++) {
            for (int axis = 0; axis < terms[i].length(); axis++) {
                sizes.merge((int) terms[i].charAt(axis), type(i).dimension(axis), TypeRules::wider);
            }
        }
        return one(type(0).elementType(), sides[1].chars().mapToObj(sizes::get).toList());
    }

    /** One axis of a sliding window. */
    private record Reach(long kernel, long stride, long dilation, long begin, long end) {
        long extent() {
            return dilation * (kernel - 1) + 1;
        }
    }

    private Reach reach(int axis, long[] kernel) {
        long[] ones = new long[kernel.length];
        Arrays.fill(ones, 1);
        long[] pads = node.attributes().integers("pads", new long[2 * kernel.length]);
        return new Reach(
                kernel[axis],
                node.attributes().integers("strides", ones)[axis],
                node.attributes().integers("dilations", ones)[axis],
                pads[axis],
                pads[axis + kernel.length]);
    }

    private Dimension windows(Dimension size, Reach reach) {
        if (!size.isFixed()) {
            boolean same = reach.stride() == 1 && reach.begin() + reach.end() == reach.extent() - 1;
            return same ? size : Dimension.UNKNOWN;
        }
        String autoPad = node.attributes().text("auto_pad", "NOTSET");
        if (autoPad.startsWith("SAME")) {
            return Dimension.of((size.size() + reach.stride() - 1) / reach.stride());
        }
        long pads = autoPad.equals("VALID") ? 0 : reach.begin() + reach.end();
        long room = size.size() + pads - reach.extent();
        boolean up = node.attributes().integer("ceil_mode", 0) == 1;
        long count = (up ? room + reach.stride() - 1 : room) / reach.stride() + 1;
        // A window that would start beyond the input does not count.
        boolean beyond = up && (count - 1) * reach.stride() >= size.size() + reach.begin();
        return Dimension.of(beyond ? count - 1 : count);
    }

    private long[] kernel() {
        long[] shape = type(1).shape();
        return Arrays.copyOfRange(shape, 2, shape.length);
    }

    private List<TensorType> convolved() {
        long[] kernel = kernel();
        List<Dimension> dimensions = new ArrayList<>(List.of(type(0).dimension(0), type(1).dimension(0)));
        for (int axis = 0; axis < kernel.length; axis++) {
            dimensions.add(
                    kernel[axis] < 0 ? Dimension.UNKNOWN : windows(type(0).dimension(axis + 2), reach(axis, kernel)));
        }
        return one(type(0).elementType(), dimensions);
    }

    private List<TensorType> transposed() {
        long[] kernel = kernel();
        long[] extra = node.attributes().integers("output_padding", new long[kernel.length]);
        Dimension group = type(1).dimension(1);
        List<Dimension> dimensions = new ArrayList<>(List.of(
                type(0).dimension(0),
                group.isFixed()
                        ? Dimension.of(group.size() * node.attributes().integer("group", 1))
                        : Dimension.UNKNOWN));
        for (int axis = 0; axis < kernel.length; axis++) {
            Dimension size = type(0).dimension(axis + 2);
            dimensions.add(
                    size.isFixed() && kernel[axis] >= 0
                            ? Dimension.of(spread(size.size(), axis, reach(axis, kernel), extra[axis]))
                            : Dimension.UNKNOWN);
        }
        return one(type(0).elementType(), dimensions);
    }

    private long spread(long size, int axis, Reach reach, long extra) {
        if (node.attributes().has("output_shape")) {
            return node.attributes().integers("output_shape")[axis];
        }
        String autoPad = node.attributes().text("auto_pad", "NOTSET");
        if (autoPad.startsWith("SAME")) {
            return size * reach.stride();
        }
        long pads = autoPad.equals("VALID") ? 0 : reach.begin() + reach.end();
        return reach.stride() * (size - 1) + extra + reach.extent() - pads;
    }

    private List<TensorType> pooled() {
        long[] kernel = node.attributes().integers("kernel_shape");
        List<Dimension> dimensions = places(type(0), axis -> windows(type(0).dimension(axis), reach(axis - 2, kernel)));
        TensorType values = new TensorType(type(0).elementType(), dimensions);
        return node.output(1).isPresent()
                ? List.of(values, new TensorType(ElementType.INT64, dimensions))
                : List.of(values);
    }

    private List<TensorType> concatenated() {
        int axis = axis(0, type(0));
        List<Dimension> dimensions = new ArrayList<>(type(0).dimensions());
        List<Dimension> along = new ArrayList<>();
        for (int i = 0; i < node.inputs().size(); i++) {
            TensorType type = type(i);
            along.add(type.dimension(axis));
            for (int other = 0; other < dimensions.size(); other++) {
                if (!dimensions.get(other).isFixed() && other != axis) {
                    dimensions.set(other, wider(dimensions.get(other), type.dimension(other)));
                }
            }
        }
        dimensions.set(axis, Extent.sum(along));
        return one(type(0).elementType(), dimensions);
    }

    private List<TensorType> split() {
        TensorType type = type(0);
        int axis = axis(0, type);
        int count = node.outputs().size();
        if (node.input(1).isPresent()) {
            return numbers(1).stream()
                    .map(size -> type.withDimension(axis, size))
                    .toList();
        }
        if (!type.dimension(axis).isFixed()) {
            throw new Unknown("the sizes of the parts are known only at run time");
        }
        long whole = type.dimension(axis).size();
        long each = (whole + count - 1) / count;
        return IntStream.range(0, count)
                .mapToObj(i -> type.withDimension(axis, Dimension.of(Math.min(each, whole - i * each))))
                .toList();
    }

    private List<TensorType> sliced() {
        TensorType type = type(0);
        long[] starts = constants(1);
        List<Dimension> ends = numbers(2);
        long[] axes = node.input(3).isPresent()
                ? constants(3)
                : LongStream.range(0, starts.length).toArray();
        Map<Integer, Dimension> changes = new HashMap<>();
        for (int i = 0; i < starts.length; i++) {
            int axis = axis(axes[i], type.rank());
            long step = node.input(4).isPresent() ? constants(4)[i] : 1;
            changes.put(axis, part(type.dimension(axis), starts[i], ends.get(i), step));
        }
        return changed(type, changes);
    }

    private static Dimension part(Dimension whole, long start, Dimension end, long step) {
        boolean number = end.symbol().isEmpty();
        if (!number) {
            return start == 0 && step == 1 ? end : Dimension.UNKNOWN;
        }
        if (!whole.isFixed()) {
            boolean all = step == 1 && start == 0 && end.size() >= Integer.MAX_VALUE
                    || step == -1 && start == -1 && end.size() <= Integer.MIN_VALUE;
            return all ? whole : Dimension.UNKNOWN;
        }
        long size = whole.size();
        long from = start < 0 ? start + size : start;
        long to = end.size() < 0 ? end.size() + size : end.size();
        if (step > 0) {
            from = Math.max(0, Math.min(size, from));
            to = Math.max(0, Math.min(size, to));
        } else {
            from = Math.max(0, Math.min(size - 1, from));
            to = Math.max(-1, Math.min(size - 1, to));
        }
        return Dimension.of(Math.max(0, (to - from + step - Long.signum(step)) / step));
    }

    private List<TensorType> padded() {
        TensorType type = type(0);
        long[] pads = constants(1);
        long[] axes = node.input(3).isPresent()
                ? constants(3)
                : LongStream.range(0, type.rank()).toArray();
        Map<Integer, Dimension> changes = new HashMap<>();
        for (int i = 0; i < axes.length; i++) {
            int axis = axis(axes[i], type.rank());
            long added = pads[i] + pads[i + axes.length];
            changes.put(axis, Extent.sum(List.of(type.dimension(axis), Dimension.of(added))));
        }
        return changed(type, changes);
    }

    private List<TensorType> tiled() {
        TensorType type = type(0);
        long[] repeats = constants(1);
        List<Dimension> dimensions = new ArrayList<>();
        for (int axis = 0; axis < repeats.length; axis++) {
            Dimension size = type.dimension(axis);
            dimensions.add(
                    repeats[axis] == 1
                            ? size
                            : size.isFixed() ? Dimension.of(size.size() * repeats[axis]) : Dimension.UNKNOWN);
        }
        return one(type.elementType(), dimensions);
    }

    private List<TensorType> reshaped() {
        TensorType type = type(0);
        boolean zero = node.attributes().integer("allowzero", 0) == 1;
        List<Dimension> dimensions = new ArrayList<>();
        List<Dimension> whole = new ArrayList<>(type.dimensions());
        List<Dimension> parts = new ArrayList<>();
        int inferred = -1;
        for (Dimension size : numbers(1)) {
            int axis = dimensions.size();
            dimensions.add(size);
            if (size.size() == 0 && !zero) {
                dimensions.set(axis, type.dimension(axis));
                // The same size on both sides, even if unknown.
                whole.set(axis, Dimension.of(1));
            } else if (size.isFixed() || !size.symbol().isEmpty()) {
                parts.add(size);
            } else {
                inferred = axis;
            }
        }
        if (inferred >= 0) {
            dimensions.set(inferred, Extent.quotient(whole, parts));
        }
        return one(type.elementType(), dimensions);
    }

    private List<TensorType> flattened() {
        TensorType type = type(0);
        int axis = axis(1, type);
        return one(
                type.elementType(),
                List.of(
                        Extent.product(type.dimensions().subList(0, axis)),
                        Extent.product(type.dimensions().subList(axis, type.rank()))));
    }

    private List<TensorType> squeezed() {
        TensorType type = type(0);
        List<Integer> axes = node.input(1).isPresent()
                ? LongStream.of(constants(1))
                        .mapToObj(axis -> axis(axis, type.rank()))
                        .toList()
                : IntStream.range(0, type.rank())
                        .filter(axis -> type.dimension(axis).size() == 1)
                        .boxed()
                        .toList();
        if (!node.input(1).isPresent() && !type.isStatic()) {
            throw new Unknown("the axes of size 1 are known only at run time");
        }
        return one(
                type.elementType(),
                IntStream.range(0, type.rank())
                        .filter(axis -> !axes.contains(axis))
                        .mapToObj(type::dimension)
                        .toList());
    }

    private List<TensorType> unsqueezed() {
        TensorType type = type(0);
        long[] given = constants(1);
        int rank = type.rank() + given.length;
        List<Integer> axes =
                LongStream.of(given).mapToObj(axis -> axis(axis, rank)).sorted().toList();
        List<Dimension> dimensions = new ArrayList<>(type.dimensions());
        axes.forEach(axis -> dimensions.add(axis, Dimension.of(1)));
        return one(type.elementType(), dimensions);
    }

    private List<TensorType> turned() {
        TensorType type = type(0);
        long[] reversed =
                LongStream.range(0, type.rank()).map(i -> type.rank() - 1 - i).toArray();
        return one(
                type.elementType(),
                LongStream.of(node.attributes().integers("perm", reversed))
                        .mapToObj(axis -> type.dimension((int) axis))
                        .toList());
    }

    private List<TensorType> gathered() {
        TensorType type = type(0);
        int axis = axis(0, type);
        List<Dimension> dimensions = new ArrayList<>(type.dimensions());
        dimensions.remove(axis);
        dimensions.addAll(axis, type(1).dimensions());
        return one(type.elementType(), dimensions);
    }

    private List<TensorType> oneHot() {
        List<Dimension> dimensions = new ArrayList<>(type(0).dimensions());
        int axis = axis(node.attributes().integer("axis", -1), dimensions.size() + 1);
        dimensions.add(axis, numbers(1).get(0));
        return one(type(2).elementType(), dimensions);
    }

    private List<TensorType> resized() {
        TensorType type = type(0);
        if (!node.attributes().text("keep_aspect_ratio_policy", "stretch").equals("stretch")) {
            throw new Unknown("there is no type rule for Resize that keeps ratios");
        }
        long[] axes = node.attributes()
                .integers("axes", LongStream.range(0, type.rank()).toArray());
        List<Dimension> sizes = node.input(3).isPresent() ? numbers(3) : scaled(type, axes);
        Map<Integer, Dimension> changes = new HashMap<>();
        for (int i = 0; i < axes.length; i++) {
            changes.put(axis(axes[i], type.rank()), sizes.get(i));
        }
        return changed(type, changes);
    }

    private List<Dimension> scaled(TensorType type, long[] axes) {
        float[] scales = known.constantOf(node.input(2))
                .filter(tensor -> tensor.elements() == axes.length)
                .orElseThrow(() -> new Unknown("the scales are known only at run time"))
                .toFloats();
        return IntStream.range(0, axes.length)
                .mapToObj(i -> scaled(type.dimension(axis(axes[i], type.rank())), scales[i]))
                .toList();
    }

    private static Dimension scaled(Dimension size, float scale) {
        if (scale == 1) {
            return size;
        }
        return size.isFixed() ? Dimension.of((long) Math.floor(size.size() * scale)) : Dimension.UNKNOWN;
    }

    private List<TensorType> assembled() {
        TensorType type = type(0);
        long places = LongStream.of(constants(2)).reduce(1, (a, b) -> a * b);
        List<Dimension> dimensions = new ArrayList<>();
        dimensions.add(type.dimension(0));
        dimensions.add(
                type.dimension(1).isFixed() ? Dimension.of(type.dimension(1).size() / places) : Dimension.UNKNOWN);
        dimensions.addAll(numbers(1));
        return one(type.elementType(), dimensions);
    }

    /** Channels as positions of blocks, or the reverse. */
    private List<TensorType> blocks(int sign) {
        TensorType type = type(0);
        long block = node.attributes().integer("blocksize", 1);
        List<Dimension> dimensions = new ArrayList<>();
        dimensions.add(type.dimension(0));
        for (int axis = 1; axis < type.rank(); axis++) {
            Dimension size = type.dimension(axis);
            boolean grows = (axis > 1) == (sign > 0);
            long factor = axis == 1 ? block * block : block;
            dimensions.add(
                    size.isFixed()
                            ? Dimension.of(grows ? size.size() * factor : size.size() / factor)
                            : Dimension.UNKNOWN);
        }
        return one(type.elementType(), dimensions);
    }
}
