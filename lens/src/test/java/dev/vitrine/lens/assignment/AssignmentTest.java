package dev.vitrine.lens.assignment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.vitrine.lens.attribution.Progress;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AssignmentTest {
    private static double cost(float[][] costs, int[] columns) {
        double sum = 0;
        for (int row = 0; row < columns.length; row++) {
            sum += costs[row][columns[row]];
        }
        return sum;
    }

    private static int[] solved(float[][] costs) {
        int[] columns = Assignment.of(Costs.of(costs), Progress.NONE);
        assertThat(columns).doesNotHaveDuplicates().hasSize(costs.length);
        return columns;
    }

    /** The least cost over all assignments of the rows from one on. */
    private static double least(float[][] costs, int row, boolean[] taken) {
        if (row == costs.length) {
            return 0;
        }
        double least = Double.POSITIVE_INFINITY;
        for (int column = 0; column < taken.length; column++) {
            if (!taken[column]) {
                taken[column] = true;
                least = Math.min(least, costs[row][column] + least(costs, row + 1, taken));
                taken[column] = false;
            }
        }
        return least;
    }

    /** The Hungarian method by potentials, {@code O(rows² columns)}. */
    private static double hungarian(float[][] costs) {
        int rows = costs.length;
        int columns = costs[0].length;
        double[] u = new double[rows + 1];
        double[] v = new double[columns + 1];
        int[] rowOf = new int[columns + 1];
        int[] way = new int[columns + 1];
        for (int row = 1; row <= rows; row++) {
            rowOf[0] = row;
            int column = 0;
            double[] least = new double[columns + 1];
            Arrays.fill(least, Double.POSITIVE_INFINITY);
            boolean[] used = new boolean[columns + 1];
            do {
                used[column] = true;
                double delta = Double.POSITIVE_INFINITY;
                int next = 0;
                for (int other = 1; other <= columns; other++) {
                    if (!used[other]) {
                        double reduced = costs[rowOf[column] - 1][other - 1] - u[rowOf[column]] - v[other];
                        if (reduced < least[other]) {
                            least[other] = reduced;
                            way[other] = column;
                        }
                        if (least[other] < delta) {
                            delta = least[other];
                            next = other;
                        }
                    }
                }
                for (int other = 0; other <= columns; other++) {
                    if (used[other]) {
                        u[rowOf[other]] += delta;
                        v[other] -= delta;
                    } else {
                        least[other] -= delta;
                    }
                }
                column = next;
            } while (rowOf[column] != 0);
            do {
                rowOf[column] = rowOf[way[column]];
                column = way[column];
            } while (column != 0);
        }
        double sum = 0;
        for (int column = 1; column <= columns; column++) {
            sum += rowOf[column] > 0 ? costs[rowOf[column] - 1][column - 1] : 0;
        }
        return sum;
    }

    private interface Draw {
        float next(Random random);
    }

    private static float[][] drawn(Random random, int rows, int columns, Draw draw) {
        float[][] costs = new float[rows][columns];
        for (float[] row : costs) {
            for (int column = 0; column < columns; column++) {
                row[column] = draw.next(random);
            }
        }
        return costs;
    }

    @Test
    void isOptimalAmongAllAssignments() {
        Random random = new Random(1);
        for (int trial = 0; trial < 400; trial++) {
            int rows = 1 + random.nextInt(6);
            int columns = rows + random.nextInt(3);
            // Small whole numbers tie often.
            Draw draw = trial % 2 == 0 ? any -> any.nextFloat() - 0.5f : any -> any.nextInt(4);
            float[][] costs = drawn(random, rows, columns, draw);
            assertThat(cost(costs, solved(costs)))
                    .as("trial " + trial)
                    .isCloseTo(least(costs, 0, new boolean[columns]), within(1e-5));
        }
    }

    @Test
    void agreesWithTheHungarianMethod() {
        Random random = new Random(2);
        for (int trial = 0; trial < 30; trial++) {
            int rows = 40 + random.nextInt(80);
            int columns = rows + (trial % 3 == 0 ? random.nextInt(60) : 0);
            Draw draw = trial % 2 == 0 ? Random::nextFloat : any -> any.nextInt(20);
            float[][] costs = drawn(random, rows, columns, draw);
            assertThat(cost(costs, solved(costs))).as("trial " + trial).isCloseTo(hungarian(costs), within(1e-4));
        }
    }

    @Test
    void equalCostsAndEqualRowsEnd() {
        assertThat(solved(new float[50][70])).hasSize(50);
        float[][] alike = drawn(new Random(3), 1, 60, Random::nextFloat);
        float[][] rows = new float[60][];
        Arrays.fill(rows, alike[0]);
        solved(rows);
        assertThat(solved(new float[][] {{5}})).containsExactly(0);
        assertThat(solved(new float[0][])).isEmpty();
    }

    @Test
    void moreRowsThanColumnsAreRefused() {
        assertThatThrownBy(() -> Assignment.of(Costs.of(new float[3][2]), Progress.NONE))
                .hasMessageContaining("3 rows for 2 columns");
    }
}
