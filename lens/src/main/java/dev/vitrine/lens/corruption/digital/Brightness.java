package dev.vitrine.lens.corruption.digital;

import dev.vitrine.lens.corruption.distortion.Distortion;
import dev.vitrine.lens.data.Picture;
import java.util.random.RandomGenerator;

/** An amount added to the value of HSV. */
public record Brightness(double amount) implements Distortion {
    @Override
    public Picture apply(Picture picture, RandomGenerator random) {
        return Hsv.changed(picture, saturation -> saturation, value -> value + amount);
    }
}
