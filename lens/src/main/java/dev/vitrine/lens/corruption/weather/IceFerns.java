package dev.vitrine.lens.corruption.weather;

import java.util.SplittableRandom;

/**
 * Crystals that grow as ferns: a bent stem, side branches at 60° that get shorter towards its tip, and branches on those.
 * Thickness of the ice as {@code f64[side,side]}, which repeats itself in both directions.
 */
final class IceFerns {
    private static final int GENERATIONS = 3;
    private static final double BRANCHING = Math.toRadians(60);
    private static final double LEAST_LENGTH = 4;

    private final int side;
    private final double[] ice;
    private final SplittableRandom random;

    IceFerns(int side, SplittableRandom random) {
        this.side = side;
        this.ice = new double[side * side];
        this.random = random;
    }

    double[] drawn(int ferns) {
        for (int fern = 0; fern < ferns; fern++) {
            double length = side * (0.08 + 0.3 * random.nextDouble());
            grow(
                    side * random.nextDouble(),
                    side * random.nextDouble(),
                    2 * Math.PI * random.nextDouble(),
                    length,
                    1 + random.nextDouble(),
                    GENERATIONS);
        }
        return ice;
    }

    private void grow(double startX, double startY, double startHeading, double length, double width, int generations) {
        double x = startX;
        double y = startY;
        double heading = startHeading;
        double bend = (random.nextDouble() - 0.5) * 0.02;
        double untilBranch = 0;
        for (double grown = 0; grown < length; grown++) {
            double left = 1 - grown / length;
            add(x, y, width * (0.4 + 0.6 * left));
            if (generations > 1 && untilBranch <= 0) {
                double branch = 0.45 * length * left * (0.5 + random.nextDouble());
                if (branch >= LEAST_LENGTH) {
                    grow(x, y, heading + BRANCHING, branch, 0.7 * width, generations - 1);
                    grow(x, y, heading - BRANCHING, branch, 0.7 * width, generations - 1);
                }
                untilBranch = 4 + 5 * random.nextDouble();
            }
            untilBranch--;
            heading += bend;
            x += Math.cos(heading);
            y += Math.sin(heading);
        }
    }

    /** Shared among the four places around. */
    private void add(double x, double y, double amount) {
        int left = (int) Math.floor(x);
        int top = (int) Math.floor(y);
        double right = x - left;
        double below = y - top;
        add(left, top, amount * (1 - right) * (1 - below));
        add(left + 1, top, amount * right * (1 - below));
        add(left, top + 1, amount * (1 - right) * below);
        add(left + 1, top + 1, amount * right * below);
    }

    private void add(int x, int y, double amount) {
        ice[Math.floorMod(y, side) * side + Math.floorMod(x, side)] += amount;
    }
}
