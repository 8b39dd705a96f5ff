package dev.vitrine.lens.assignment;

/** Costs of assigning rows to columns, read a row at a time. */
public interface Costs {
    int rows();

    int columns();

    /** Reads the costs of a row, one for each column. */
    void read(int row, float[] into);

    /** {@code [rows, columns]}. */
    static Costs of(float[][] costs) {
        return new Costs() {
            @Override
            public int rows() {
                return costs.length;
            }

            @Override
            public int columns() {
                return costs.length == 0 ? 0 : costs[0].length;
            }

            @Override
            public void read(int row, float[] into) {
                System.arraycopy(costs[row], 0, into, 0, into.length);
            }
        };
    }
}
