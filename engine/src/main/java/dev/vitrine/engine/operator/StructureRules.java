package dev.vitrine.engine.operator;

import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Dimension;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** Gradients of operators that move, copy or drop elements: each element's gradient goes back to where it came from. */
final class StructureRules {
    private StructureRules() {}

    /** An input that must be a constant {@code i64[n]} or i32. */
    static long[] constantLongs(Node node, int index, BackwardContext c) {
        Tensor tensor = c.constant(node.input(index))
                .orElseThrow(() -> c.unsupported(
                        "input " + index + " ('" + node.input(index) + "') that is known only at run time",
                        "a constant",
                        "Give the model a fixed input size and fold constants first"));
        if (tensor.elementType() == ElementType.INT64) {
            return tensor.toLongs();
        }
        java.nio.IntBuffer ints = tensor.bytes().asIntBuffer();
        return LongStream.range(0, tensor.elements())
                .map(i -> ints.get((int) i))
                .toArray();
    }

    private static int axis(Node node, long fallback, int rank) {
        long axis = node.attributes().integer("axis", fallback);
        return (int) (axis < 0 ? axis + rank : axis);
    }

    static InputGradients identity(Node node, List<Value> gradients, BackwardContext c) {
        return gradients.get(0).isPresent() ? InputGradients.of(gradients.get(0)) : InputGradients.NOTHING;
    }

    static InputGradients dropout(Node node, List<Value> gradients, BackwardContext c) {
        Value training = node.input(2);
        boolean dropsNothing = c.constant(node.input(1))
                .filter(ratio -> ratio.elementType() == ElementType.FLOAT32 && ratio.toFloats()[0] == 0)
                .isPresent();
        boolean inference = dropsNothing
                || !training.isPresent()
                || c.constant(training)
                        .filter(tensor -> tensor.bytes().get(0) == 0)
                        .isPresent();
        if (!inference) {
            throw c.unsupported("a training_mode that may be true", "none or false", "Export the model for inference");
        }
        return identity(node, gradients, c);
    }

    static InputGradients cast(Node node, List<Value> gradients, BackwardContext c) {
        Value x = node.input(0);
        if (!c.type(x).elementType().isFloating()) {
            return InputGradients.NOTHING;
        }
        boolean same = c.type(x).elementType() == c.type(node.output()).elementType();
        return InputGradients.of(same ? gradients.get(0) : c.cast(gradients.get(0), x));
    }

    /** Reshape, Flatten, Squeeze, Unsqueeze. */
    static InputGradients reshape(Node node, List<Value> gradients, BackwardContext c) {
        return InputGradients.of(c.reshapeLike(gradients.get(0), node.input(0)));
    }

    static InputGradients transpose(Node node, List<Value> gradients, BackwardContext c) {
        int rank = c.rank(node.input(0));
        long[] reversed = LongStream.range(0, rank).map(i -> rank - 1 - i).toArray();
        long[] permutation = node.attributes().integers("perm", reversed);
        long[] inverse = new long[rank];
        for (int i = 0; i < rank; i++) {
            inverse[(int) permutation[i]] = i;
        }
        return InputGradients.of(c.transpose(gradients.get(0), inverse));
    }

    static InputGradients concat(Node node, List<Value> gradients, BackwardContext c) {
        int axis = axis(node, 0, c.rank(node.output()));
        if (node.inputs().size() == 1) {
            return InputGradients.of(gradients.get(0));
        }
        Optional<Value> uniform = axis == 1 ? c.forward().forms().uniform(gradients.get(0)) : Optional.empty();
        List<Value> parts = c.builder()
                .nodes(
                        "Split",
                        node.inputs().size(),
                        Attributes.NONE.with("axis", axis),
                        uniform.orElse(gradients.get(0)),
                        sizes(node.inputs(), axis, c));
        if (uniform.isEmpty()) {
            return new InputGradients(parts);
        }
        List<Value> spread = new ArrayList<>();
        for (int i = 0; i < parts.size(); i++) {
            spread.add(Blocks.spread(parts.get(i), node.input(i), c));
        }
        return new InputGradients(spread);
    }

    /** The sizes of some values along an axis, {@code i64[n]}. */
    private static Value sizes(List<Value> values, int axis, BackwardContext c) {
        boolean known =
                values.stream().allMatch(value -> c.type(value).dimension(axis).isFixed());
        if (known) {
            return c.builder()
                    .vector(values.stream()
                            .mapToLong(value -> c.size(value, axis))
                            .toArray());
        }
        Value[] each = values.stream().map(value -> c.dimensionOf(value, axis)).toArray(Value[]::new);
        return c.node("Concat", Attributes.NONE.with("axis", 0), each);
    }

    static InputGradients split(Node node, List<Value> gradients, BackwardContext c) {
        int axis = axis(node, 0, c.rank(node.input(0)));
        List<Value> parts = new ArrayList<>();
        for (int i = 0; i < node.outputs().size(); i++) {
            parts.add(gradients.get(i).isPresent() ? gradients.get(i) : c.zerosLike(c.forwardOutput(i)));
        }
        return InputGradients.of(c.node("Concat", Attributes.NONE.with("axis", axis), parts.toArray(Value[]::new)));
    }

    static InputGradients slice(Node node, List<Value> gradients, BackwardContext c) {
        Value x = node.input(0);
        int rank = c.rank(x);
        long[] starts = constantLongs(node, 1, c);
        long[] ends = constantLongs(node, 2, c);
        long[] axes = node.input(3).isPresent()
                ? constantLongs(node, 3, c)
                : LongStream.range(0, starts.length).toArray();
        long[] steps = node.input(4).isPresent() ? constantLongs(node, 4, c) : ones(starts.length);
        Value gradient = gradients.get(0);
        long[] pads = new long[2 * rank];
        int[] ascending = IntStream.range(0, axes.length)
                .boxed()
                .sorted(Comparator.comparingLong(i -> axes[i] < 0 ? axes[i] + rank : axes[i]))
                .mapToInt(Integer::intValue)
                .toArray();
        for (int i : ascending) {
            int axis = (int) (axes[i] < 0 ? axes[i] + rank : axes[i]);
            boolean matches =
                    c.type(x).dimension(axis).matches(c.type(node.output()).dimension(axis));
            if (starts[i] == 0 && steps[i] == 1 && (matches || ends[i] >= Integer.MAX_VALUE)) {
                continue;
            }
            long in = c.size(x, axis);
            long out = c.size(node.output(), axis);
            long start = Math.max(0, Math.min(starts[i] < 0 ? starts[i] + in : starts[i], steps[i] < 0 ? in - 1 : in));
            if (steps[i] < 0) {
                gradient = reverse(gradient, axis, c);
                start += (out - 1) * steps[i];
            }
            long step = Math.abs(steps[i]);
            long covered = out;
            if (step > 1) {
                gradient = spreadOut(gradient, axis, step, node.output(), c);
                covered = (out - 1) * step + 1;
            }
            pads[axis] = start;
            pads[rank + axis] = in - start - covered;
        }
        boolean nothing = LongStream.of(pads).allMatch(pad -> pad == 0);
        return InputGradients.of(
                nothing ? gradient : c.node("Pad", gradient, c.builder().vector(pads)));
    }

    private static Value reverse(Value value, int axis, BackwardContext c) {
        return c.node(
                "Slice",
                value,
                c.builder().vector(-1),
                c.builder().vector(Long.MIN_VALUE + 1),
                c.builder().vector(axis),
                c.builder().vector(-1));
    }

    /**
     * Puts {@code step − 1} zeros between neighbors along an axis: n becomes (n − 1) step + 1.
     *
     * @param like has the sizes of the axes behind this one
     */
    private static Value spreadOut(Value value, int axis, long step, Value like, BackwardContext c) {
        int rank = c.rank(like);
        long out = c.size(like, axis);
        Value column = c.node("Unsqueeze", value, c.builder().vector(axis + 1));
        long[] pads = new long[2 * (rank + 1)];
        pads[rank + 1 + axis + 1] = step - 1;
        Value padded = c.node("Pad", column, c.builder().vector(pads));
        long[] merged = new long[rank];
        for (int i = axis; i < rank; i++) {
            merged[i] = i == axis ? out * step : c.size(like, i);
        }
        return c.node(
                "Slice",
                c.reshape(padded, merged),
                c.builder().vector(0),
                c.builder().vector((out - 1) * step + 1),
                c.builder().vector(axis));
    }

    static InputGradients pad(Node node, List<Value> gradients, BackwardContext c) {
        Value x = node.input(0);
        int rank = c.rank(x);
        if (node.input(2).isPresent() && c.wants(2)) {
            throw c.unsupported(
                    "a gradient asked for its padding value", "a fixed padding value", "Pad with a constant");
        }
        long[] given = constantLongs(node, 1, c);
        long[] axes = node.input(3).isPresent()
                ? constantLongs(node, 3, c)
                : LongStream.range(0, rank).toArray();
        String mode = node.attributes().text("mode", "constant");
        Value gradient = gradients.get(0);
        List<Long> starts = new ArrayList<>();
        List<Long> ends = new ArrayList<>();
        List<Long> sliced = new ArrayList<>();
        long[] restored = new long[2 * rank];
        boolean restores = false;
        for (int i = 0; i < axes.length; i++) {
            int axis = (int) (axes[i] < 0 ? axes[i] + rank : axes[i]);
            long begin = given[i];
            long end = given[axes.length + i];
            if (begin == 0 && end == 0) {
                continue;
            }
            if (!mode.equals("constant")) {
                long in = c.size(x, axis);
                int from = (int) (in + begin + end);
                float[][] matrix = new float[from][(int) in];
                for (int o = 0; o < from; o++) {
                    matrix[o][(int) padSource(o - begin, in, mode, c)] = 1;
                }
                gradient = c.alongAxis(gradient, axis, rank, matrix(matrix, c));
                continue;
            }
            starts.add(Math.max(0, begin));
            ends.add(end > 0 ? -end : Long.MAX_VALUE);
            sliced.add((long) axis);
            restored[axis] = Math.max(0, -begin);
            restored[rank + axis] = Math.max(0, -end);
            restores |= begin < 0 || end < 0;
        }
        if (!sliced.isEmpty()) {
            gradient = c.node("Slice", gradient, vector(starts, c), vector(ends, c), vector(sliced, c));
        }
        if (restores) {
            gradient = c.node("Pad", gradient, c.builder().vector(restored));
        }
        return InputGradients.of(gradient);
    }

    private static long padSource(long place, long size, String mode, BackwardContext c) {
        return switch (mode) {
            case "edge" -> Math.max(0, Math.min(size - 1, place));
            case "wrap" -> Math.floorMod(place, size);
            case "reflect" -> {
                long period = Math.max(1, 2 * (size - 1));
                long folded = Math.floorMod(place, period);
                yield folded < size ? folded : period - folded;
            }
            default -> throw c.unsupported("mode=" + mode, "constant, edge, reflect or wrap", "Pad in another mode");
        };
    }

    static InputGradients expand(Node node, List<Value> gradients, BackwardContext c) {
        return InputGradients.of(c.unbroadcast(gradients.get(0), node.output(), node.input(0)));
    }

    static InputGradients tile(Node node, List<Value> gradients, BackwardContext c) {
        Value x = node.input(0);
        long[] repeats = constantLongs(node, 1, c);
        List<Long> shape = new ArrayList<>();
        List<Long> summed = new ArrayList<>();
        for (int axis = 0; axis < repeats.length; axis++) {
            Dimension dimension = c.type(x).dimension(axis);
            shape.add(repeats[axis]);
            summed.add(2L * axis);
            shape.add(dimension.isFixed() ? dimension.size() : -1);
        }
        Value split = c.node("Reshape", gradients.get(0), vector(shape, c));
        return InputGradients.of(
                c.sumAway(split, summed.stream().mapToLong(Long::longValue).toArray()));
    }

    /** The gradient of each entry is the sum over the indices that selected it: a product with their one-hot rows. */
    static InputGradients gather(Node node, List<Value> gradients, BackwardContext c) {
        if (!c.wants(0)) {
            return InputGradients.NOTHING;
        }
        Value data = node.input(0);
        Value indices = node.input(1);
        int rank = c.rank(data);
        int axis = axis(node, 0, rank);
        int indexRank = c.rank(indices);
        Value gradient = gradients.get(0);
        if (indexRank == 0) {
            gradient = c.node("Unsqueeze", gradient, c.builder().vector(axis));
        } else if (indexRank > 1) {
            long[] shape = new long[rank];
            for (int i = 0; i < rank; i++) {
                shape[i] = i < axis ? 0 : i == axis ? -1 : c.size(data, i);
            }
            gradient = c.reshape(gradient, shape);
        }
        Value depth = c.builder().vector(c.size(data, axis));
        Value values = c.builder().constant(Tensor.floats(new float[] {0, 1}, 2));
        Value rows = c.node("OneHot", c.reshape(indices, -1), depth, values);
        return InputGradients.of(c.alongAxis(gradient, axis, rank, rows));
    }

    static InputGradients gatherElements(Node node, List<Value> gradients, BackwardContext c) {
        Value data = node.input(0);
        Attributes attributes =
                Attributes.NONE.with("axis", axis(node, 0, c.rank(data))).with("reduction", "add");
        return InputGradients.of(
                c.node("ScatterElements", attributes, c.zerosLike(data), node.input(1), gradients.get(0)));
    }

    /**
     * The gradient at each update's position goes to the update; the data gets dy, but 0 where an update replaced it.
     * Two updates of one position must be added.
     */
    static InputGradients scatterElements(Node node, List<Value> gradients, BackwardContext c) {
        String reduction = node.attributes().text("reduction", "none");
        if (!reduction.equals("add") && !reduction.equals("none")) {
            throw c.unsupported("reduction=" + reduction, "none or add", "Scatter with reduction=add");
        }
        Attributes attributes = Attributes.NONE.with("axis", node.attributes().integer("axis", 0));
        Value gradient = gradients.get(0);
        Value indices = node.input(1);
        Value data = c.wants(0) && reduction.equals("none")
                ? c.node("ScatterElements", attributes, gradient, indices, c.zerosLike(node.input(2)))
                : gradient;
        Value updates = c.wants(2) ? c.node("GatherElements", attributes, gradient, indices) : Value.NONE;
        return InputGradients.of(data, Value.NONE, updates);
    }

    static InputGradients triangle(Node node, List<Value> gradients, BackwardContext c) {
        return InputGradients.of(c.node("Trilu", node.attributes(), gradients.get(0), node.input(1)));
    }

    static InputGradients depthToSpace(Node node, List<Value> gradients, BackwardContext c) {
        long block = node.attributes().integer("blocksize", 1);
        Value x = node.input(0);
        if (node.attributes().text("mode", "DCR").equals("DCR")) {
            return InputGradients.of(
                    c.node("SpaceToDepth", Attributes.NONE.with("blocksize", block), gradients.get(0)));
        }
        long height = c.size(x, 2);
        long width = c.size(x, 3);
        long channels = c.size(x, 1) / (block * block);
        Value parts = c.reshape(gradients.get(0), -1, channels, height, block, width, block);
        return InputGradients.of(c.reshapeLike(c.transpose(parts, 0, 1, 3, 5, 2, 4), x));
    }

    static InputGradients spaceToDepth(Node node, List<Value> gradients, BackwardContext c) {
        return InputGradients.of(c.node(
                "DepthToSpace",
                Attributes.NONE.with("blocksize", node.attributes().integer("blocksize", 1)),
                gradients.get(0)));
    }

    /** Resampling is linear and separable, so its adjoint is a product with each axis's weights, transposed. */
    static InputGradients resize(Node node, List<Value> gradients, BackwardContext c) {
        Value x = node.input(0);
        int rank = c.rank(x);
        Value gradient = gradients.get(0);
        for (int axis = 0; axis < rank; axis++) {
            if (ResizeWeights.keeps(node, axis, c)) {
                continue;
            }
            float[][] weights = ResizeWeights.of(node, axis, c);
            gradient = c.alongAxis(gradient, axis, rank, matrix(weights, c));
        }
        return InputGradients.of(gradient);
    }

    /** None: a step function, or a result that is not a real number. */
    static InputGradients none(Node node, List<Value> gradients, BackwardContext c) {
        return InputGradients.NOTHING;
    }

    /** None for the indices; the values of OneHot and the ends of Range would have gradients and must be constant. */
    static InputGradients oneHotOrRange(Node node, List<Value> gradients, BackwardContext c) {
        for (int i = 0; i < node.inputs().size(); i++) {
            boolean real = c.type(node.input(i)).elementType().isFloating();
            boolean indices = i == 0 && node.opType().equals("OneHot");
            if (real && !indices && c.wants(i)) {
                throw c.unsupported("a gradient asked for input " + i, "constant values", "Use constants there");
            }
        }
        return InputGradients.NOTHING;
    }

    private static Value matrix(float[][] rows, BackwardContext c) {
        int columns = rows[0].length;
        float[] flat = new float[rows.length * columns];
        for (int i = 0; i < rows.length; i++) {
            System.arraycopy(rows[i], 0, flat, i * columns, columns);
        }
        return c.builder().constant(Tensor.floats(flat, rows.length, columns));
    }

    private static Value vector(List<Long> values, BackwardContext c) {
        return c.builder().vector(values.stream().mapToLong(Long::longValue).toArray());
    }

    private static long[] ones(int count) {
        return LongStream.generate(() -> 1).limit(count).toArray();
    }
}
