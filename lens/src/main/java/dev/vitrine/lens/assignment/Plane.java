package dev.vitrine.lens.assignment;

/**
 * Squared distances of points from the cells of a grid.
 *
 * @param x in cells, 0 at the center of the first column
 * @param y in cells, 0 at the center of the first row
 */
record Plane(double[] x, double[] y, int across, int down) implements Costs {
    @Override
    public int rows() {
        return x.length;
    }

    @Override
    public int columns() {
        return across * down;
    }

    @Override
    public void read(int point, float[] into) {
        for (int row = 0, cell = 0; row < down; row++) {
            float below = (float) ((y[point] - row) * (y[point] - row));
            for (int column = 0; column < across; column++, cell++) {
                float beside = (float) (x[point] - column);
                into[cell] = below + beside * beside;
            }
        }
    }

    double cost(int point, int cell) {
        double beside = x[point] - cell % across;
        double below = y[point] - cell / across;
        return beside * beside + below * below;
    }
}
