package dev.vitrine.study.attack.picture;

import java.awt.image.BufferedImage;

/** A change of a picture, drawn as gray plus an integer multiple of the change in each color. */
public final class Difference {
    private static final int GRAY = 128;
    private static final int[] FACTORS = {100, 50, 30, 20, 10, 5, 3, 2};

    private Difference() {}

    /** The largest round factor at which no color is clipped. */
    public static int factor(BufferedImage before, BufferedImage after) {
        int largest = 1;
        for (int y = 0; y < before.getHeight(); y++) {
            for (int x = 0; x < before.getWidth(); x++) {
                for (int shift = 0; shift <= 16; shift += 8) {
                    largest = Math.max(largest, Math.abs(change(before, after, x, y, shift)));
                }
            }
        }
        for (int factor : FACTORS) {
            if (factor * largest < GRAY) {
                return factor;
            }
        }
        return 1;
    }

    /** Gray where nothing changed, brighter where the color rose, darker where it fell. */
    public static BufferedImage enlarged(BufferedImage before, BufferedImage after, int factor) {
        BufferedImage drawn = new BufferedImage(before.getWidth(), before.getHeight(), BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < before.getHeight(); y++) {
            for (int x = 0; x < before.getWidth(); x++) {
                int rgb = 0;
                for (int shift = 16; shift >= 0; shift -= 8) {
                    int value = GRAY + factor * change(before, after, x, y, shift);
                    rgb = rgb << 8 | Math.max(0, Math.min(255, value));
                }
                drawn.setRGB(x, y, rgb);
            }
        }
        return drawn;
    }

    private static int change(BufferedImage before, BufferedImage after, int x, int y, int shift) {
        return (after.getRGB(x, y) >> shift & 255) - (before.getRGB(x, y) >> shift & 255);
    }
}
