package dev.vitrine.lens.corruption.weather;

import dev.vitrine.lens.corruption.distortion.Distortion;
import dev.vitrine.lens.corruption.distortion.GaussianFilter;
import dev.vitrine.lens.corruption.distortion.Shares;
import dev.vitrine.lens.data.Picture;
import java.util.random.RandomGenerator;

/** Spatters of mud: {@code x(1 − m) + brown·m}, m a {@link Liquid} above its threshold, blurred by {@code blur}, 0 below 0.8. */
public record Mud(Liquid liquid, double blur) implements Distortion {
    private static final double LEAST = 0.8;
    private static final double[] BROWN = {63 / 255.0, 42 / 255.0, 20 / 255.0};

    public Mud(double mean, double deviation, double sigma, double threshold, double blur) {
        this(new Liquid(mean, deviation, sigma, threshold), blur);
    }

    @Override
    public Picture apply(Picture picture, RandomGenerator random) {
        int width = picture.width();
        int height = picture.height();
        double[] layer = liquid.layer(width, height, random);
        for (int i = 0; i < layer.length; i++) {
            layer[i] = layer[i] > 0 ? 1 : 0;
        }
        layer = GaussianFilter.of(blur).apply(layer, width, height, 1);
        float[] values = Shares.floats(picture);
        for (int i = 0; i < values.length; i++) {
            double mud = layer[i / 3] < LEAST ? 0 : layer[i / 3];
            values[i] = (float) (values[i] * (1 - mud) + BROWN[i % 3] * mud);
        }
        return Shares.picture(picture, values);
    }
}
