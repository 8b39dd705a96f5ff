package dev.vitrine.lens.property;

import java.util.ArrayDeque;
import java.util.Deque;

/** Properties of ink on an even ground. */
final class Strokes {
    /** Smaller areas that ink encloses are gaps of the drawing. */
    private static final int LEAST_HOLE = 3;

    private Strokes() {}

    /** The rectangle around all ink. */
    private record Frame(int left, int top, int right, int bottom) {
        static Frame of(Shades shades) {
            int left = shades.width();
            int top = shades.height();
            int right = -1;
            int bottom = -1;
            for (int y = 0; y < shades.height(); y++) {
                for (int x = 0; x < shades.width(); x++) {
                    if (shades.ink(x, y)) {
                        left = Math.min(left, x);
                        right = Math.max(right, x);
                        top = Math.min(top, y);
                        bottom = Math.max(bottom, y);
                    }
                }
            }
            return new Frame(left, top, right, bottom);
        }

        double width() {
            return right - left + 1.0;
        }

        double height() {
            return bottom - top + 1.0;
        }
    }

    /** Twice the ink's area over the length of its border: the thickness of a long stroke. */
    static double thickness(Shades shades) {
        int area = 0;
        int border = 0;
        for (int y = 0; y < shades.height(); y++) {
            for (int x = 0; x < shades.width(); x++) {
                if (shades.ink(x, y)) {
                    area++;
                    border += shades.ink(x - 1, y) ? 0 : 1;
                    border += shades.ink(x + 1, y) ? 0 : 1;
                    border += shades.ink(x, y - 1) ? 0 : 1;
                    border += shades.ink(x, y + 1) ? 0 : 1;
                }
            }
        }
        return 2.0 * area / border;
    }

    /** atan(−μ₁₁/μ₀₂) of the ink's central moments, y down: the shear that would make it upright. */
    static double slant(Shades shades) {
        double count = 0;
        double meanX = 0;
        double meanY = 0;
        for (int y = 0; y < shades.height(); y++) {
            for (int x = 0; x < shades.width(); x++) {
                if (shades.ink(x, y)) {
                    count++;
                    meanX += x;
                    meanY += y;
                }
            }
        }
        meanX /= count;
        meanY /= count;
        double mixed = 0;
        double down = 0;
        for (int y = 0; y < shades.height(); y++) {
            for (int x = 0; x < shades.width(); x++) {
                if (shades.ink(x, y)) {
                    mixed += (x - meanX) * (y - meanY);
                    down += (y - meanY) * (y - meanY);
                }
            }
        }
        return down > 0 ? Math.toDegrees(Math.atan(-mixed / down)) : 0;
    }

    /** Depth of the first ink from above in the outer quarters, less that in the middle half, over the height. */
    static double curvedTop(Shades shades) {
        Frame frame = Frame.of(shades);
        double[] sums = new double[2];
        int[] counts = new int[2];
        for (int x = frame.left(); x <= frame.right(); x++) {
            double across = (x - frame.left() + 0.5) / frame.width();
            int part = across < 0.25 || across > 0.75 ? 0 : 1;
            int y = frame.top();
            while (y <= frame.bottom() && !shades.ink(x, y)) {
                y++;
            }
            sums[part] += y - frame.top();
            counts[part]++;
        }
        return counts[0] == 0 || counts[1] == 0 ? 0 : (sums[0] / counts[0] - sums[1] / counts[1]) / frame.height();
    }

    static double width(Shades shades) {
        Frame frame = Frame.of(shades);
        return frame.width() / frame.height();
    }

    /** Areas of ground that do not reach the picture's border, by their four neighbors. */
    static double holes(Shades shades) {
        boolean[] seen = new boolean[shades.width() * shades.height()];
        int holes = 0;
        for (int start = 0; start < seen.length; start++) {
            if (!seen[start] && !shades.ink(start % shades.width(), start / shades.width())) {
                holes += isHole(shades, seen, start) ? 1 : 0;
            }
        }
        return holes;
    }

    private static boolean isHole(Shades shades, boolean[] seen, int start) {
        Deque<Integer> open = new ArrayDeque<>();
        open.add(start);
        seen[start] = true;
        int area = 0;
        boolean reachesBorder = false;
        while (!open.isEmpty()) {
            int place = open.remove();
            int x = place % shades.width();
            int y = place / shades.width();
            area++;
            for (int[] step : new int[][] {{1, 0}, {-1, 0}, {0, 1}, {0, -1}}) {
                int nextX = x + step[0];
                int nextY = y + step[1];
                if (nextX < 0 || nextY < 0 || nextX >= shades.width() || nextY >= shades.height()) {
                    reachesBorder = true;
                    continue;
                }
                int next = nextY * shades.width() + nextX;
                if (!seen[next] && !shades.ink(nextX, nextY)) {
                    seen[next] = true;
                    open.add(next);
                }
            }
        }
        return !reachesBorder && area >= LEAST_HOLE;
    }
}
