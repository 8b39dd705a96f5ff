package dev.vitrine.lens.embedding;

import dev.vitrine.lens.neighbor.Neighbors;
import java.util.Arrays;
import java.util.function.DoubleBinaryOperator;

/**
 * A symmetric sparse matrix of weights of pairs of neighbors, in row format.
 *
 * @param starts index of the first entry of each row, and the end
 * @param columns of the entries, ascending within a row
 * @param weights of the entries
 */
public record NeighborGraph(int[] starts, int[] columns, double[] weights) {
    /**
     * Pairs of which either is a neighbor of the other.
     *
     * @param views weight of each neighbor as seen by each point, {@code [points, neighbors]}
     * @param both weight of a pair that see each other; commutative
     */
    public static NeighborGraph of(Neighbors neighbors, double[] views, DoubleBinaryOperator both) {
        int points = neighbors.queries();
        int count = neighbors.count();
        int[] starts = new int[points + 1];
        for (int entry = 0; entry < views.length; entry++) {
            starts[entry / count + 1]++;
            starts[neighbors.ids()[entry] + 1]++;
        }
        for (int point = 0; point < points; point++) {
            starts[point + 1] += starts[point];
        }
        long[] keys = new long[2 * views.length];
        int[] filled = starts.clone();
        for (int entry = 0; entry < views.length; entry++) {
            int from = entry / count;
            int to = neighbors.ids()[entry];
            keys[filled[from]++] = (long) to << 32 | entry;
            keys[filled[to]++] = (long) from << 32 | entry;
        }
        int[] newStarts = new int[points + 1];
        int[] columns = new int[keys.length];
        double[] weights = new double[keys.length];
        int kept = 0;
        for (int point = 0; point < points; point++) {
            Arrays.sort(keys, starts[point], starts[point + 1]);
            int first = kept;
            for (int index = starts[point]; index < starts[point + 1]; index++) {
                int column = (int) (keys[index] >> 32);
                double view = views[(int) keys[index]];
                if (kept > first && columns[kept - 1] == column) {
                    weights[kept - 1] = both.applyAsDouble(weights[kept - 1], view);
                } else {
                    columns[kept] = column;
                    weights[kept++] = view;
                }
            }
            newStarts[point + 1] = kept;
        }
        return new NeighborGraph(newStarts, Arrays.copyOf(columns, kept), Arrays.copyOf(weights, kept));
    }

    public int points() {
        return starts.length - 1;
    }
}
