package dev.vitrine.lens.assignment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.lens.attribution.Progress;
import java.util.OptionalInt;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CellGridTest {
    private static CellGrid grid(double[] points, CellGrid.Fitting fitting) {
        return CellGrid.of(points, 2, fitting, OptionalInt.empty(), Progress.NONE);
    }

    /** Points on a lattice, a little off, in a random order: each has its own cell. */
    @Test
    void pointsOnALatticeKeepTheirPlaces() {
        Random random = new Random(5);
        int side = 9;
        int[] order = IntStream.range(0, side * side)
                .boxed()
                .sorted((one, other) -> Integer.compare(one * 37 % 81, other * 37 % 81))
                .mapToInt(Integer::intValue)
                .toArray();
        double[] points = new double[2 * order.length];
        for (int index = 0; index < order.length; index++) {
            int column = order[index] % side;
            int row = order[index] / side;
            boolean corner = column % (side - 1) == 0 || row % (side - 1) == 0;
            points[2 * index] = 3 * column + (corner ? 0 : random.nextDouble() - 0.5);
            points[2 * index + 1] = -3 * row + (corner ? 0 : random.nextDouble() - 0.5);
        }
        CellGrid grid = grid(points, CellGrid.Fitting.OPTIMAL);
        assertThat(grid.columns()).isEqualTo(side);
        assertThat(grid.rows()).isEqualTo(side);
        assertThat(grid.cells()).containsExactly(order);
        assertThat(grid.displacement()).isLessThan(0.3);
    }

    @ParameterizedTest
    @EnumSource(CellGrid.Fitting.class)
    void eachPointHasACellOfItsOwn(CellGrid.Fitting fitting) {
        double[] points =
                new Random(6).doubles(2 * 500).map(value -> value * value).toArray();
        CellGrid grid = grid(points, fitting);
        assertThat(grid.cells()).doesNotHaveDuplicates().hasSize(500);
        assertThat(IntStream.of(grid.cells())).allMatch(cell -> cell >= 0 && cell < grid.columns() * grid.rows());
        assertThat(grid.columns() * grid.rows()).isBetween(fitting == CellGrid.Fitting.OPTIMAL ? 500 : 2000, 2100);
    }

    /** Against a search over all cells. */
    @Test
    void theNearestFreeCellIsTaken() {
        double[] points = new Random(7)
                .doubles(2 * 200)
                .map(value -> Math.rint(value * 6) / 6)
                .toArray();
        CellGrid grid = grid(points, CellGrid.Fitting.NEAREST);
        double farthest = 0;
        for (int point = 0; point < 200; point++) {
            double x = points[2 * point] * (grid.columns() - 1);
            double y = (1 - points[2 * point + 1]) * (grid.rows() - 1);
            double own = distance(grid, grid.cells()[point], x, y);
            farthest = Math.max(farthest, own);
            for (int cell = 0; cell < grid.columns() * grid.rows(); cell++) {
                int free = cell;
                if (IntStream.of(grid.cells()).noneMatch(taken -> taken == free)) {
                    assertThat(distance(grid, cell, x, y)).isGreaterThanOrEqualTo(own - 1e-9);
                }
            }
        }
        assertThat(farthest).isGreaterThan(1);
    }

    private static double distance(CellGrid grid, int cell, double x, double y) {
        return Math.hypot(x - cell % grid.columns(), y - cell / grid.columns());
    }

    @Test
    void theOptimalAssignmentIsNoFartherThanAnyExchange() {
        double[] points = new Random(8).doubles(2 * 120).toArray();
        CellGrid grid = grid(points, CellGrid.Fitting.OPTIMAL);
        double[][] at = new double[120][];
        double width = spread(points, 0);
        double height = spread(points, 1);
        for (int point = 0; point < 120; point++) {
            at[point] = new double[] {
                (points[2 * point] - least(points, 0)) / width * (grid.columns() - 1),
                (1 - (points[2 * point + 1] - least(points, 1)) / height) * (grid.rows() - 1)
            };
        }
        for (int one = 0; one < 120; one++) {
            for (int other = 0; other < one; other++) {
                double now = square(grid, at[one], grid.cells()[one]) + square(grid, at[other], grid.cells()[other]);
                double then = square(grid, at[one], grid.cells()[other]) + square(grid, at[other], grid.cells()[one]);
                assertThat(then).isGreaterThanOrEqualTo(now - 1e-4);
            }
        }
    }

    private static double least(double[] points, int axis) {
        return IntStream.range(0, points.length / 2)
                .mapToDouble(point -> points[2 * point + axis])
                .min()
                .orElseThrow();
    }

    private static double spread(double[] points, int axis) {
        return IntStream.range(0, points.length / 2)
                        .mapToDouble(point -> points[2 * point + axis])
                        .max()
                        .orElseThrow()
                - least(points, axis);
    }

    private static double square(CellGrid grid, double[] at, int cell) {
        double far = distance(grid, cell, at[0], at[1]);
        return far * far;
    }

    /** Of points in clusters, where many cells are far from their points. */
    @Test
    void blocksComeNearTheOptimum() {
        Random random = new Random(10);
        int side = 30;
        double[] x = new double[side * side - 7];
        double[] y = new double[x.length];
        for (int point = 0; point < x.length; point++) {
            x[point] = Math.max(0, Math.min(side - 1, 5 + point % 3 * 10 + 2 * random.nextGaussian()));
            y[point] = Math.max(0, Math.min(side - 1, 5 + point % 2 * 15 + 2 * random.nextGaussian()));
        }
        Plane plane = new Plane(x, y, side, side);
        int[] blocks = BlockAssignment.of(plane, 12, Progress.NONE);
        assertThat(blocks).doesNotHaveDuplicates();
        double optimum = cost(plane, Assignment.of(plane, Progress.NONE));
        assertThat(cost(plane, blocks)).isBetween(optimum - 1e-3, 1.05 * optimum);
    }

    private static double cost(Plane plane, int[] cells) {
        return IntStream.range(0, cells.length)
                .mapToDouble(point -> plane.cost(point, cells[point]))
                .sum();
    }

    @Test
    void columnsMayBeGiven() {
        double[] points = new Random(9).doubles(2 * 10).toArray();
        CellGrid grid = CellGrid.of(points, 2, CellGrid.Fitting.OPTIMAL, OptionalInt.of(4), Progress.NONE);
        assertThat(grid.columns()).isEqualTo(4);
        assertThat(grid.rows()).isEqualTo(3);
    }

    @ParameterizedTest
    @EnumSource(CellGrid.Fitting.class)
    void equalPointsAreSpreadOut(CellGrid.Fitting fitting) {
        assertThat(grid(new double[2 * 30], fitting).cells())
                .doesNotHaveDuplicates()
                .hasSize(30);
        assertThat(grid(new double[2], fitting).cells()).hasSize(1);
    }

    @Test
    void oneDimensionIsRefused() {
        assertThatThrownBy(() ->
                        CellGrid.of(new double[5], 1, CellGrid.Fitting.NEAREST, OptionalInt.empty(), Progress.NONE))
                .isInstanceOf(VitrineException.class)
                .hasMessageContaining("1 dimension");
    }
}
