package dev.vitrine.lens.corruption;

import dev.vitrine.lens.data.Picture;

/** The pictures for which constants were chosen. */
public enum Constants {
    /** Those of 224 pixels of ImageNet-C. */
    LARGE(224),
    /** Those of 32 pixels of CIFAR-10-C. */
    SMALL(32);

    /** Shortest side with the constants of 224 pixels: the geometric mean of 32 and 224. */
    static final int LEAST_LARGE = 85;

    private final int pixels;

    Constants(int pixels) {
        this.pixels = pixels;
    }

    public int pixels() {
        return pixels;
    }

    public static Constants of(Picture picture) {
        return Math.min(picture.width(), picture.height()) < LEAST_LARGE ? SMALL : LARGE;
    }
}
