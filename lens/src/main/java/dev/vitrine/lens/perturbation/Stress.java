package dev.vitrine.lens.perturbation;

import dev.vitrine.lens.data.Picture;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.IntUnaryOperator;

/**
 * Stress pictures that test which cues a classifier uses: shuffled patches, only some of the patches, the silhouette
 * alone, and texture in place of shape (after Geirhos et al. 2019, arXiv:1811.12231).
 */
public final class Stress {
    private static final int WHITE = 0xffffff;
    private static final int BLACK = 0x000000;
    private static final int GRAY = 0x808080;
    private static final double WHOLE = 0.98;

    private Stress() {}

    /** The picture's cells × cells patches in random order; each patch is unchanged. */
    public static Picture shuffled(Picture picture, int cells, long seed) {
        Grid grid = new Grid(picture, cells);
        List<Integer> order = new ArrayList<>();
        for (int cell = 0; cell < cells * cells; cell++) {
            order.add(cell);
        }
        Collections.shuffle(order, new Random(seed));
        return painted(picture, at -> {
            int cell = grid.cell(at);
            return cell < 0 ? color(picture, at) : color(picture, grid.moved(at, cell, order.get(cell)));
        });
    }

    /** Half of the picture's cells × cells patches, chosen at random, replaced by gray. */
    public static Picture covered(Picture picture, int cells, long seed) {
        Grid grid = new Grid(picture, cells);
        List<Integer> order = new ArrayList<>();
        for (int cell = 0; cell < cells * cells; cell++) {
            order.add(cell);
        }
        Collections.shuffle(order, new Random(seed));
        List<Integer> hidden = order.subList(0, (cells * cells + 1) / 2);
        return painted(picture, at -> hidden.contains(grid.cell(at)) ? GRAY : color(picture, at));
    }

    /**
     * Black where the object is, white elsewhere.
     *
     * @param object one entry per pixel, row by row
     */
    public static Picture silhouette(Picture picture, boolean[] object) {
        return painted(picture, at -> object[at] ? BLACK : WHITE);
    }

    /** The object's shape filled with another picture, on white. */
    public static Picture filled(Picture picture, boolean[] object, Picture texture) {
        return painted(picture, at -> {
            int y = at / picture.width() * texture.height() / picture.height();
            int x = at % picture.width() * texture.width() / picture.width();
            return object[at] ? texture.color(x, y) : WHITE;
        });
    }

    /**
     * The object's texture without its shape: the largest square almost entirely inside it, else the fullest of the
     * smallest ones, tiled in mirror images.
     *
     * @param cells the shorter side of the picture divided by the smallest square
     */
    public static Picture texture(Picture picture, boolean[] object, int cells) {
        int shorter = Math.min(picture.width(), picture.height());
        Square best = new Square(0, 0, -1);
        for (int parts = 2; parts <= cells; parts++) {
            best = fullest(picture, object, Math.max(1, shorter / parts));
            if (best.share() >= WHOLE) {
                break;
            }
        }
        Square square = best;
        return painted(picture, at -> {
            int y = mirrored(at / picture.width(), square.side());
            int x = mirrored(at % picture.width(), square.side());
            return color(picture, square.from() + y * picture.width() + x);
        });
    }

    /**
     * @param from its first pixel
     * @param share of it that belongs to the object
     */
    private record Square(int from, int side, double share) {}

    private static Square fullest(Picture picture, boolean[] object, int side) {
        Square best = new Square(0, side, -1);
        for (int top = 0; top + side <= picture.height(); top += Math.max(1, side / 4)) {
            for (int left = 0; left + side <= picture.width(); left += Math.max(1, side / 4)) {
                int inside = 0;
                for (int i = 0; i < side * side; i++) {
                    inside += object[(top + i / side) * picture.width() + left + i % side] ? 1 : 0;
                }
                double share = (double) inside / (side * side);
                if (share > best.share()) {
                    best = new Square(top * picture.width() + left, side, share);
                }
            }
        }
        return best;
    }

    private static int mirrored(int position, int side) {
        int within = position % (2 * side);
        return within < side ? within : 2 * side - 1 - within;
    }

    private static int color(Picture picture, int at) {
        return picture.color(at % picture.width(), at / picture.width());
    }

    private static Picture painted(Picture like, IntUnaryOperator colors) {
        byte[] rgb = new byte[3 * like.width() * like.height()];
        for (int at = 0; at < rgb.length / 3; at++) {
            int color = colors.applyAsInt(at);
            rgb[3 * at] = (byte) (color >> 16);
            rgb[3 * at + 1] = (byte) (color >> 8);
            rgb[3 * at + 2] = (byte) color;
        }
        return Picture.of(like.width(), like.height(), rgb);
    }

    /** Equal patches; leftover pixels at the right and at the bottom belong to none. */
    private record Grid(int width, int cells, int cellWidth, int cellHeight) {
        Grid(Picture picture, int cells) {
            this(picture.width(), cells, picture.width() / cells, picture.height() / cells);
        }

        int cell(int at) {
            int row = at / width / cellHeight;
            int column = at % width / cellWidth;
            return row < cells && column < cells ? row * cells + column : -1;
        }

        int moved(int at, int from, int to) {
            return at + (to / cells - from / cells) * cellHeight * width + (to % cells - from % cells) * cellWidth;
        }
    }
}
