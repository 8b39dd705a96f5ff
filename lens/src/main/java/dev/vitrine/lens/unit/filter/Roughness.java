package dev.vitrine.lens.unit.filter;

import dev.vitrine.engine.tensor.Tensor;
import java.util.OptionalDouble;

/**
 * Geary's C of a filter: (n − 1) Σ (wp − wq)² / (2 m Σ (w − w̄)²), where the first sum runs over the m ordered pairs of
 * horizontal or vertical neighbors. Near 0 a filter is smooth, near 1 its weights are random, above 1 they alternate.
 * Geary 1954, doi:10.2307/2986645; the channels of a filter are summed, each around its own mean.
 */
public final class Roughness {
    private Roughness() {}

    /**
     * Empty for a filter with a single position, or of constant value.
     *
     * @param filter {@code f32[C,h,w]}
     */
    public static OptionalDouble of(Tensor filter) {
        int channels = (int) filter.dimension(0);
        int height = (int) filter.dimension(1);
        int width = (int) filter.dimension(2);
        int places = height * width;
        float[] weights = filter.toFloats();
        double steps = 0;
        double spread = 0;
        for (int channel = 0; channel < channels; channel++) {
            double mean = 0;
            for (int place = 0; place < places; place++) {
                mean += weights[channel * places + place] / (double) places;
            }
            for (int row = 0; row < height; row++) {
                for (int column = 0; column < width; column++) {
                    int at = channel * places + row * width + column;
                    spread += (weights[at] - mean) * (weights[at] - mean);
                    if (column + 1 < width) {
                        steps += square(weights[at] - weights[at + 1]);
                    }
                    if (row + 1 < height) {
                        steps += square(weights[at] - weights[at + width]);
                    }
                }
            }
        }
        int pairs = 2 * (height * (width - 1) + (height - 1) * width);
        if (pairs == 0 || !(spread > 0)) {
            return OptionalDouble.empty();
        }
        return OptionalDouble.of((places - 1) * 2 * steps / (2.0 * pairs * spread));
    }

    private static double square(double value) {
        return value * value;
    }
}
