package dev.vitrine.engine.oracle;

import dev.vitrine.engine.graph.AttributeValue;
import dev.vitrine.engine.oracle.NDArray.Kind;
import java.util.Arrays;
import java.util.function.DoubleBinaryOperator;
import java.util.stream.IntStream;

/** Operators that read or write at computed places, and those that make values out of shapes. */
final class Indexing {
    private Indexing() {}

    private static int wrap(double index, long length) {
        int wrapped = (int) (index < 0 ? index + length : index);
        if (wrapped < 0 || wrapped >= length) {
            throw new IndexOutOfBoundsException("index " + index + " along a dimension of " + length);
        }
        return wrapped;
    }

    private static long[] join(long[]... parts) {
        return Arrays.stream(parts).flatMapToLong(Arrays::stream).toArray();
    }

    private static long[] from(long[] shape, int start) {
        return Arrays.copyOfRange(shape, start, shape.length);
    }

    static NDArray gather(Call call) {
        NDArray x = call.in(0);
        NDArray indices = call.in(1);
        int axis = call.axis(0, x.rank());
        int length = x.dimension(axis);
        int inner = NDArray.count(from(x.shape(), axis + 1));
        int outer = NDArray.count(Arrays.copyOf(x.shape(), axis));
        double[] y = new double[outer * indices.size() * inner];
        for (int o = 0; o < outer; o++) {
            for (int i = 0; i < indices.size(); i++) {
                int source = (o * length + wrap(indices.data()[i], length)) * inner;
                System.arraycopy(x.data(), source, y, (o * indices.size() + i) * inner, inner);
            }
        }
        long[] shape = join(Arrays.copyOf(x.shape(), axis), indices.shape(), from(x.shape(), axis + 1));
        return new NDArray(y, shape, x.kind());
    }

    /** Where in {@code x} each element of {@code indices} points when it replaces the index along an axis. */
    private static int[] pointed(NDArray x, NDArray indices, int axis) {
        long[] strides = x.strides();
        long alongAxis = strides[axis];
        strides[axis] = 0;
        int[] offsets = NDArray.walk(indices.shape(), strides, 0);
        for (int i = 0; i < offsets.length; i++) {
            offsets[i] += wrap(indices.data()[i], x.dimension(axis)) * alongAxis;
        }
        return offsets;
    }

    static NDArray gatherElements(Call call) {
        NDArray x = call.in(0);
        NDArray indices = call.in(1);
        return x.pick(pointed(x, indices, call.axis(0, x.rank())), indices.shape());
    }

    private static DoubleBinaryOperator reduction(Call call) {
        return switch (call.text("reduction", "none")) {
            case "none" -> (old, update) -> update;
            case "add" -> Double::sum;
            case "mul" -> (old, update) -> old * update;
            case "max" -> Math::max;
            case "min" -> Math::min;
            default -> throw call.error("no such reduction");
        };
    }

    static NDArray scatterElements(Call call) {
        NDArray x = call.in(0);
        int[] targets = pointed(x, call.in(1), call.axis(0, x.rank()));
        DoubleBinaryOperator reduction = reduction(call);
        double[] y = x.data().clone();
        for (int i = 0; i < targets.length; i++) {
            y[targets[i]] = reduction.applyAsDouble(y[targets[i]], call.in(2).data()[i]);
        }
        return new NDArray(y, x.shape(), x.kind());
    }

    /** Where in {@code x} each row of {@code indices} points, after {@code batch} common leading dimensions. */
    private static int[] tuples(NDArray x, NDArray indices, int batch) {
        int length = indices.dimension(-1);
        int rows = NDArray.count(Arrays.copyOf(indices.shape(), indices.rank() - 1));
        int batches = NDArray.count(Arrays.copyOf(x.shape(), batch));
        int batchSize = x.size() / batches;
        int[] offsets = new int[rows];
        for (int row = 0; row < rows; row++) {
            offsets[row] = row / (rows / batches) * batchSize;
            for (int i = 0; i < length; i++) {
                int axis = batch + i;
                offsets[row] += wrap(indices.data()[row * length + i], x.dimension(axis)) * (int) x.strides()[axis];
            }
        }
        return offsets;
    }

    static NDArray gatherND(Call call) {
        NDArray x = call.in(0);
        NDArray indices = call.in(1);
        int batch = (int) call.integer("batch_dims", 0);
        long[] rest = from(x.shape(), batch + indices.dimension(-1));
        int inner = NDArray.count(rest);
        int[] offsets = tuples(x, indices, batch);
        double[] y = new double[offsets.length * inner];
        for (int i = 0; i < offsets.length; i++) {
            System.arraycopy(x.data(), offsets[i], y, i * inner, inner);
        }
        return new NDArray(y, join(Arrays.copyOf(indices.shape(), indices.rank() - 1), rest), x.kind());
    }

    static NDArray scatterND(Call call) {
        NDArray x = call.in(0);
        NDArray indices = call.in(1);
        int inner = NDArray.count(from(x.shape(), indices.dimension(-1)));
        int[] offsets = tuples(x, indices, 0);
        DoubleBinaryOperator reduction = reduction(call);
        double[] y = x.data().clone();
        for (int i = 0; i < offsets.length; i++) {
            for (int j = 0; j < inner; j++) {
                int at = offsets[i] + j;
                y[at] = reduction.applyAsDouble(y[at], call.in(2).data()[i * inner + j]);
            }
        }
        return new NDArray(y, x.shape(), x.kind());
    }

    static NDArray compress(Call call) {
        NDArray x = call.in(0);
        int[] kept = places(call.in(1));
        if (!call.node().attributes().has("axis")) {
            return x.pick(kept, new long[] {kept.length});
        }
        int axis = call.axis(0, x.rank());
        long[] shape = x.shape().clone();
        shape[axis] = kept.length;
        int stride = (int) x.strides()[axis];
        int length = x.dimension(axis);
        int[] offsets = new int[NDArray.count(shape)];
        for (int i = 0; i < offsets.length; i++) {
            int outer = i / (stride * kept.length);
            offsets[i] = (outer * length + kept[i / stride % kept.length]) * stride + i % stride;
        }
        return x.pick(offsets, shape);
    }

    private static int[] places(NDArray condition) {
        return IntStream.range(0, condition.size())
                .filter(i -> condition.data()[i] != 0)
                .toArray();
    }

    static NDArray nonZero(Call call) {
        NDArray x = call.in(0);
        int[] places = places(x);
        double[] y = new double[x.rank() * places.length];
        for (int axis = 0; axis < x.rank(); axis++) {
            for (int i = 0; i < places.length; i++) {
                y[axis * places.length + i] = places[i] / x.strides()[axis] % x.dimension(axis);
            }
        }
        return new NDArray(y, new long[] {x.rank(), places.length}, NDArray.Kind.INTEGER);
    }

    static NDArray oneHot(Call call) {
        NDArray indices = call.in(0);
        int depth = (int) call.in(1).item();
        double off = call.in(2).data()[0];
        double on = call.in(2).data()[1];
        int axis = call.axis(-1, indices.rank() + 1);
        long[] outer = Arrays.copyOf(indices.shape(), axis);
        long[] inner = from(indices.shape(), axis);
        long[] shape = join(outer, new long[] {depth}, inner);
        double[] y = new double[NDArray.count(shape)];
        Arrays.fill(y, off);
        int innerSize = NDArray.count(inner);
        for (int i = 0; i < indices.size(); i++) {
            double index = indices.data()[i] < 0 ? indices.data()[i] + depth : indices.data()[i];
            if (index >= 0 && index < depth) {
                y[(i / innerSize * depth + (int) index) * innerSize + i % innerSize] = on;
            }
        }
        return new NDArray(y, shape, call.in(2).kind());
    }

    static NDArray shape(Call call) {
        long[] shape = call.in(0).shape();
        int start = bound(call.integer("start", 0), shape.length);
        int end = bound(call.integer("end", shape.length), shape.length);
        return NDArray.integers(Arrays.copyOfRange(shape, start, Math.max(start, end)));
    }

    private static int bound(long axis, int rank) {
        return (int) Math.max(0, Math.min(rank, axis < 0 ? axis + rank : axis));
    }

    static NDArray size(Call call) {
        return new NDArray(new double[] {call.in(0).size()}, new long[0], Kind.INTEGER);
    }

    static NDArray constant(Call call) {
        AttributeValue value =
                call.node().attributes().values().values().iterator().next();
        if (value instanceof AttributeValue.OfTensor tensor) {
            return NDArray.of(tensor.value());
        }
        if (value instanceof AttributeValue.OfFloat real) {
            return NDArray.scalar(real.value());
        }
        if (value instanceof AttributeValue.OfLong integer) {
            return NDArray.integers(integer.value()).reshape();
        }
        if (value instanceof AttributeValue.OfLongs integers) {
            return NDArray.integers(
                    integers.values().stream().mapToLong(Long::longValue).toArray());
        }
        if (value instanceof AttributeValue.OfFloats reals) {
            return new NDArray(
                    reals.values().stream().mapToDouble(Float::doubleValue).toArray(),
                    reals.values().size());
        }
        throw call.error("the interpreter holds no such constant");
    }

    static NDArray constantOfShape(Call call) {
        NDArray value = call.node().attributes().values().get("value") instanceof AttributeValue.OfTensor tensor
                ? NDArray.of(tensor.value())
                : NDArray.scalar(0);
        return value.reshape().expand(call.in(0).toLongs());
    }

    static NDArray range(Call call) {
        double start = call.in(0).item();
        double step = call.in(2).item();
        int count = (int) Math.max(0, Math.ceil((call.in(1).item() - start) / step));
        double[] y = new double[count];
        Arrays.setAll(y, i -> start + i * step);
        return new NDArray(y, new long[] {count}, call.in(0).kind());
    }
}
