package dev.vitrine.lens.data;

import java.util.Optional;

/** How stored pixels are to be turned for showing: Exif tag 0x0112, Orientation, 1 to 8 in this order. */
enum Turn {
    NONE,
    MIRROR_COLUMNS,
    HALF_TURN,
    MIRROR_ROWS,
    TRANSPOSE,
    QUARTER_CLOCKWISE,
    TRANSVERSE,
    QUARTER_COUNTERCLOCKWISE;

    boolean swapsSides() {
        return ordinal() >= TRANSPOSE.ordinal();
    }

    /** The turn that an orientation of 1 to 8 asks for; others, and none, ask for none. */
    static Turn of(Optional<Integer> orientation) {
        return orientation
                .filter(number -> number >= 1 && number <= values().length)
                .map(number -> values()[number - 1])
                .orElse(NONE);
    }

    /** The pixels {@code u8[height,width,3]} turned; width and height change places where {@link #swapsSides()}. */
    byte[] apply(byte[] rgb, int width, int height) {
        if (this == NONE) {
            return rgb;
        }
        int newWidth = swapsSides() ? height : width;
        int newHeight = swapsSides() ? width : height;
        byte[] turned = new byte[rgb.length];
        int at = 0;
        for (int y = 0; y < newHeight; y++) {
            for (int x = 0; x < newWidth; x++) {
                int from = 3 * source(x, y, width, height);
                turned[at++] = rgb[from];
                turned[at++] = rgb[from + 1];
                turned[at++] = rgb[from + 2];
            }
        }
        return turned;
    }

    /** One channel {@code [height,width]} turned. */
    float[] apply(float[] plane, int width, int height) {
        int newWidth = swapsSides() ? height : width;
        float[] turned = new float[plane.length];
        for (int i = 0; i < turned.length; i++) {
            turned[i] = plane[source(i % newWidth, i / newWidth, width, height)];
        }
        return turned;
    }

    /** Where the pixel that comes to lie at (x, y) was before, row by row. */
    private int source(int x, int y, int width, int height) {
        int column = switch (this) {
            case NONE, MIRROR_ROWS -> x;
            case MIRROR_COLUMNS, HALF_TURN -> width - 1 - x;
            case TRANSPOSE, QUARTER_CLOCKWISE -> y;
            case TRANSVERSE, QUARTER_COUNTERCLOCKWISE -> width - 1 - y;
        };
        int row = switch (this) {
            case NONE, MIRROR_COLUMNS -> y;
            case HALF_TURN, MIRROR_ROWS -> height - 1 - y;
            case TRANSPOSE, QUARTER_COUNTERCLOCKWISE -> x;
            case QUARTER_CLOCKWISE, TRANSVERSE -> height - 1 - x;
        };
        return row * width + column;
    }
}
