package dev.vitrine.lens.data;

/** A rectangle of pixels; {@code x} counts columns from the left, {@code y} rows from the top. */
public record Region(int x, int y, int width, int height) {
    public Region {
        if (x < 0 || y < 0 || width < 1 || height < 1) {
            throw new IllegalArgumentException("region " + width + "x" + height + " at (" + x + ", " + y
                    + "): expected a size of at least 1x1 and no negative corner");
        }
    }

    /** The whole of a picture of this size. */
    public static Region whole(int width, int height) {
        return new Region(0, 0, width, height);
    }

    void requireWithin(int outerWidth, int outerHeight) {
        if (width > outerWidth - x || height > outerHeight - y) {
            throw new IllegalArgumentException(this + " does not lie within " + outerWidth + "x" + outerHeight);
        }
    }
}
