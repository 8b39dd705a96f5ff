package dev.vitrine.lens.visualization.optimization;

import dev.vitrine.lens.setting.Labeled;

/** A way downhill. */
public sealed interface Optimizer extends Labeled permits Adam, Ascent, Momentum, LimitedMemory {
    /** A function and its gradient. */
    @FunctionalInterface
    interface Function {
        /** The value at a place; its gradient is written into {@code gradient}. */
        double at(float[] place, float[] gradient);
    }

    /** One walk, with what it remembers. */
    @FunctionalInterface
    interface Walk {
        /**
         * Moves a place one step.
         *
         * @return the value before the step
         */
        double step(float[] place, Function function);
    }

    /** Begins a walk through so many dimensions. */
    Walk walk(int size);

    /** For options and provenance: {@code adam 0.05}. */
    @Override
    String label();

    /** Fails for what is no rate of steps. */
    static void requireRate(double rate) {
        if (!(rate > 0) || !Double.isFinite(rate)) {
            throw new IllegalArgumentException("rate " + rate + ": expected a positive number");
        }
    }
}
