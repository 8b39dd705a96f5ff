package dev.vitrine.lens.corruption.noise;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/** Draws from one Poisson distribution by inverting its distribution function, with a guide to where to begin. */
final class PoissonTable {
    private static final int GUIDES = 256;

    /** {@code P(X ≤ first + i)}; the last is 1. */
    private final double[] below;

    private final int first;
    private final int[] guide;

    private PoissonTable(int first, double[] below) {
        this.first = first;
        this.below = below;
        this.guide = new int[GUIDES];
        int at = 0;
        for (int i = 0; i < GUIDES; i++) {
            while (below[at] <= i / (double) GUIDES) {
                at++;
            }
            guide[i] = at;
        }
    }

    /** Counts within 12 deviations of the mean, and those up to 30 however small the mean is. */
    static PoissonTable of(double mean) {
        double reach = 12 * Math.sqrt(mean);
        int first = (int) Math.max(0, Math.floor(mean - reach));
        int last = (int) Math.ceil(mean + reach) + 30;
        int mode = (int) mean;
        double[] weights = new double[last - first + 1];
        weights[mode - first] = 1;
        for (int k = mode; k > first; k--) {
            weights[k - 1 - first] = weights[k - first] * k / mean;
        }
        for (int k = mode; k < last; k++) {
            weights[k + 1 - first] = weights[k - first] * mean / (k + 1);
        }
        double total = Arrays.stream(weights).sum();
        double[] below = new double[weights.length];
        double sum = 0;
        for (int i = 0; i < below.length; i++) {
            sum += weights[i] / total;
            below[i] = sum;
        }
        below[below.length - 1] = 1;
        return new PoissonTable(first, below);
    }

    int draw(RandomGenerator random) {
        double draw = random.nextDouble();
        int at = guide[(int) (draw * GUIDES)];
        while (below[at] <= draw) {
            at++;
        }
        return first + at;
    }
}
