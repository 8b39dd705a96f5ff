package dev.vitrine.lens.corruption.digital;

import dev.vitrine.lens.corruption.distortion.Distortion;
import dev.vitrine.lens.corruption.distortion.Shares;
import dev.vitrine.lens.data.Picture;
import java.util.random.RandomGenerator;

/** {@code (x − mean)·c + mean}, the mean of each channel. */
public record Contrast(double factor) implements Distortion {
    @Override
    public Picture apply(Picture picture, RandomGenerator random) {
        double[] values = Shares.of(picture);
        double[] means = new double[3];
        for (int i = 0; i < values.length; i++) {
            means[i % 3] += values[i];
        }
        for (int c = 0; c < 3; c++) {
            means[c] /= values.length / 3;
        }
        for (int i = 0; i < values.length; i++) {
            double mean = means[i % 3];
            values[i] = (values[i] - mean) * factor + mean;
        }
        return Shares.picture(picture, values);
    }
}
