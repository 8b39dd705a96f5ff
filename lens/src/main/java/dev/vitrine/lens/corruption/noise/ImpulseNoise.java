package dev.vitrine.lens.corruption.noise;

import dev.vitrine.lens.corruption.distortion.Distortion;
import dev.vitrine.lens.data.Picture;
import java.util.random.RandomGenerator;

/** Salt and pepper: a share of the values of all channels becomes 0 or 1, either with probability ½. */
public record ImpulseNoise(double amount) implements Distortion {
    private static final byte WHITE = (byte) 255;

    @Override
    public Picture apply(Picture picture, RandomGenerator random) {
        byte[] levels = picture.sharedRgb().clone();
        for (int i = 0; i < levels.length; i++) {
            double draw = random.nextDouble();
            if (draw < amount) {
                levels[i] = draw < amount / 2 ? 0 : WHITE;
            }
        }
        return Picture.wrap(picture.width(), picture.height(), levels);
    }
}
