package dev.vitrine.lens.assignment;

import dev.vitrine.lens.attribution.Progress;
import java.util.Arrays;

/**
 * argmin over one-to-one assignments of Σ cost(row, column of the row). Jonker and Volgenant 1987,
 * doi:10.1007/BF02278710: column reduction, reduction transfer, augmenting row reduction, then shortest augmenting
 * paths. With more columns than rows the first two are left out, and the prices of free columns stay 0.
 */
public final class Assignment {
    private static final int FREE = -1;
    private static final int REDUCTIONS = 2;

    /** Steps of row reduction per row; more are not worth it, and rounding could make them endless. */
    private static final int MOST_STEPS = 20;

    private final Costs costs;
    private final int rows;
    private final int columns;
    private final int[] columnOf;
    private final int[] rowOf;
    private final double[] prices;
    private final float[] row;

    private Assignment(Costs costs) {
        this.costs = costs;
        this.rows = costs.rows();
        this.columns = costs.columns();
        this.columnOf = new int[rows];
        this.rowOf = new int[columns];
        this.prices = new double[columns];
        this.row = new float[columns];
        Arrays.fill(columnOf, FREE);
        Arrays.fill(rowOf, FREE);
    }

    /**
     * The column of each row; deterministic.
     *
     * @param costs finite, with at least as many columns as rows
     */
    public static int[] of(Costs costs, Progress progress) {
        if (costs.columns() < costs.rows()) {
            throw new IllegalArgumentException(
                    costs.rows() + " rows for " + costs.columns() + " columns: expected no more rows than columns");
        }
        Assignment assignment = new Assignment(costs);
        assignment.solve(progress);
        return assignment.columnOf;
    }

    private void solve(Progress progress) {
        if (rows == 0) {
            return;
        }
        if (columns == 1) {
            columnOf[0] = 0;
            return;
        }
        if (rows == columns) {
            reduceColumns();
        }
        int[] free = freeRows();
        for (int pass = 0; pass < REDUCTIONS; pass++) {
            free = reduceRows(free);
        }
        double[] distances = new double[columns];
        int[] before = new int[columns];
        int[] order = new int[columns];
        for (int index = 0; index < free.length; index++) {
            augment(free[index], distances, before, order);
            progress.report(rows - free.length + index + 1, rows);
        }
    }

    private int[] freeRows() {
        int[] free = new int[rows];
        int count = 0;
        for (int each = 0; each < rows; each++) {
            if (columnOf[each] == FREE) {
                free[count++] = each;
            }
        }
        return Arrays.copyOf(free, count);
    }

    /** The price of each column is its least cost; a row that is the cheapest of one column alone lowers it further. */
    private void reduceColumns() {
        int[] cheapest = new int[columns];
        Arrays.fill(prices, Double.POSITIVE_INFINITY);
        for (int each = 0; each < rows; each++) {
            costs.read(each, row);
            for (int column = 0; column < columns; column++) {
                if (row[column] < prices[column]) {
                    prices[column] = row[column];
                    cheapest[column] = each;
                }
            }
        }
        int[] times = new int[rows];
        for (int column = columns - 1; column >= 0; column--) {
            if (times[cheapest[column]]++ == 0) {
                columnOf[cheapest[column]] = column;
                rowOf[column] = cheapest[column];
            }
        }
        for (int each = 0; each < rows; each++) {
            if (times[each] == 1) {
                costs.read(each, row);
                double least = Double.POSITIVE_INFINITY;
                for (int column = 0; column < columns; column++) {
                    if (column != columnOf[each]) {
                        least = Math.min(least, row[column] - prices[column]);
                    }
                }
                prices[columnOf[each]] -= least;
            }
        }
    }

    /** Gives free rows their best column at the price that its second best allows; the rows that stay free. */
    private int[] reduceRows(int[] open) {
        int[] free = open.clone();
        int next = 0;
        int left = 0;
        long steps = 0;
        while (next < open.length && steps++ < (long) MOST_STEPS * rows) {
            int each = free[next++];
            costs.read(each, row);
            double best = Double.POSITIVE_INFINITY;
            double second = Double.POSITIVE_INFINITY;
            int first = FREE;
            int other = FREE;
            for (int column = 0; column < columns; column++) {
                double reduced = row[column] - prices[column];
                if (reduced < best) {
                    second = best;
                    other = first;
                    best = reduced;
                    first = column;
                } else if (reduced < second) {
                    second = reduced;
                    other = column;
                }
            }
            double price = prices[first] - (second - best);
            boolean lowers = price < prices[first];
            if (lowers) {
                prices[first] = price;
            } else if (rowOf[first] != FREE) {
                first = other;
            }
            int displaced = rowOf[first];
            columnOf[each] = first;
            rowOf[first] = each;
            if (displaced != FREE) {
                columnOf[displaced] = FREE;
                if (lowers) {
                    free[--next] = displaced;
                } else {
                    free[left++] = displaced;
                }
            }
        }
        while (next < open.length) {
            free[left++] = free[next++];
        }
        return Arrays.copyOf(free, left);
    }

    /** Assigns one more row along the shortest path to a free column. */
    private void augment(int start, double[] distances, int[] before, int[] order) {
        Arrays.fill(distances, Double.POSITIVE_INFINITY);
        for (int column = 0; column < columns; column++) {
            order[column] = column;
        }
        int open = columns;
        int each = start;
        double offset = 0;
        costs.read(each, row);
        while (true) {
            int nearest = 0;
            for (int place = 0; place < open; place++) {
                int column = order[place];
                double distance = row[column] - prices[column] - offset;
                if (distance < distances[column]) {
                    distances[column] = distance;
                    before[column] = each;
                }
                double least = distances[order[nearest]];
                if (distances[column] < least
                        || distances[column] == least && rowOf[column] == FREE && rowOf[order[nearest]] != FREE) {
                    nearest = place;
                }
            }
            int column = order[nearest];
            order[nearest] = order[--open];
            order[open] = column;
            if (rowOf[column] == FREE) {
                break;
            }
            each = rowOf[column];
            costs.read(each, row);
            offset = row[column] - prices[column] - distances[column];
        }
        int end = order[open];
        for (int place = open + 1; place < columns; place++) {
            prices[order[place]] += distances[order[place]] - distances[end];
        }
        for (int column = end; column != FREE; ) {
            int taken = before[column];
            rowOf[column] = taken;
            int freed = columnOf[taken];
            columnOf[taken] = column;
            column = freed;
        }
    }
}
