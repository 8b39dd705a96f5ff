package dev.vitrine.engine.tensor;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/** The elements of tensors of any type as plain numbers; false is 0, true is 1. */
public final class Numbers {
    /** Integers up to this are exact as double. */
    private static final double EXACT = 1L << 53;

    private Numbers() {}

    /** The elements in row-major order; int64 and uint64 are rounded to double. */
    public static double[] of(Tensor tensor) {
        ElementType type = tensor.elementType();
        boolean half = type == ElementType.FLOAT16 || type == ElementType.BFLOAT16;
        ByteBuffer bytes = (half ? FloatConversion.convert(tensor, ElementType.FLOAT32) : tensor).bytes();
        double[] values = new double[Math.toIntExact(tensor.elements())];
        for (int i = 0; i < values.length; i++) {
            values[i] = switch (type) {
                case FLOAT32, FLOAT16, BFLOAT16 -> bytes.getFloat();
                case FLOAT64 -> bytes.getDouble();
                case INT8 -> bytes.get();
                case UINT8, BOOL -> bytes.get() & 0xff;
                case INT16 -> bytes.getShort();
                case UINT16 -> bytes.getShort() & 0xffff;
                case INT32 -> bytes.getInt();
                case UINT32 -> bytes.getInt() & 0xffffffffL;
                case INT64, UINT64 -> bytes.getLong();
                case STRING -> throw new IllegalArgumentException("text is no number");
            };
        }
        return values;
    }

    /** Numbers as a tensor; empty if one of them cannot be represented, such as a fraction in an integer type. */
    public static Optional<Tensor> tensor(double[] values, ElementType type, long... shape) {
        if (!Arrays.stream(values).allMatch(value -> holds(type, value))) {
            return Optional.empty();
        }
        ByteBuffer bytes = Tensor.allocate(type, shape);
        for (double value : values) {
            switch (type) {
                case FLOAT32 -> bytes.putFloat((float) value);
                case FLOAT64 -> bytes.putDouble(value);
                case BOOL, INT8, UINT8 -> bytes.put((byte) (int) value);
                case INT16, UINT16 -> bytes.putShort((short) (int) value);
                case INT32, UINT32 -> bytes.putInt((int) (long) value);
                case INT64, UINT64 -> bytes.putLong((long) value);
                case FLOAT16, BFLOAT16, STRING -> throw new IllegalStateException(type.toString());
            }
        }
        return Optional.of(Tensor.wrap(type, shape, bytes.flip()));
    }

    private static boolean holds(ElementType type, double value) {
        return switch (type) {
            case FLOAT32, FLOAT64 -> true;
            case BOOL -> value == 0 || value == 1;
            case INT8 -> isWhole(value, Byte.MIN_VALUE, Byte.MAX_VALUE);
            case UINT8 -> isWhole(value, 0, 0xff);
            case INT16 -> isWhole(value, Short.MIN_VALUE, Short.MAX_VALUE);
            case UINT16 -> isWhole(value, 0, 0xffff);
            case INT32 -> isWhole(value, Integer.MIN_VALUE, Integer.MAX_VALUE);
            case UINT32 -> isWhole(value, 0, 0xffffffffL);
            case INT64 -> isWhole(value, -EXACT, EXACT);
            case UINT64 -> isWhole(value, 0, EXACT);
            case FLOAT16, BFLOAT16, STRING -> false;
        };
    }

    private static boolean isWhole(double value, double least, double most) {
        return value == Math.rint(value) && value >= least && value <= most;
    }
}
