package dev.vitrine.lens.attack.search;

import dev.vitrine.lens.attack.Victim;
import java.util.SplittableRandom;

/**
 * Bumps in pairs of opposite sign. One window takes over the length of another, which becomes 0, and what the change still
 * lacks of ε; a grid of 5 × 5 bumps at first.
 */
record SquareBumps(int channels, int height, int width, double epsilon) implements SquareChange {
    private static final int GRID = 5;
    private static final int LEAST_SIDE = 3;
    private static final double TINY = 1e-10;

    SquareBumps(Victim victim, double epsilon) {
        this(victim.channels(), victim.height(), victim.width(), epsilon);
    }

    @Override
    public double[] first(SplittableRandom random) {
        double[] change = new double[channels * height * width];
        int side = Math.max(1, Math.min(height, width) / GRID);
        for (int top = height % side / 2; top + side <= height; top += side) {
            for (int left = width % side / 2; left + side <= width; left += side) {
                double[] bumps = bumps(side, random);
                Window window = new Window(top, left, side);
                for (int channel = 0; channel < channels; channel++) {
                    double sign = random.nextBoolean() ? 1 : -1;
                    for (int i = 0; i < bumps.length; i++) {
                        change[window.index(channel, i)] = sign * bumps[i];
                    }
                }
            }
        }
        return scaled(change);
    }

    private final class Window {
        final int top;
        final int left;
        final int side;

        Window(int top, int left, int side) {
            this.top = top;
            this.left = left;
            this.side = side;
        }

        int index(int channel, int i) {
            return (channel * height + top + i / side) * width + left + i % side;
        }

        boolean holds(int row, int column) {
            return row >= top && row < top + side && column >= left && column < left + side;
        }
    }

    @Override
    public double[] next(double[] change, int wanted, SplittableRandom random) {
        int odd = Math.max(LEAST_SIDE, wanted) | 1;
        int most = Math.min(height, width);
        int side = Math.min(odd, most);
        Window grown = window(side, random);
        Window cleared = window(side, random);
        double[] bumps = bumps(side, random);
        double missing = Math.max(0, epsilon * epsilon - squares(change)) / channels;
        double[] next = change.clone();
        for (int channel = 0; channel < channels; channel++) {
            double own = 0;
            for (int i = 0; i < bumps.length; i++) {
                own += Math.pow(change[grown.index(channel, i)], 2);
            }
            double both = own;
            for (int i = 0; i < bumps.length; i++) {
                boolean shared = grown.holds(cleared.top + i / side, cleared.left + i % side);
                both += shared ? 0 : Math.pow(change[cleared.index(channel, i)], 2);
                next[cleared.index(channel, i)] = 0;
            }
            double sign = random.nextBoolean() ? 1 : -1;
            double[] fresh = new double[bumps.length];
            for (int i = 0; i < fresh.length; i++) {
                fresh[i] = sign * bumps[i] + change[grown.index(channel, i)] / (TINY + Math.sqrt(own));
            }
            double length = Math.sqrt(missing + both) / (TINY + Math.sqrt(squares(fresh)));
            for (int i = 0; i < fresh.length; i++) {
                next[grown.index(channel, i)] = length * fresh[i];
            }
        }
        return scaled(next);
    }

    private Window window(int side, SplittableRandom random) {
        return new Window(random.nextInt(height - side + 1), random.nextInt(width - side + 1), side);
    }

    /** Of length ε. */
    private double[] scaled(double[] change) {
        double length = epsilon / (TINY + Math.sqrt(squares(change)));
        for (int i = 0; i < change.length; i++) {
            change[i] *= length;
        }
        return change;
    }

    private static double squares(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value * value;
        }
        return sum;
    }

    /** A bump and its opposite, side by side or one above the other, of length 1. */
    static double[] bumps(int side, SplittableRandom random) {
        double[] upright = new double[side * side];
        half(upright, side, 0, side / 2, 1);
        half(upright, side, side / 2, side, -1);
        double norm = Math.sqrt(squares(upright));
        boolean turned = random.nextBoolean();
        double[] bumps = new double[side * side];
        for (int i = 0; i < bumps.length; i++) {
            bumps[i] = upright[turned ? i % side * side + i / side : i] / norm;
        }
        return bumps;
    }

    /** Rectangles about the middle of some rows, the k-th by 1 / k² higher. */
    private static void half(double[] bumps, int side, int from, int to, int sign) {
        int rows = to - from;
        if (rows == 0) {
            return;
        }
        double[] half = new double[rows * side];
        int middleRow = rows / 2;
        int middleColumn = side / 2;
        for (int ring = 0; ring <= Math.max(middleRow, middleColumn); ring++) {
            for (int row = Math.max(0, middleRow - ring); row <= Math.min(rows - 1, middleRow + ring); row++) {
                for (int column = Math.max(0, middleColumn - ring);
                        column <= Math.min(side - 1, middleColumn + ring);
                        column++) {
                    half[row * side + column] += 1 / Math.pow(ring + 1, 2);
                }
            }
        }
        double norm = Math.sqrt(squares(half));
        for (int i = 0; i < half.length; i++) {
            bumps[from * side + i] = sign * half[i] / norm;
        }
    }
}
