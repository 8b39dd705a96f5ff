package dev.vitrine.lens.corruption.digital;

import dev.vitrine.lens.corruption.distortion.Distortion;
import dev.vitrine.lens.data.Picture;
import dev.vitrine.lens.data.Resampler;
import dev.vitrine.lens.data.Resampling;
import java.util.random.RandomGenerator;

/** Reduced to a share of its size and enlarged again, both by means over boxes. */
public record Pixelate(double share) implements Distortion {
    @Override
    public Picture apply(Picture picture, RandomGenerator random) {
        int width = Math.max(1, (int) (picture.width() * share));
        int height = Math.max(1, (int) (picture.height() * share));
        Picture small = Resampler.resize(picture, width, height, Resampling.BOX);
        return Resampler.resize(small, picture.width(), picture.height(), Resampling.BOX);
    }
}
