package dev.vitrine.lens.metric;

import java.util.Arrays;

/**
 * Gini index 1 − 2 Σₖ (|v|₍ₖ₎ / ‖v‖₁)·((d − k + ½)/d), magnitudes in ascending order: 0 if all values are equal, near 1
 * if a single one dominates. Chalasani et al. 2020, arXiv:1810.06583.
 */
public final class Sparseness {
    private Sparseness() {}

    /** 0..1; 0 for a map that is 0 everywhere. */
    public static double of(float[] values) {
        float[] magnitudes = new float[values.length];
        double total = 0;
        for (int index = 0; index < values.length; index++) {
            magnitudes[index] = Math.abs(values[index]);
            total += magnitudes[index];
        }
        if (total == 0) {
            return 0;
        }
        Arrays.sort(magnitudes);
        double sum = 0;
        for (int index = 0; index < magnitudes.length; index++) {
            sum += magnitudes[index] / total * (magnitudes.length - index - 0.5) / magnitudes.length;
        }
        return 1 - 2 * sum;
    }
}
