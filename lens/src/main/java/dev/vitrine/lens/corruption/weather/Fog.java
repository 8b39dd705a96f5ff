package dev.vitrine.lens.corruption.weather;

import dev.vitrine.lens.corruption.distortion.Distortion;
import dev.vitrine.lens.corruption.distortion.Plasma;
import dev.vitrine.lens.corruption.distortion.Shares;
import dev.vitrine.lens.data.Picture;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * {@code (x + a·plasma)·m / (m + a)}, m being the largest value of the picture.
 *
 * @param least side of the map of plasma, of which the upper left part is used; larger for pictures that are larger
 */
public record Fog(double amount, double decay, int least) implements Distortion {
    @Override
    public Picture apply(Picture picture, RandomGenerator random) {
        int width = picture.width();
        int side = Math.max(least, Plasma.side(Math.max(width, picture.height())));
        double[] map = Plasma.of(side, decay, random);
        double[] values = Shares.of(picture);
        double most = Arrays.stream(values).max().orElseThrow();
        for (int i = 0; i < values.length; i++) {
            int place = i / 3;
            double foggy = values[i] + amount * map[place / width * side + place % width];
            values[i] = foggy * most / (most + amount);
        }
        return Shares.picture(picture, values);
    }
}
