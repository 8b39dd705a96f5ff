package dev.vitrine.lens.metric;

import dev.vitrine.engine.tensor.Tensor;

/**
 * |Σ Φ(x) − (f(x) − f(x₀))| / |f(x) − f(x₀)| with the black picture x₀: 0 where a map's values sum to the score.
 * Sundararajan, Taly and Yan 2017, arXiv:1703.01365.
 */
public final class CompletenessGap {
    private CompletenessGap() {}

    /**
     * @param attribution Φ(x), every value of one sample
     * @param here f(x)
     * @param there f(x₀)
     */
    public static double of(Tensor attribution, double here, double there) {
        double sum = 0;
        for (float value : attribution.toFloats()) {
            sum += value;
        }
        return Math.abs(sum - (here - there)) / Math.max(1e-12, Math.abs(here - there));
    }
}
