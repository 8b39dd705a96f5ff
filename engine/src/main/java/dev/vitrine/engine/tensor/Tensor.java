package dev.vitrine.engine.tensor;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

/**
 * An n-dimensional array in row-major order, immutable, held in native byte order, outside the heap where that avoids a
 * copy. A scalar has shape {@code []}.
 */
public final class Tensor {
    private final ElementType elementType;
    private final long[] shape;
    private final ByteBuffer bytes;
    private final Derivations derivations = new Derivations();

    private Tensor(ElementType elementType, long[] shape, ByteBuffer bytes) {
        this.elementType = elementType;
        this.shape = shape;
        this.bytes = bytes;
    }

    /** Shares {@code bytes} from its position to its limit, which the caller must not write to afterwards. */
    public static Tensor wrap(ElementType elementType, long[] shape, ByteBuffer bytes) {
        long expected = Math.multiplyExact(elements(shape), elementType.bytes());
        if (bytes.remaining() != expected) {
            throw new IllegalArgumentException("tensor " + elementType + Arrays.toString(shape) + ": expected "
                    + expected + " bytes, found " + bytes.remaining());
        }
        ByteBuffer view = bytes.slice().order(ByteOrder.nativeOrder());
        return new Tensor(elementType, shape.clone(), view);
    }

    public static Tensor floats(float[] data, long... shape) {
        ByteBuffer buffer = allocate(ElementType.FLOAT32, shape);
        buffer.asFloatBuffer().put(data);
        return wrap(ElementType.FLOAT32, shape, buffer);
    }

    public static Tensor longs(long[] data, long... shape) {
        ByteBuffer buffer = allocate(ElementType.INT64, shape);
        buffer.asLongBuffer().put(data);
        return wrap(ElementType.INT64, shape, buffer);
    }

    /** {@code i64[n]}, the form in which operators take axes, shapes and pads. */
    public static Tensor vector(long... data) {
        return longs(data, data.length);
    }

    public static Tensor scalar(float value) {
        return floats(new float[] {value});
    }

    public static Tensor scalar(long value) {
        return longs(new long[] {value});
    }

    public static Tensor zeros(ElementType elementType, long... shape) {
        return wrap(elementType, shape, allocate(elementType, shape));
    }

    /** A zeroed direct buffer in native order that fits such a tensor. */
    public static ByteBuffer allocate(ElementType elementType, long... shape) {
        long size = Math.multiplyExact(elements(shape), elementType.bytes());
        return DirectMemory.allocate(Math.toIntExact(size));
    }

    public static long elements(long... shape) {
        long count = 1;
        for (long dimension : shape) {
            if (dimension == 0) {
                return 0;
            }
        }
        for (long dimension : shape) {
            count = Math.multiplyExact(count, dimension);
        }
        return count;
    }

    public ElementType elementType() {
        return elementType;
    }

    public long[] shape() {
        return shape.clone();
    }

    public int rank() {
        return shape.length;
    }

    /** Size along an axis; a negative axis counts from the end. */
    public long dimension(int axis) {
        return shape[axis < 0 ? axis + shape.length : axis];
    }

    public long elements() {
        return elements(shape);
    }

    /** A read-only view of the raw elements in native order. */
    public ByteBuffer bytes() {
        return bytes.asReadOnlyBuffer().order(ByteOrder.nativeOrder());
    }

    /**
     * The shared elements themselves, writable where the source was, for a runtime that only takes direct writable
     * buffers. It must not be written to.
     */
    public ByteBuffer sharedBytes() {
        return bytes.duplicate().order(ByteOrder.nativeOrder());
    }

    /** A read-only view of an f32 tensor. */
    public FloatBuffer floats() {
        require(ElementType.FLOAT32);
        return bytes().asFloatBuffer();
    }

    /** A read-only view of an i64 tensor. */
    public LongBuffer longs() {
        require(ElementType.INT64);
        return bytes().asLongBuffer();
    }

    /** A copy of the elements of an f32 tensor. */
    public float[] toFloats() {
        float[] copy = new float[Math.toIntExact(elements())];
        floats().get(copy);
        return copy;
    }

    /** A copy of the elements of an i64 tensor. */
    public long[] toLongs() {
        long[] copy = new long[Math.toIntExact(elements())];
        longs().get(copy);
        return copy;
    }

    /** The same elements in another shape of the same size. */
    public Tensor reshape(long... newShape) {
        if (elements(newShape) != elements()) {
            throw new IllegalArgumentException(
                    "cannot reshape " + Arrays.toString(shape) + " to " + Arrays.toString(newShape));
        }
        return new Tensor(elementType, newShape.clone(), bytes);
    }

    /** Rows {@code from} to {@code to} (exclusive) along the first axis, sharing memory. */
    public Tensor rows(long from, long to) {
        long[] part = shape.clone();
        part[0] = to - from;
        int row = Math.toIntExact(bytes.remaining() / Math.max(1, shape[0]));
        ByteBuffer view = bytes.duplicate();
        view.position((int) from * row).limit((int) to * row);
        return wrap(elementType, part, view);
    }

    /** Concatenates tensors of one type along the first axis; their other axes must agree. */
    public static Tensor concatenate(List<Tensor> parts) {
        if (parts.size() == 1) {
            return parts.get(0);
        }
        long[] total = parts.get(0).shape();
        total[0] = parts.stream().mapToLong(part -> part.shape[0]).sum();
        ByteBuffer all = allocate(parts.get(0).elementType, total);
        parts.forEach(part -> all.put(part.bytes()));
        return wrap(parts.get(0).elementType, total, all.flip());
    }

    /**
     * A tensor derived from this one, made once and shared while it is referenced, so that the graphs of several
     * methods share their weights.
     *
     * @param recipe key of the derivation; equal recipes must make equal elements
     */
    public Tensor derived(Object recipe, Supplier<Tensor> make) {
        return derivations.of(recipe, make);
    }

    private void require(ElementType expected) {
        if (elementType != expected) {
            throw new IllegalStateException("expected a tensor of " + expected + ", found " + this);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Tensor tensor
                && elementType == tensor.elementType
                && Arrays.equals(shape, tensor.shape)
                && bytes.equals(tensor.bytes);
    }

    @Override
    public int hashCode() {
        return 31 * elementType.hashCode() + Arrays.hashCode(shape);
    }

    /** Type and shape, such as {@code FLOAT32[1, 3, 224, 224]}. */
    @Override
    public String toString() {
        return elementType + Arrays.toString(shape);
    }
}
