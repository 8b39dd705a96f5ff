package dev.vitrine.lens.metric;

import dev.vitrine.lens.model.preprocessing.GaussianBlur;

/**
 * SSIM = mean of (2μₐμᵦ + c₁)(2σₐᵦ + c₂) / ((μₐ² + μᵦ² + c₁)(σₐ² + σᵦ² + c₂)) over windows, c₁ = .01², c₂ = .03². Wang
 * et al. 2004, doi:10.1109/TIP.2003.819861; windows are Gaussian, σ 1.5 over 11×11.
 *
 * @param within the share of values whose magnitude is within the scale; values beyond are clipped
 */
public record StructuralSimilarity(double within) {
    private static final GaussianBlur WINDOW = new GaussianBlur(1.5, 5);
    private static final double C1 = 0.01 * 0.01;
    private static final double C2 = 0.03 * 0.03;

    public StructuralSimilarity {
        if (!(within > 0 && within <= 1)) {
            throw new IllegalArgumentException("within " + within + ": expected a share, 0..1");
        }
    }

    /** As for display: a few strong pixels do not darken the rest. */
    public StructuralSimilarity() {
        this(0.99);
    }

    /** Of two maps, each of |score| on its own scale from 0 to 1; 1 for the same picture. */
    public double of(float[] one, float[] other, int height, int width) {
        float[] a = shown(one);
        float[] b = shown(other);
        float[] meanA = WINDOW.apply(a, height, width);
        float[] meanB = WINDOW.apply(b, height, width);
        float[] squareA = WINDOW.apply(product(a, a), height, width);
        float[] squareB = WINDOW.apply(product(b, b), height, width);
        float[] both = WINDOW.apply(product(a, b), height, width);
        double sum = 0;
        for (int index = 0; index < a.length; index++) {
            double varianceA = Math.max(0, squareA[index] - (double) meanA[index] * meanA[index]);
            double varianceB = Math.max(0, squareB[index] - (double) meanB[index] * meanB[index]);
            double covariance = both[index] - (double) meanA[index] * meanB[index];
            sum += (2.0 * meanA[index] * meanB[index] + C1)
                    * (2 * covariance + C2)
                    / (((double) meanA[index] * meanA[index] + (double) meanB[index] * meanB[index] + C1)
                            * (varianceA + varianceB + C2));
        }
        return sum / a.length;
    }

    private float[] shown(float[] values) {
        float[] magnitudes = new float[values.length];
        for (int index = 0; index < values.length; index++) {
            magnitudes[index] = Math.abs(values[index]);
        }
        int[] order = RisingOrder.of(magnitudes);
        float limit = magnitudes[order[Math.max(1, (int) Math.ceil(within * order.length)) - 1]];
        float scale = limit > 0 ? limit : magnitudes[order[order.length - 1]];
        for (int index = 0; index < values.length && scale > 0; index++) {
            magnitudes[index] = Math.min(1, magnitudes[index] / scale);
        }
        return magnitudes;
    }

    private static float[] product(float[] one, float[] other) {
        float[] product = new float[one.length];
        for (int index = 0; index < one.length; index++) {
            product[index] = one[index] * other[index];
        }
        return product;
    }
}
