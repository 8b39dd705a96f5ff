package dev.vitrine.lens.transformation;

import dev.vitrine.lens.data.Picture;
import java.util.List;

/**
 * A change of pictures by a growing amount.
 *
 * @param unit of the amounts
 * @param amounts ascending, among them {@code none}
 * @param none the amount to which the others are compared
 */
public record Transformation(String id, String title, String unit, List<Double> amounts, double none, Change change) {
    /** What is done to a picture. */
    @FunctionalInterface
    public interface Change {
        Picture apply(Picture picture, double amount);
    }

    public Transformation {
        amounts = List.copyOf(amounts);
        if (!amounts.contains(none)) {
            throw new IllegalArgumentException(id + ": " + none + " is not among " + amounts);
        }
    }

    /** The picture changed by the amount at an index. */
    public Picture version(Picture picture, int index) {
        return change.apply(picture, amounts.get(index));
    }

    /** Index of the amount to which the others are compared. */
    public int origin() {
        return amounts.indexOf(none);
    }
}
