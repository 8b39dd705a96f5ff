package dev.vitrine.lens.data;

import java.util.Optional;

/** A rectangle in a picture, in pixels from its top left corner; the lower right corner is outside. */
public record Box(double left, double top, double right, double bottom) {
    public Box {
        if (!(left < right && top < bottom) || Double.isInfinite(right - left) || Double.isInfinite(bottom - top)) {
            throw new IllegalArgumentException("box from (" + left + ", " + top + ") to (" + right + ", " + bottom
                    + "): expected the upper left corner first");
        }
    }

    /** Whether the center of a pixel lies within. */
    public boolean holds(int x, int y) {
        return x + 0.5 >= left && x + 0.5 < right && y + 0.5 >= top && y + 0.5 < bottom;
    }

    /** Larger by so many pixels on each side. */
    public Box grown(double pixels) {
        return new Box(left - pixels, top - pixels, right + pixels, bottom + pixels);
    }

    /** What both hold; empty where they share no area. */
    public Optional<Box> intersection(Box other) {
        double newLeft = Math.max(left, other.left);
        double newTop = Math.max(top, other.top);
        double newRight = Math.min(right, other.right);
        double newBottom = Math.min(bottom, other.bottom);
        return newLeft < newRight && newTop < newBottom
                ? Optional.of(new Box(newLeft, newTop, newRight, newBottom))
                : Optional.empty();
    }
}
