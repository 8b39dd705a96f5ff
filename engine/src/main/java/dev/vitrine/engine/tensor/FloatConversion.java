package dev.vitrine.engine.tensor;

import java.nio.ByteBuffer;

/** Converts tensors between floating-point types, rounding to nearest, ties to even. */
public final class FloatConversion {
    private FloatConversion() {}

    /** The same numbers in another floating-point type; the tensor itself if it already has that type. */
    public static Tensor convert(Tensor tensor, ElementType target) {
        ElementType source = tensor.elementType();
        if (source == target) {
            return tensor;
        }
        if (!source.isFloating() || !target.isFloating()) {
            throw new IllegalArgumentException("expected floating-point types, found " + source + " to " + target);
        }
        ByteBuffer from = tensor.bytes();
        ByteBuffer to = Tensor.allocate(target, tensor.shape());
        while (from.hasRemaining()) {
            switch (source) {
                case FLOAT64 -> put(to, target, from.getDouble());
                case FLOAT32 -> put(to, target, from.getFloat());
                case FLOAT16 -> put(to, target, halfToFloat(from.getShort()));
                default -> put(to, target, Float.intBitsToFloat(from.getShort() << 16));
            }
        }
        return Tensor.wrap(target, tensor.shape(), to.flip());
    }

    private static void put(ByteBuffer to, ElementType target, double value) {
        switch (target) {
            case FLOAT64 -> to.putDouble(value);
            case FLOAT32 -> to.putFloat((float) value);
            case FLOAT16 -> to.putShort(floatToHalf((float) value));
            default -> to.putShort(floatToBrain((float) value));
        }
    }

    /** binary16 to binary32, exact. */
    static float halfToFloat(short half) {
        int sign = (half & 0x8000) << 16;
        int exponent = half >> 10 & 0x1f;
        int fraction = half & 0x3ff;
        if (exponent == 0x1f) {
            return Float.intBitsToFloat(sign | 0x7f800000 | fraction << 13);
        }
        if (exponent == 0) {
            float subnormal = fraction * 0x1p-24f;
            return sign == 0 ? subnormal : -subnormal;
        }
        return Float.intBitsToFloat(sign | ((exponent + 112) << 23) | (fraction << 13));
    }

    /** binary32 to binary16. */
    static short floatToHalf(float value) {
        int bits = Float.floatToRawIntBits(value);
        int sign = bits >>> 16 & 0x8000;
        float size = Math.abs(value);
        if (Float.isNaN(value)) {
            return (short) (sign | 0x7e00);
        }
        if (size >= 65520f) {
            return (short) (sign | 0x7c00);
        }
        if (size < 0x1p-14f) {
            return (short) (sign | (int) Math.rint(size * 0x1p24));
        }
        int magnitude = bits & 0x7fffffff;
        int rounded = magnitude + 0xfff + (magnitude >>> 13 & 1);
        return (short) (sign | (rounded >>> 13) - (112 << 10));
    }

    /** binary32 to bfloat16. */
    static short floatToBrain(float value) {
        int bits = Float.floatToRawIntBits(value);
        if (Float.isNaN(value)) {
            return (short) (bits >>> 16 | 0x40);
        }
        return (short) ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16);
    }
}
