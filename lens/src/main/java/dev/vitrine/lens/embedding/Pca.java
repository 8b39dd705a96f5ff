package dev.vitrine.lens.embedding;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.runtime.Runner;
import dev.vitrine.lens.attribution.Progress;

/**
 * Principal component analysis: the orthogonal directions of largest variance. Jolliffe 2002, Principal Component
 * Analysis. Exact by the covariance of columns or of rows, whichever are fewer, up to 4096; beyond that by block Krylov
 * iteration.
 *
 * @param mean of each column
 * @param components unit directions, by descending variance
 * @param variances of the codes along each component, with divisor n - 1
 * @param total variance of all columns together
 */
public record Pca(double[] mean, double[][] components, double[] variances, double total) {
    private static final int LARGEST_EXACT = 4096;

    /** How projections are scaled. */
    public enum Scaling {
        NONE,
        /** Each component has variance 1. */
        WHITENED
    }

    /**
     * The first components of some codes, in one pass over them where they have at most 4096 columns.
     *
     * @param wanted number of components, at most the number of rows and of columns
     * @throws VitrineException of kind USAGE if there are fewer, FAILURE if all rows are equal
     */
    public static Pca of(Codes codes, int wanted, Runner runner, long seed, Progress progress) {
        int most = Math.min(codes.rows(), codes.columns());
        if (wanted < 1 || wanted > most || codes.rows() < 2) {
            throw VitrineException.usage("Found " + wanted + " components of " + codes.rows() + " rows and "
                    + codes.columns() + " columns; expected at least 2 rows, and from 1 to " + most + " components.");
        }
        try (Products products = new Products(runner)) {
            Pca found;
            if (codes.columns() <= LARGEST_EXACT) {
                found = byColumns(codes, wanted, products, seed, progress);
            } else if (codes.rows() <= LARGEST_EXACT) {
                found = byRows(codes, wanted, products, seed, progress);
            } else {
                found = iterated(codes, wanted, products, seed, progress);
            }
            if (!(found.total > 0)) {
                throw VitrineException.failure("All " + codes.rows()
                        + " rows are equal; expected codes that differ. Was the layer's output constant?");
            }
            return found;
        }
    }

    private static Pca byColumns(Codes codes, int wanted, Products products, long seed, Progress progress) {
        Moments moments = Moments.of(codes, products, progress);
        double[] covariance = moments.covariance();
        int size = codes.columns();
        double total = 0;
        for (int column = 0; column < size; column++) {
            total += covariance[column * size + column];
        }
        Eigen eigen = Eigen.of(covariance, size, wanted, products, seed);
        return new Pca(moments.mean(), eigen.vectors(), notNegative(eigen.values()), total);
    }

    /** From the products of rows with each other, {@code X Xᵀ u = λ u}, the component is {@code Xᵀ u / √λ}. */
    static Pca byRows(Codes codes, int wanted, Products products, long seed, Progress progress) {
        int rows = codes.rows();
        int columns = codes.columns();
        double[] mean = Moments.mean(codes);
        double[] gram = new double[rows * rows];
        int piece = codes.piece();
        for (int from = 0; from < rows; from += piece) {
            int to = Math.min(rows, from + piece);
            double[] left = centered(codes, from, to, mean);
            for (int other = 0; other <= from; other += piece) {
                int end = Math.min(rows, other + piece);
                double[] right = other == from ? left : centered(codes, other, end, mean);
                double[] part = products.ofBoth(left, right, columns);
                for (int row = from; row < to; row++) {
                    for (int column = other; column < end; column++) {
                        double value = part[(row - from) * (end - other) + column - other];
                        gram[row * rows + column] = value;
                        gram[column * rows + row] = value;
                    }
                }
            }
            progress.report(to, rows);
        }
        double total = 0;
        for (int row = 0; row < rows; row++) {
            total += gram[row * rows + row];
        }
        Eigen eigen = Eigen.of(gram, rows, wanted, products, seed);
        double[][] components = new double[wanted][columns];
        for (int from = 0; from < rows; from += piece) {
            int to = Math.min(rows, from + piece);
            double[] part = centered(codes, from, to, mean);
            for (int rank = 0; rank < wanted; rank++) {
                for (int row = from; row < to; row++) {
                    double weight = eigen.vectors()[rank][row];
                    for (int column = 0; column < columns; column++) {
                        components[rank][column] += weight * part[(row - from) * columns + column];
                    }
                }
            }
        }
        double[] variances = new double[wanted];
        for (int rank = 0; rank < wanted; rank++) {
            variances[rank] = Math.max(0, eigen.values()[rank]) / (rows - 1);
            normalize(components[rank]);
        }
        return new Pca(mean, components, variances, total / (rows - 1));
    }

    static Pca iterated(Codes codes, int wanted, Products products, long seed, Progress progress) {
        int columns = codes.columns();
        int rows = codes.rows();
        double[] mean = Moments.mean(codes);
        int piece = codes.piece();
        double[] squares = new double[1];
        int[] pass = new int[1];
        Eigen eigen = Eigen.iterated(
                block -> {
                    int width = block.length / columns;
                    double[] sum = new double[block.length];
                    for (int from = 0; from < rows; from += piece) {
                        int to = Math.min(rows, from + piece);
                        double[] part = centered(codes, from, to, mean);
                        double[] seen = products.of(part, columns, block, width);
                        double[] back = products.ofTransposed(part, columns, seen, width);
                        for (int index = 0; index < sum.length; index++) {
                            sum[index] += back[index] / (rows - 1);
                        }
                        for (int index = 0; pass[0] == 0 && index < part.length; index++) {
                            squares[0] += part[index] * part[index];
                        }
                        progress.report((long) pass[0] * rows + to, (long) Eigen.PASSES * rows);
                    }
                    pass[0]++;
                    return sum;
                },
                columns,
                wanted,
                seed);
        return new Pca(mean, eigen.vectors(), notNegative(eigen.values()), squares[0] / (rows - 1));
    }

    private static double[] centered(Codes codes, int from, int to, double[] mean) {
        double[] values = codes.read(from, to);
        for (int row = 0; row < values.length; row += mean.length) {
            for (int column = 0; column < mean.length; column++) {
                values[row + column] -= mean[column];
            }
        }
        return values;
    }

    private static void normalize(double[] vector) {
        double squares = 0;
        for (double value : vector) {
            squares += value * value;
        }
        double length = squares > 0 ? Math.sqrt(squares) : 1;
        for (int index = 0; index < vector.length; index++) {
            vector[index] /= length;
        }
    }

    private static double[] notNegative(double[] values) {
        double[] kept = values.clone();
        for (int index = 0; index < kept.length; index++) {
            kept[index] = Math.max(0, kept[index]);
        }
        return kept;
    }

    /** Share of the total variance along each component. */
    public double[] ratios() {
        double[] ratios = new double[variances.length];
        for (int rank = 0; rank < ratios.length; rank++) {
            ratios[rank] = variances[rank] / total;
        }
        return ratios;
    }

    /** Coordinates of codes, {@code [rows, components]}; also of codes that were not part of the analysis. */
    public double[] project(Codes codes, Scaling scaling, Runner runner) {
        try (Products products = new Products(runner)) {
            return project(codes, scaling, products);
        }
    }

    double[] project(Codes codes, Scaling scaling, Products products) {
        int wanted = components.length;
        double[] turned = new double[mean.length * wanted];
        for (int rank = 0; rank < wanted; rank++) {
            double scale = scale(rank, scaling);
            for (int column = 0; column < mean.length; column++) {
                turned[column * wanted + rank] = scale * components[rank][column];
            }
        }
        double[] points = new double[Math.multiplyExact(codes.rows(), wanted)];
        for (int from = 0; from < codes.rows(); from += codes.piece()) {
            int to = Math.min(codes.rows(), from + codes.piece());
            double[] part = products.of(centered(codes, from, to, mean), mean.length, turned, wanted);
            System.arraycopy(part, 0, points, from * wanted, part.length);
        }
        return points;
    }

    private double scale(int rank, Scaling scaling) {
        return switch (scaling) {
            case NONE -> 1;
            case WHITENED -> variances[rank] > 0 ? 1 / Math.sqrt(variances[rank]) : 0;
        };
    }

    /** The codes reconstructed from points, {@code [points, columns]}. */
    public double[] inverse(double[] points, Scaling scaling) {
        int count = points.length / components.length;
        double[] rows = new double[count * mean.length];
        for (int row = 0; row < count; row++) {
            System.arraycopy(mean, 0, rows, row * mean.length, mean.length);
            for (int rank = 0; rank < components.length; rank++) {
                double weight = points[row * components.length + rank]
                        * (scaling == Scaling.WHITENED ? Math.sqrt(variances[rank]) : 1);
                for (int column = 0; column < mean.length; column++) {
                    rows[row * mean.length + column] += weight * components[rank][column];
                }
            }
        }
        return rows;
    }
}
