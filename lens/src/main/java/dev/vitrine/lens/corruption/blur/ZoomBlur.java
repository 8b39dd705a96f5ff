package dev.vitrine.lens.corruption.blur;

import dev.vitrine.lens.corruption.distortion.ClippedZoom;
import dev.vitrine.lens.corruption.distortion.Distortion;
import dev.vitrine.lens.corruption.distortion.Shares;
import dev.vitrine.lens.data.Picture;
import java.util.random.RandomGenerator;

/** The mean of the picture and of its enlargements by {@code 1 + i·step, i = 0..count−1}. */
public record ZoomBlur(int count, double step) implements Distortion {
    @Override
    public Picture apply(Picture picture, RandomGenerator random) {
        float[] values = Shares.floats(picture);
        float[] sum = new float[values.length];
        double second = 1 + step;
        for (int i = 0; i < count; i++) {
            double zoom = 1 + i * (second - 1);
            ClippedZoom.add(
                    values, ClippedZoom.of(picture.height(), zoom), ClippedZoom.of(picture.width(), zoom), 3, sum);
        }
        for (int i = 0; i < sum.length; i++) {
            sum[i] = (values[i] + sum[i]) / (count + 1);
        }
        return Shares.picture(picture, sum);
    }
}
