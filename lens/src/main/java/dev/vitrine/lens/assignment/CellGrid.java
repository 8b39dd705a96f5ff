package dev.vitrine.lens.assignment;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.lens.attribution.Progress;
import java.util.Arrays;
import java.util.Comparator;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * Points of a map in the cells of a grid, at most one in each. Rows from the top, where the map's second coordinate is
 * largest.
 *
 * @param cells of each point, {@code row · columns + column}
 * @param displacement mean distance of a point from its cell's center, in cells
 */
public record CellGrid(int columns, int rows, int[] cells, double displacement) {
    /** How points get their cells. */
    public enum Fitting {
        /** The sum of squared distances is minimal, up to {@link #MOST_OPTIMAL} points; the grid has hardly more cells than there are points. */
        OPTIMAL,
        /** Each point takes the nearest free cell; the grid has four times as many cells as there are points. */
        NEAREST
    }

    /** Points for which the assignment is optimal; of more, it is optimal within each block of cells. */
    public static final int MOST_OPTIMAL = 4000;

    /** Cells on each side of a block. */
    private static final int BLOCK = 24;

    private static final int NEAREST_CELLS = 4;

    /** Maps narrower than this are stretched. */
    private static final double NARROWEST = 0.5;

    /**
     * @param points {@code [count, dimensions]}, of which the first two are used
     * @param columns of the grid; by default so many that the grid has the shape of the map
     */
    public static CellGrid of(
            double[] points, int dimensions, Fitting fitting, OptionalInt columns, Progress progress) {
        int count = points.length / dimensions;
        if (dimensions < 2) {
            throw VitrineException.usage(
                    "Found a map of " + dimensions + " dimension; expected at least 2 for a grid.");
        }
        double[] x = axis(points, dimensions, 0);
        double[] y = axis(points, dimensions, 1);
        double width = spread(x);
        double height = spread(y);
        double shape = width > 0 && height > 0 ? Math.max(NARROWEST, Math.min(1 / NARROWEST, width / height)) : 1;
        int wanted = fitting == Fitting.OPTIMAL ? count : Math.multiplyExact(NEAREST_CELLS, count);
        int across = columns.orElse(Math.max(1, (int) Math.ceil(Math.sqrt(wanted * shape))));
        int down = Math.max(1, (wanted + across - 1) / across);
        place(x, width, across, 1);
        place(y, height, down, -1);
        int[] cells = fitting == Fitting.OPTIMAL
                ? optimal(new Plane(x, y, across, down), progress)
                : nearest(x, y, across, down);
        double sum = 0;
        for (int point = 0; point < count; point++) {
            sum += Math.hypot(x[point] - cells[point] % across, y[point] - cells[point] / across);
        }
        return new CellGrid(across, down, cells, count == 0 ? 0 : sum / count);
    }

    private static double[] axis(double[] points, int dimensions, int axis) {
        return IntStream.range(0, points.length / dimensions)
                .mapToDouble(point -> points[point * dimensions + axis])
                .toArray();
    }

    private static double spread(double[] values) {
        double least = Arrays.stream(values).min().orElse(0);
        return Arrays.stream(values).max().orElse(0) - least;
    }

    /** Scales to the centers of the cells, 0 to size - 1. */
    private static void place(double[] values, double spread, int size, int direction) {
        double from = direction > 0
                ? Arrays.stream(values).min().orElse(0)
                : Arrays.stream(values).max().orElse(0);
        for (int index = 0; index < values.length; index++) {
            values[index] = spread > 0 ? direction * (values[index] - from) / spread * (size - 1) : (size - 1) / 2.0;
        }
    }

    private static int[] optimal(Plane plane, Progress progress) {
        return plane.rows() <= MOST_OPTIMAL
                ? Assignment.of(plane, progress)
                : BlockAssignment.of(plane, BLOCK, progress);
    }

    /** Points choose in the order of their distance from the nearest center. */
    private static int[] nearest(double[] x, double[] y, int across, int down) {
        int[] cells = new int[x.length];
        boolean[] taken = new boolean[across * down];
        int[] order = IntStream.range(0, x.length)
                .boxed()
                .sorted(Comparator.comparingDouble(
                        (Integer point) -> Math.hypot(x[point] - Math.rint(x[point]), y[point] - Math.rint(y[point]))))
                .mapToInt(Integer::intValue)
                .toArray();
        for (int point : order) {
            cells[point] = free(x[point], y[point], across, down, taken);
            taken[cells[point]] = true;
        }
        return cells;
    }

    /** The nearest free cell, by rings around the point. */
    private static int free(double x, double y, int across, int down, boolean[] taken) {
        int column = (int) Math.rint(x);
        int row = (int) Math.rint(y);
        int found = -1;
        double least = Double.POSITIVE_INFINITY;
        // No cell of a ring is nearer than its radius less half a cell.
        for (int ring = 0; found < 0 || ring - 0.5 <= least; ring++) {
            for (int below = Math.max(0, row - ring); below <= Math.min(down - 1, row + ring); below++) {
                boolean edge = Math.abs(below - row) == ring;
                for (int beside = column - ring; beside <= column + ring; beside += edge || ring == 0 ? 1 : 2 * ring) {
                    if (beside < 0 || beside >= across || taken[below * across + beside]) {
                        continue;
                    }
                    double distance = Math.hypot(x - beside, y - below);
                    if (distance < least) {
                        least = distance;
                        found = below * across + beside;
                    }
                }
            }
        }
        return found;
    }
}
