package dev.vitrine.lens.embedding.umap;

import java.util.function.DoubleUnaryOperator;

/**
 * A smooth function of positive numbers by linear interpolation between 256 places per power of two: for powers,
 * within 1e-5 of their value.
 */
final class Tabulated {
    private static final int BITS = 8;
    private static final int SHIFT = 52 - BITS;
    private static final double LEAST = 0x1p-40;
    private static final double MOST = 0x1p24;
    private static final int FIRST = (int) (Double.doubleToRawLongBits(LEAST) >>> SHIFT);

    private final DoubleUnaryOperator function;
    private final double[] values;

    Tabulated(DoubleUnaryOperator function) {
        this.function = function;
        this.values = new double[(int) (Double.doubleToRawLongBits(MOST) >>> SHIFT) - FIRST + 1];
        for (int place = 0; place < values.length; place++) {
            values[place] = function.applyAsDouble(Double.longBitsToDouble((long) (place + FIRST) << SHIFT));
        }
    }

    double of(double value) {
        if (!(value >= LEAST && value < MOST)) {
            return function.applyAsDouble(value);
        }
        long bits = Double.doubleToRawLongBits(value);
        int place = (int) (bits >>> SHIFT) - FIRST;
        double beyond = (bits & (1L << SHIFT) - 1) * (1.0 / (1L << SHIFT));
        return values[place] + beyond * (values[place + 1] - values[place]);
    }
}
