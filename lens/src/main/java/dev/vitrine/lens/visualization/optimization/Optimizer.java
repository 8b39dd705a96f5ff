package dev.vitrine.lens.visualization.optimization;

import dev.vitrine.lens.setting.Labeled;

/** An optimizer. */
public sealed interface Optimizer extends Labeled permits Adam, Ascent, Momentum, LimitedMemory {
    /** A function and its gradient. */
    @FunctionalInterface
    interface Function {
        /** The value at a point; its gradient is written into {@code gradient}. */
        double at(float[] place, float[] gradient);
    }

    /** One optimization with its state. */
    @FunctionalInterface
    interface Walk {
        /**
         * Moves a point by one step.
         *
         * @return the value before the step
         */
        double step(float[] place, Function function);
    }

    /** Starts an optimization in the given number of dimensions. */
    Walk walk(int size);

    /** For options and provenance: {@code adam 0.05}. */
    @Override
    String label();

    /** Fails for an invalid rate. */
    static void requireRate(double rate) {
        if (!(rate > 0) || !Double.isFinite(rate)) {
            throw new IllegalArgumentException("rate " + rate + ": expected a positive number");
        }
    }
}
