package dev.vitrine.lens.embedding.tsne;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.hipparchus.transform.DftNormalization;
import org.hipparchus.transform.FastFourierTransformer;
import org.hipparchus.transform.TransformType;

/**
 * Interpolation on a grid in the plane, where the sums over all nodes are convolutions, computed by the fast Fourier
 * transform (FIt-SNE): time is linear in the number of points. The plane is divided into square boxes at most one unit
 * wide with 3 × 3 nodes each; the charges of a point go to the nodes of its box by quadratic Lagrange polynomials.
 * Linderman et al. 2019, doi:10.1038/s41592-018-0308-4.
 */
final class FourierRepulsion implements Repulsion {
    /** Nodes of a box along each axis. */
    private static final int NODES = 3;

    private static final double WIDEST_BOX = 1;
    private static final int LEAST_SIZE = 256;
    private static final int LARGEST_SIZE = 2048;

    /** Widths of the grid are powers of this, so that the kernel serves many steps. */
    private static final double WIDTH_STEP = 1.05;

    /** Columns transformed at a time: 64 bytes of each row. */
    private static final int COLUMNS = 8;

    private static final int BLOCK = 1024;

    private final int count;
    private final Repulsion wider;
    private Grid grid = new Grid(0, 0);
    private Kernel kernel = new Kernel(new double[0][], new double[0][]);

    /** Charges on the nodes, real and imaginary parts: {@code [nodes][2][size]}; x and y of the points, and 1. */
    private double[][][] places = new double[0][][];

    private double[][][] ones = new double[0][][];

    /**
     * @param wider used for maps too wide for the largest grid
     */
    FourierRepulsion(int count, Repulsion wider) {
        this.count = count;
        this.wider = wider;
    }

    /**
     * A periodic grid, half of it empty.
     *
     * @param size of the transforms
     * @param spacing of the nodes, in map units
     */
    private record Grid(int size, double spacing) {
        static Grid of(int size, double width) {
            return new Grid(size, width / (size / (2 * NODES)) / NODES);
        }

        int nodes() {
            return size / (2 * NODES) * NODES;
        }
    }

    /** The spectra of q and q², real and even: one quadrant, {@code [size / 2 + 1][size / 2 + 1]}. */
    private record Kernel(double[][] once, double[][] squared) {}

    @Override
    public double of(double[] points, double[] forces) {
        double[] middle = new double[2];
        double span = 0;
        for (int axis = 0; axis < 2; axis++) {
            double low = Double.POSITIVE_INFINITY;
            double high = Double.NEGATIVE_INFINITY;
            for (int index = axis; index < points.length; index += 2) {
                low = Math.min(low, points[index]);
                high = Math.max(high, points[index]);
            }
            middle[axis] = (low + high) / 2;
            span = Math.max(span, high - low);
        }
        double width = Math.pow(WIDTH_STEP, Math.ceil(Math.log(Math.max(span, 1e-9)) / Math.log(WIDTH_STEP) + 1e-6));
        int size = LEAST_SIZE;
        while (size / (2 * NODES) < width / WIDEST_BOX) {
            size *= 2;
        }
        if (size > LARGEST_SIZE) {
            return wider.of(points, forces);
        }
        prepare(Grid.of(size, width));
        double[] corner = {middle[0] - width / 2, middle[1] - width / 2};
        IntStream.range(0, 2).parallel().forEach(part -> spread(part == 0, points, middle, corner));
        convolve(places, true);
        convolve(ones, false);
        return gather(points, middle, corner, forces);
    }

    private void prepare(Grid next) {
        if (next.size() != grid.size()) {
            places = new double[next.nodes()][2][next.size()];
            ones = new double[next.nodes()][2][next.size()];
        } else {
            clear(places);
            clear(ones);
        }
        if (!next.equals(grid)) {
            kernel = kernel(next);
        }
        grid = next;
    }

    private static void clear(double[][][] charges) {
        Arrays.stream(charges).parallel().forEach(row -> {
            Arrays.fill(row[0], 0);
            Arrays.fill(row[1], 0);
        });
    }

    private static Kernel kernel(Grid grid) {
        int size = grid.size();
        int half = size / 2;
        double[][][] rows = new double[half + 1][2][size];
        IntStream.rangeClosed(0, half).parallel().forEach(row -> {
            for (int column = 0; column < size; column++) {
                int away = Math.min(column, size - column);
                double q = 1 / (1 + grid.spacing() * grid.spacing() * ((double) row * row + (double) away * away));
                rows[row][0][column] = q;
                rows[row][1][column] = q * q;
            }
            transform(rows[row], TransformType.FORWARD);
        });
        double[][] once = new double[half + 1][];
        double[][] squared = new double[half + 1][];
        IntStream.rangeClosed(0, half).parallel().forEach(column -> {
            double[][] line = new double[2][size];
            for (int row = 0; row < size; row++) {
                line[0][row] = rows[Math.min(row, size - row)][0][column];
                line[1][row] = rows[Math.min(row, size - row)][1][column];
            }
            transform(line, TransformType.FORWARD);
            once[column] = Arrays.copyOf(line[0], half + 1);
            squared[column] = Arrays.copyOf(line[1], half + 1);
        });
        return new Kernel(once, squared);
    }

    private static void transform(double[][] line, TransformType type) {
        FastFourierTransformer.transformInPlace(line, DftNormalization.STANDARD, type);
    }

    /** Adds the charges of all points to the nodes of their boxes. */
    private void spread(boolean isPlaces, double[] points, double[] middle, double[] corner) {
        double[] across = new double[NODES];
        double[] down = new double[NODES];
        for (int point = 0; point < count; point++) {
            int column = weights(points[2 * point] - corner[0], across);
            int row = weights(points[2 * point + 1] - corner[1], down);
            double x = points[2 * point] - middle[0];
            double y = points[2 * point + 1] - middle[1];
            for (int one = 0; one < NODES; one++) {
                for (int other = 0; other < NODES; other++) {
                    double weight = down[one] * across[other];
                    if (isPlaces) {
                        places[row + one][0][column + other] += weight * x;
                        places[row + one][1][column + other] += weight * y;
                    } else {
                        ones[row + one][0][column + other] += weight;
                    }
                }
            }
        }
    }

    /** The first node of the box that holds a place, and the polynomials of its three nodes there. */
    private int weights(double from, double[] weights) {
        double place = from / grid.spacing();
        int box = Math.max(0, Math.min(grid.nodes() / NODES - 1, (int) (place / NODES)));
        // The nodes lie at 0.5, 1.5 and 2.5.
        double t = place - box * NODES - 1.5;
        weights[0] = t * (t - 1) / 2;
        weights[1] = 1 - t * t;
        weights[2] = t * (t + 1) / 2;
        return box * NODES;
    }

    /**
     * Replaces charges by their convolution with q² for places; for ones, the real part becomes that with q, the
     * imaginary part that with q².
     */
    private void convolve(double[][][] charges, boolean isPlaces) {
        int size = grid.size();
        Arrays.stream(charges).parallel().forEach(row -> transform(row, TransformType.FORWARD));
        IntStream.range(0, size / COLUMNS).parallel().forEach(block -> {
            double[][][] lines = new double[COLUMNS][2][size];
            for (int row = 0; row < charges.length; row++) {
                for (int line = 0; line < COLUMNS; line++) {
                    lines[line][0][row] = charges[row][0][block * COLUMNS + line];
                    lines[line][1][row] = charges[row][1][block * COLUMNS + line];
                }
            }
            for (int line = 0; line < COLUMNS; line++) {
                transform(lines[line], TransformType.FORWARD);
                multiply(lines[line], block * COLUMNS + line, isPlaces);
                transform(lines[line], TransformType.INVERSE);
            }
            for (int row = 0; row < charges.length; row++) {
                for (int line = 0; line < COLUMNS; line++) {
                    charges[row][0][block * COLUMNS + line] = lines[line][0][row];
                    charges[row][1][block * COLUMNS + line] = lines[line][1][row];
                }
            }
        });
        Arrays.stream(charges).parallel().forEach(row -> transform(row, TransformType.INVERSE));
    }

    private void multiply(double[][] line, int column, boolean isPlaces) {
        int size = grid.size();
        double[] once = kernel.once()[Math.min(column, size - column)];
        double[] squared = kernel.squared()[Math.min(column, size - column)];
        for (int row = 0; row < size; row++) {
            double real = line[0][row];
            double imaginary = line[1][row];
            double q = once[Math.min(row, size - row)];
            double qq = squared[Math.min(row, size - row)];
            line[0][row] = isPlaces ? qq * real : q * real - qq * imaginary;
            line[1][row] = isPlaces ? qq * imaginary : q * imaginary + qq * real;
        }
    }

    private double gather(double[] points, double[] middle, double[] corner, double[] forces) {
        double[] sums = new double[(count + BLOCK - 1) / BLOCK];
        IntStream.range(0, sums.length).parallel().forEach(block -> {
            double[] across = new double[NODES];
            double[] down = new double[NODES];
            for (int point = block * BLOCK; point < Math.min(count, (block + 1) * BLOCK); point++) {
                int column = weights(points[2 * point] - corner[0], across);
                int row = weights(points[2 * point + 1] - corner[1], down);
                double once = 0;
                double squared = 0;
                double toX = 0;
                double toY = 0;
                for (int one = 0; one < NODES; one++) {
                    for (int other = 0; other < NODES; other++) {
                        double weight = down[one] * across[other];
                        once += weight * ones[row + one][0][column + other];
                        squared += weight * ones[row + one][1][column + other];
                        toX += weight * places[row + one][0][column + other];
                        toY += weight * places[row + one][1][column + other];
                    }
                }
                sums[block] += once;
                forces[2 * point] = (points[2 * point] - middle[0]) * squared - toX;
                forces[2 * point + 1] = (points[2 * point + 1] - middle[1]) * squared - toY;
            }
        });
        return Arrays.stream(sums).sum() - count;
    }
}
