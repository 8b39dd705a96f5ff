package dev.vitrine.lens.corruption.blur;

import dev.vitrine.lens.corruption.distortion.Distortion;
import dev.vitrine.lens.corruption.distortion.GaussianFilter;
import dev.vitrine.lens.corruption.distortion.Shares;
import dev.vitrine.lens.data.Picture;
import java.util.random.RandomGenerator;

/**
 * Frosted glass: a Gaussian, then each pixel replaced by one within {@code [−d, d)} of it, some times over, then the Gaussian
 * again. The pixels are copied, not exchanged, as in the published pictures.
 */
public record GlassBlur(double sigma, int distance, int times) implements Distortion {
    @Override
    public Picture apply(Picture picture, RandomGenerator random) {
        int width = picture.width();
        int height = picture.height();
        GaussianFilter filter = GaussianFilter.of(sigma);
        byte[] levels = Shares.picture(picture, filter.apply(Shares.of(picture), width, height, 3))
                .sharedRgb();
        for (int time = 0; time < times; time++) {
            for (int y = height - distance; y > distance; y--) {
                for (int x = width - distance; x > distance; x--) {
                    int across = random.nextInt(2 * distance) - distance;
                    int down = random.nextInt(2 * distance) - distance;
                    int from = 3 * ((y + down) * width + x + across);
                    int to = 3 * (y * width + x);
                    levels[to] = levels[from];
                    levels[to + 1] = levels[from + 1];
                    levels[to + 2] = levels[from + 2];
                }
            }
        }
        Picture shuffled = Picture.wrap(width, height, levels);
        return Shares.picture(picture, filter.apply(Shares.of(shuffled), width, height, 3));
    }
}
