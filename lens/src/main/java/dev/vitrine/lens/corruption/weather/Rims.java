package dev.vitrine.lens.corruption.weather;

import dev.vitrine.lens.corruption.distortion.Edge;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/** Edges by Canny's detector, doi:10.1109/TPAMI.1986.4767851, thresholds 50 and 150 of |dx| + |dy|, and distances to them. */
final class Rims {
    private static final int WEAK = 50;
    private static final int STRONG = 150;

    /** tan 22.5° with 15 binary places. */
    private static final int TANGENT = 13573;

    /** Steps of a chamfer distance with 16 binary places: beside, diagonally, and as a knight moves. */
    private static final int BESIDE = 1 << 16;

    private static final int DIAGONAL = Math.round(1.4f * (1 << 16));
    private static final int KNIGHT = Math.round(2.1969f * (1 << 16));
    private static final int FAR = Integer.MAX_VALUE >> 2;

    private Rims() {}

    static boolean[] of(int[] levels, int width, int height) {
        int[] dx = new int[levels.length];
        int[] dy = new int[levels.length];
        int[] size = new int[levels.length];
        for (int y = 0; y < height; y++) {
            int above = Edge.NEAREST.place(y - 1, height) * width;
            int here = y * width;
            int below = Edge.NEAREST.place(y + 1, height) * width;
            for (int x = 0; x < width; x++) {
                int left = Edge.NEAREST.place(x - 1, width);
                int right = Edge.NEAREST.place(x + 1, width);
                dx[here + x] = levels[above + right]
                        - levels[above + left]
                        + 2 * (levels[here + right] - levels[here + left])
                        + levels[below + right]
                        - levels[below + left];
                dy[here + x] = levels[below + left]
                        - levels[above + left]
                        + 2 * (levels[below + x] - levels[above + x])
                        + levels[below + right]
                        - levels[above + right];
                size[here + x] = Math.abs(dx[here + x]) + Math.abs(dy[here + x]);
            }
        }
        boolean[] ridge = new boolean[levels.length];
        boolean[] rim = new boolean[levels.length];
        Deque<Integer> open = new ArrayDeque<>();
        for (int place = 0; place < levels.length; place++) {
            ridge[place] = size[place] > WEAK && isRidge(size, dx[place], dy[place], place, width, height);
            if (ridge[place] && size[place] > STRONG) {
                rim[place] = true;
                open.add(place);
            }
        }
        while (!open.isEmpty()) {
            int place = open.remove();
            for (int i = 0; i < 9; i++) {
                int x = place % width + i % 3 - 1;
                int y = place / width + i / 3 - 1;
                if (x >= 0 && x < width && y >= 0 && y < height && ridge[y * width + x] && !rim[y * width + x]) {
                    rim[y * width + x] = true;
                    open.add(y * width + x);
                }
            }
        }
        return rim;
    }

    private static boolean isRidge(int[] size, int dx, int dy, int place, int width, int height) {
        int x = place % width;
        int y = place / width;
        long across = Math.abs(dx);
        long down = (long) Math.abs(dy) << 15;
        long tangent = across * TANGENT;
        if (down < tangent) {
            return size[place] > at(size, x - 1, y, width, height) && size[place] >= at(size, x + 1, y, width, height);
        }
        if (down > tangent + (across << 16)) {
            return size[place] > at(size, x, y - 1, width, height) && size[place] >= at(size, x, y + 1, width, height);
        }
        int side = (dx ^ dy) < 0 ? -1 : 1;
        return size[place] > at(size, x - side, y - 1, width, height)
                && size[place] > at(size, x + side, y + 1, width, height);
    }

    private static int at(int[] size, int x, int y, int width, int height) {
        return x < 0 || x >= width || y < 0 || y >= height ? 0 : size[y * width + x];
    }

    /** Chamfer distances of 5×5 to the nearest rim in pixels. Borgefors 1986, doi:10.1016/S0734-189X(86)80047-0. */
    static float[] distance(boolean[] rim, int width, int height) {
        int row = width + 4;
        int[] steps = new int[row * (height + 4)];
        Arrays.fill(steps, FAR);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int at = (y + 2) * row + x + 2;
                steps[at] = rim[y * width + x] ? 0 : nearest(steps, at, -row, -1);
            }
        }
        float[] distance = new float[width * height];
        for (int y = height - 1; y >= 0; y--) {
            for (int x = width - 1; x >= 0; x--) {
                int at = (y + 2) * row + x + 2;
                steps[at] = Math.min(steps[at], nearest(steps, at, row, 1));
                distance[y * width + x] = steps[at] / (float) BESIDE;
            }
        }
        return distance;
    }

    /** From the half of the neighbors that lies in the direction of {@code row} and {@code beside}. */
    private static int nearest(int[] steps, int at, int row, int beside) {
        int knight = Math.min(
                Math.min(steps[at + 2 * row - 1], steps[at + 2 * row + 1]),
                Math.min(steps[at + row - 2], steps[at + row + 2]));
        int diagonal = Math.min(steps[at + row - 1], steps[at + row + 1]);
        int straight = Math.min(steps[at + row], steps[at + beside]);
        return Math.min(FAR, Math.min(knight + KNIGHT, Math.min(diagonal + DIAGONAL, straight + BESIDE)));
    }
}
