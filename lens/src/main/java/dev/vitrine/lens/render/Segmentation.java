package dev.vitrine.lens.render;

import dev.vitrine.lens.data.Picture;
import java.awt.image.BufferedImage;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/**
 * The foreground mask of an object in a picture.
 *
 * @param foreground one entry per pixel, row by row
 */
public record Segmentation(int width, int height, boolean[] foreground) {
    private static final int OUTLINE = 0xff3b30;
    private static final int HALO = 0xffffff;

    public Segmentation {
        if (foreground.length != width * height) {
            throw new IllegalArgumentException(foreground.length + " pixels for " + width + " x " + height);
        }
    }

    /** Only the largest 4-connected component; the first of equal ones. */
    public Segmentation largestPart() {
        int[] part = new int[foreground.length];
        int parts = 0;
        int largest = 0;
        int most = 0;
        for (int start = 0; start < foreground.length; start++) {
            if (foreground[start] && part[start] == 0) {
                int size = fill(start, ++parts, part);
                if (size > most) {
                    most = size;
                    largest = parts;
                }
            }
        }
        boolean[] kept = new boolean[foreground.length];
        for (int index = 0; index < kept.length; index++) {
            kept[index] = foreground[index] && part[index] == largest;
        }
        return new Segmentation(width, height, kept);
    }

    /** With holes filled: the background is what is connected to the border. */
    public Segmentation withoutHoles() {
        boolean[] around = new boolean[foreground.length];
        Segmentation background = new Segmentation(width, height, inverted());
        int[] part = new int[foreground.length];
        for (int index = 0; index < foreground.length; index++) {
            int x = index % width;
            int y = index / width;
            boolean border = x == 0 || y == 0 || x == width - 1 || y == height - 1;
            if (border && background.foreground[index] && part[index] == 0) {
                background.fill(index, 1, part);
            }
        }
        for (int index = 0; index < around.length; index++) {
            around[index] = part[index] == 1;
        }
        return new Segmentation(width, height, new Segmentation(width, height, around).inverted());
    }

    private boolean[] inverted() {
        boolean[] inverted = new boolean[foreground.length];
        for (int index = 0; index < inverted.length; index++) {
            inverted[index] = !foreground[index];
        }
        return inverted;
    }

    private int fill(int start, int number, int[] part) {
        Deque<Integer> open = new ArrayDeque<>(List.of(start));
        part[start] = number;
        int size = 0;
        while (!open.isEmpty()) {
            int place = open.remove();
            size++;
            int x = place % width;
            int y = place / width;
            int[] near = {
                x > 0 ? place - 1 : place,
                x < width - 1 ? place + 1 : place,
                y > 0 ? place - width : place,
                y < height - 1 ? place + width : place
            };
            for (int other : near) {
                if (foreground[other] && part[other] == 0) {
                    part[other] = number;
                    open.add(other);
                }
            }
        }
        return size;
    }

    /** The object's share of the picture, 0..1. */
    public double area() {
        int count = 0;
        for (boolean one : foreground) {
            count += one ? 1 : 0;
        }
        return (double) count / foreground.length;
    }

    /** White where the object is, black elsewhere. */
    public BufferedImage mask() {
        BufferedImage mask = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int index = 0; index < foreground.length; index++) {
            mask.setRGB(index % width, index / width, foreground[index] ? 0xffffff : 0);
        }
        return mask;
    }

    /** The object alone on a transparent background. */
    public BufferedImage cutOut(Picture picture) {
        BufferedImage cut = new BufferedImage(width, height, BufferedImage.TYPE_INT_ARGB);
        for (int index = 0; index < foreground.length; index++) {
            if (foreground[index]) {
                cut.setRGB(index % width, index / width, 0xff000000 | picture.color(index % width, index / width));
            }
        }
        return cut;
    }

    /** The picture with an outline of the object, two pixels inside and a bright one outside. */
    public BufferedImage outline(Picture picture) {
        BufferedImage drawn = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                boolean inside = foreground[y * width + x];
                int color = picture.color(x, y);
                if (inside && isNear(x, y, 2, false)) {
                    color = OUTLINE;
                } else if (!inside && isNear(x, y, 1, true)) {
                    color = HALO;
                }
                drawn.setRGB(x, y, color);
            }
        }
        return drawn;
    }

    private boolean isNear(int x, int y, int reach, boolean kind) {
        for (int row = Math.max(0, y - reach); row <= Math.min(height - 1, y + reach); row++) {
            for (int column = Math.max(0, x - reach); column <= Math.min(width - 1, x + reach); column++) {
                int distance = Math.abs(row - y) + Math.abs(column - x);
                if (distance <= reach && foreground[row * width + column] == kind) {
                    return true;
                }
            }
        }
        return false;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Segmentation segmentation
                && width == segmentation.width
                && height == segmentation.height
                && Arrays.equals(foreground, segmentation.foreground);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * width + height) + Arrays.hashCode(foreground);
    }
}
