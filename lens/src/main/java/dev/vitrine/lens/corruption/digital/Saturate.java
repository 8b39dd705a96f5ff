package dev.vitrine.lens.corruption.digital;

import dev.vitrine.lens.corruption.distortion.Distortion;
import dev.vitrine.lens.data.Picture;
import java.util.random.RandomGenerator;

/** {@code s·factor + amount}, s being the saturation of HSV. */
public record Saturate(double factor, double amount) implements Distortion {
    @Override
    public Picture apply(Picture picture, RandomGenerator random) {
        return Hsv.changed(picture, saturation -> saturation * factor + amount, value -> value);
    }
}
