package dev.vitrine.lens.corruption.noise;

import dev.vitrine.lens.corruption.distortion.Distortion;
import dev.vitrine.lens.corruption.distortion.Shares;
import dev.vitrine.lens.data.Picture;
import java.util.random.RandomGenerator;

/** {@code x + N(0, σ²)}, for each value of each channel. */
public record GaussianNoise(double deviation) implements Distortion {
    @Override
    public Picture apply(Picture picture, RandomGenerator random) {
        double[] values = Shares.of(picture);
        for (int i = 0; i < values.length; i++) {
            values[i] += deviation * random.nextGaussian();
        }
        return Shares.picture(picture, values);
    }
}
