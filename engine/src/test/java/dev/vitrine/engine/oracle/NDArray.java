package dev.vitrine.engine.oracle;

import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/** An n-dimensional array in row-major order whose every element is a double; {@code kind} keeps integer division apart. */
public record NDArray(double[] data, long[] shape, Kind kind) {
    /** How an element behaves: integers divide towards zero, truths are 0 or 1. */
    public enum Kind {
        REAL,
        INTEGER,
        BOOLEAN
    }

    public NDArray {
        if (data.length != Tensor.elements(shape)) {
            throw new IllegalArgumentException(
                    "expected as many elements as " + Arrays.toString(shape) + " has, found " + data.length);
        }
    }

    public NDArray(double[] data, long... shape) {
        this(data, shape, Kind.REAL);
    }

    public static NDArray zeros(long... shape) {
        return new NDArray(new double[count(shape)], shape);
    }

    public static NDArray scalar(double value) {
        return new NDArray(new double[] {value});
    }

    /** {@code i64[n]}. */
    public static NDArray integers(long... values) {
        return new NDArray(Arrays.stream(values).asDoubleStream().toArray(), new long[] {values.length}, Kind.INTEGER);
    }

    /** Standard normal numbers. */
    public static NDArray normal(RandomGenerator random, long... shape) {
        return new NDArray(
                random.doubles(count(shape))
                        .map(unused -> random.nextGaussian())
                        .toArray(),
                shape);
    }

    /** The tensor's elements, each widened exactly (i64 beyond 2^53 rounds). */
    public static NDArray of(Tensor tensor) {
        int size = Math.toIntExact(tensor.elements());
        double[] data = new double[size];
        ByteBuffer bytes = tensor.bytes();
        Kind kind = Kind.INTEGER;
        switch (tensor.elementType()) {
            case FLOAT32 -> {
                FloatBuffer floats = bytes.asFloatBuffer();
                for (int i = 0; i < size; i++) {
                    data[i] = floats.get(i);
                }
                kind = Kind.REAL;
            }
            case FLOAT64 -> {
                bytes.asDoubleBuffer().get(data);
                kind = Kind.REAL;
            }
            case INT64 -> Arrays.setAll(data, bytes.asLongBuffer()::get);
            case INT32 -> Arrays.setAll(data, bytes.asIntBuffer()::get);
            case INT8 -> Arrays.setAll(data, bytes::get);
            case UINT8 -> Arrays.setAll(data, i -> bytes.get(i) & 0xff);
            case BOOL -> {
                Arrays.setAll(data, bytes::get);
                kind = Kind.BOOLEAN;
            }
            case FLOAT16, BFLOAT16, INT16, UINT16, UINT32, UINT64, STRING ->
                throw new IllegalArgumentException("the interpreter holds no " + tensor.elementType());
        }
        return new NDArray(data, tensor.shape(), kind);
    }

    /** As f32, i64 or bool by {@code kind}. */
    public Tensor toTensor() {
        ElementType type = switch (kind) {
            case REAL -> ElementType.FLOAT32;
            case INTEGER -> ElementType.INT64;
            case BOOLEAN -> ElementType.BOOL;
        };
        ByteBuffer bytes = Tensor.allocate(type, shape);
        for (double value : data) {
            switch (kind) {
                case REAL -> bytes.putFloat((float) value);
                case INTEGER -> bytes.putLong((long) value);
                case BOOLEAN -> bytes.put((byte) value);
            }
        }
        return Tensor.wrap(type, shape, bytes.flip());
    }

    public int size() {
        return data.length;
    }

    public int rank() {
        return shape.length;
    }

    /** Size along an axis; a negative axis counts from the end. */
    public int dimension(int axis) {
        return (int) shape[axis < 0 ? axis + shape.length : axis];
    }

    public long[] toLongs() {
        return Arrays.stream(data).mapToLong(value -> (long) value).toArray();
    }

    public double item() {
        if (data.length != 1) {
            throw new IllegalStateException("expected one element, found " + this);
        }
        return data[0];
    }

    /** The same elements under another shape. */
    public NDArray reshape(long... newShape) {
        return new NDArray(data, newShape, kind);
    }

    public NDArray withKind(Kind newKind) {
        return new NDArray(data, shape, newKind);
    }

    /** Row-major strides in elements. */
    long[] strides() {
        return strides(shape);
    }

    static long[] strides(long[] shape) {
        long[] strides = new long[shape.length];
        long stride = 1;
        for (int axis = shape.length - 1; axis >= 0; axis--) {
            strides[axis] = stride;
            stride *= shape[axis];
        }
        return strides;
    }

    /** {@code offsets[i] = base + Σ index[d]·strides[d]} for the i-th index of {@code shape} in row-major order. */
    static int[] walk(long[] shape, long[] strides, long base) {
        int[] offsets = new int[count(shape)];
        long[] index = new long[shape.length];
        long offset = base;
        for (int i = 0; i < offsets.length; i++) {
            offsets[i] = (int) offset;
            for (int axis = shape.length - 1; axis >= 0; axis--) {
                offset += strides[axis];
                index[axis]++;
                if (index[axis] < shape[axis]) {
                    break;
                }
                offset -= strides[axis] * shape[axis];
                index[axis] = 0;
            }
        }
        return offsets;
    }

    /** The elements at these offsets, in this shape. */
    NDArray pick(int[] offsets, long[] newShape) {
        double[] picked = new double[offsets.length];
        for (int i = 0; i < picked.length; i++) {
            picked[i] = data[offsets[i]];
        }
        return new NDArray(picked, newShape, kind);
    }

    /** Repeats along axes of size 1, and along axes that are missing in front. */
    NDArray expand(long[] target) {
        return Arrays.equals(shape, target) ? this : pick(walk(target, stridesIn(target), 0), target);
    }

    private long[] stridesIn(long[] target) {
        long[] own = strides();
        long[] strides = new long[target.length];
        int missing = target.length - shape.length;
        for (int axis = 0; axis < shape.length; axis++) {
            if (shape[axis] != 1 && shape[axis] != target[axis + missing]) {
                throw new IllegalArgumentException("cannot broadcast " + this + " to " + Arrays.toString(target));
            }
            strides[axis + missing] = shape[axis] == 1 ? 0 : own[axis];
        }
        return strides;
    }

    /** The shape that both broadcast to. */
    static long[] broadcast(long[] a, long[] b) {
        long[] result = new long[Math.max(a.length, b.length)];
        for (int i = 1; i <= result.length; i++) {
            long left = i <= a.length ? a[a.length - i] : 1;
            long right = i <= b.length ? b[b.length - i] : 1;
            if (left != right && left != 1 && right != 1) {
                throw new IllegalArgumentException(
                        "cannot broadcast " + Arrays.toString(a) + " with " + Arrays.toString(b));
            }
            result[result.length - i] = left == 1 ? right : left;
        }
        return result;
    }

    NDArray transpose(int... permutation) {
        long[] own = strides();
        long[] newShape = new long[permutation.length];
        long[] strides = new long[permutation.length];
        for (int axis = 0; axis < permutation.length; axis++) {
            newShape[axis] = shape[permutation[axis]];
            strides[axis] = own[permutation[axis]];
        }
        return pick(walk(newShape, strides, 0), newShape);
    }

    static int count(long[] shape) {
        return Math.toIntExact(Tensor.elements(shape));
    }

    @Override
    public String toString() {
        String values = data.length <= 16 ? " " + Arrays.toString(data) : "";
        return kind + Arrays.toString(shape) + values;
    }
}
