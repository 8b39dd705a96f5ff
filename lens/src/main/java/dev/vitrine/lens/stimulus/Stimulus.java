package dev.vitrine.lens.stimulus;

import dev.vitrine.lens.data.Picture;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * A family of test pictures that keep one cue and remove others.
 *
 * @param level meaning of its levels
 * @param levels ascending in what is removed; a single 0 for a family without levels
 */
public record Stimulus(String id, String title, String level, List<Double> levels, Change change) {
    /** What is done to a picture. */
    @FunctionalInterface
    public interface Change {
        Picture apply(Picture picture, double level, RandomGenerator random);
    }

    public Stimulus {
        levels = List.copyOf(levels);
    }

    /** A picture at a level, random by seed and by its own pixels. */
    public Picture version(Picture picture, double amount, long seed) {
        return change.apply(picture, amount, new SplittableRandom(seed + 31L * Arrays.hashCode(picture.sharedRgb())));
    }

    /** The family and the level, such as {@code low-pass-3}. */
    public String folder(double amount) {
        return levels.size() == 1
                ? id
                : id + "-" + BigDecimal.valueOf(amount).stripTrailingZeros().toPlainString();
    }
}
