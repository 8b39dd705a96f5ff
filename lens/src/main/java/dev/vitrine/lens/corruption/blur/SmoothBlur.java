package dev.vitrine.lens.corruption.blur;

import dev.vitrine.lens.corruption.distortion.Distortion;
import dev.vitrine.lens.corruption.distortion.GaussianFilter;
import dev.vitrine.lens.corruption.distortion.Shares;
import dev.vitrine.lens.data.Picture;
import java.util.random.RandomGenerator;

/** A Gaussian of σ pixels, cut at 4σ, the edge repeated. */
public record SmoothBlur(double sigma) implements Distortion {
    @Override
    public Picture apply(Picture picture, RandomGenerator random) {
        return Shares.picture(
                picture, GaussianFilter.of(sigma).apply(Shares.of(picture), picture.width(), picture.height(), 3));
    }
}
