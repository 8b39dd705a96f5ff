package dev.vitrine.lens.assignment;

import dev.vitrine.lens.attribution.Progress;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * An assignment of many points to the cells of a grid that is optimal within each block of cells: points are halved
 * with the grid until each has a cell, then the points of overlapping blocks are assigned optimally, block by block, as
 * long as that lowers the cost.
 */
final class BlockAssignment {
    private static final int MOST_SWEEPS = 12;

    /** Share of the cost that a sweep has to save for another to follow. */
    private static final double WORTHWHILE = 0.002;

    private final Plane plane;
    private final int[] cells;
    private final int[] pointOf;

    private BlockAssignment(Plane plane) {
        this.plane = plane;
        this.cells = new int[plane.rows()];
        this.pointOf = new int[plane.columns()];
        Arrays.fill(pointOf, -1);
    }

    /**
     * @param side of a block, in cells
     */
    static int[] of(Plane plane, int side, Progress progress) {
        BlockAssignment assignment = new BlockAssignment(plane);
        assignment.halve(IntStream.range(0, plane.rows()).toArray(), 0, 0, plane.across(), plane.down());
        double before = assignment.cost();
        for (int sweep = 1; sweep <= MOST_SWEEPS; sweep++) {
            int half = side / 2;
            assignment.sweep(side, sweep % 2 * half, sweep / 2 % 2 * half);
            progress.report(sweep, MOST_SWEEPS);
            double after = assignment.cost();
            // The four places of the blocks' corners come in turn.
            if (sweep % 4 == 0) {
                if (before - after <= WORTHWHILE * before) {
                    break;
                }
                before = after;
            }
        }
        return assignment.cells;
    }

    private double cost() {
        double sum = 0;
        for (int point = 0; point < cells.length; point++) {
            sum += plane.cost(point, cells[point]);
        }
        return sum;
    }

    /** Gives points the cells of a rectangle, the first half of the points along its longer side the first half of it. */
    private void halve(int[] points, int left, int top, int right, int bottom) {
        if (points.length == 0) {
            return;
        }
        int wide = right - left;
        int high = bottom - top;
        if (wide * high == 1) {
            put(points[0], top * plane.across() + left);
            return;
        }
        double[] along = wide >= high ? plane.x() : plane.y();
        int[] sorted = Arrays.stream(points)
                .boxed()
                .sorted(Comparator.<Integer>comparingDouble(point -> along[point])
                        .thenComparing(Comparator.naturalOrder()))
                .mapToInt(Integer::intValue)
                .toArray();
        int middle = wide >= high ? left + wide / 2 : top + high / 2;
        int first = wide >= high ? (middle - left) * high : wide * (middle - top);
        int count = (int) Math.round((double) points.length * first / (wide * high));
        int[] before = Arrays.copyOf(sorted, count);
        int[] after = Arrays.copyOfRange(sorted, count, sorted.length);
        if (wide >= high) {
            halve(before, left, top, middle, bottom);
            halve(after, middle, top, right, bottom);
        } else {
            halve(before, left, top, right, middle);
            halve(after, left, middle, right, bottom);
        }
    }

    private void put(int point, int cell) {
        cells[point] = cell;
        pointOf[cell] = point;
    }

    private void sweep(int side, int right, int below) {
        for (int top = below - side; top < plane.down(); top += side) {
            for (int left = right - side; left < plane.across(); left += side) {
                solve(
                        Math.max(0, left),
                        Math.max(0, top),
                        Math.min(plane.across(), left + side),
                        Math.min(plane.down(), top + side));
            }
        }
    }

    private void solve(int left, int top, int right, int bottom) {
        if (right <= left || bottom <= top) {
            return;
        }
        int wide = right - left;
        int[] block = IntStream.range(0, wide * (bottom - top))
                .map(at -> (top + at / wide) * plane.across() + left + at % wide)
                .toArray();
        int[] points = Arrays.stream(block)
                .map(cell -> pointOf[cell])
                .filter(point -> point >= 0)
                .toArray();
        if (points.length < 2) {
            return;
        }
        double[] x = Arrays.stream(points)
                .mapToDouble(point -> plane.x()[point] - left)
                .toArray();
        double[] y = Arrays.stream(points)
                .mapToDouble(point -> plane.y()[point] - top)
                .toArray();
        int[] columns = Assignment.of(new Plane(x, y, wide, bottom - top), Progress.NONE);
        for (int cell : block) {
            pointOf[cell] = -1;
        }
        for (int index = 0; index < points.length; index++) {
            put(points[index], block[columns[index]]);
        }
    }
}
