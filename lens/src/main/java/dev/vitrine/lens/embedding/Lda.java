package dev.vitrine.lens.embedding;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.runtime.Runner;
import dev.vitrine.lens.attribution.Progress;
import java.util.Arrays;

/**
 * Linear discriminant analysis: the directions of largest between-class relative to within-class scatter, {@code S_b w
 * = λ S_w w}. Fisher 1936, doi:10.1111/j.1469-1809.1936.tb02137.x. Directions without within-class scatter, such as
 * constant columns, are omitted.
 *
 * @param mean of each column
 * @param directions scaled to unit within-class scatter
 * @param eigenvalues between over within scatter along each direction, descending
 * @param centers of each class along the directions
 * @param priors share of each class
 */
public record Lda(double[] mean, double[][] directions, double[] eigenvalues, double[][] centers, double[] priors) {
    /** Relative to the largest within-class scatter; smaller values count as zero. */
    private static final double NONE = 1e-10;

    private static final int MOST_COLUMNS = 4096;

    /**
     * @param labels class of each row, from 0 up
     * @param classes number of classes, each with at least one row
     * @param wanted number of directions, below the number of classes
     * @param shrinkage from 0 to 1: shrinkage of the within-class scatter towards the mean variance, for stability with
     *     few rows: {@code (1 - a) S_w + a tr(S_w) / D · I}
     * @throws VitrineException of kind USAGE where there are fewer than two classes or too few for the directions,
     *     FAILURE where no class scatters
     */
    public static Lda of(
            Codes codes, int[] labels, int classes, int wanted, double shrinkage, Runner runner, Progress progress) {
        int size = codes.columns();
        if (classes < 2) {
            throw VitrineException.usage(
                    "Found one class; linear discriminant analysis tells classes apart, expected at" + " least two.");
        }
        if (wanted < 1 || wanted > Math.min(classes - 1, size)) {
            throw VitrineException.usage("Found " + wanted + " components for " + classes + " classes and " + size
                    + " columns; linear discriminant analysis has at most one fewer than classes, expected from 1 to "
                    + Math.min(classes - 1, size) + ".");
        }
        if (size > MOST_COLUMNS) {
            throw VitrineException.usage("Found " + size + " columns; linear discriminant analysis takes at most "
                    + MOST_COLUMNS + ". Reduce them to principal components first.");
        }
        int[] members = new int[classes];
        for (int label : labels) {
            members[label]++;
        }
        double[][] means = means(codes, labels, members);
        try (Products products = new Products(runner)) {
            Moments all = Moments.of(codes, products, progress);
            double[] between = new double[size * size];
            for (int label = 0; label < classes; label++) {
                double[] apart = new double[size];
                for (int column = 0; column < size; column++) {
                    apart[column] = means[label][column] - all.mean()[column];
                }
                add(between, apart, (double) members[label] / codes.rows());
            }
            double[] within = new double[size * size];
            for (int index = 0; index < within.length; index++) {
                within[index] = all.scatter()[index] / codes.rows() - between[index];
            }
            shrink(within, size, shrinkage);
            return solved(codes, all.mean(), means, members, within, between, wanted, products);
        }
    }

    private static double[][] means(Codes codes, int[] labels, int[] members) {
        double[][] means = new double[members.length][codes.columns()];
        for (int from = 0; from < codes.rows(); from += codes.piece()) {
            int to = Math.min(codes.rows(), from + codes.piece());
            double[] part = codes.read(from, to);
            for (int row = from; row < to; row++) {
                for (int column = 0; column < codes.columns(); column++) {
                    means[labels[row]][column] += part[(row - from) * codes.columns() + column];
                }
            }
        }
        for (int label = 0; label < members.length; label++) {
            for (int column = 0; column < codes.columns(); column++) {
                means[label][column] /= members[label];
            }
        }
        return means;
    }

    private static void add(double[] matrix, double[] vector, double weight) {
        for (int row = 0; row < vector.length; row++) {
            for (int column = 0; column < vector.length; column++) {
                matrix[row * vector.length + column] += weight * vector[row] * vector[column];
            }
        }
    }

    private static void shrink(double[] within, int size, double shrinkage) {
        double trace = 0;
        for (int column = 0; column < size; column++) {
            trace += within[column * size + column];
        }
        for (int index = 0; index < within.length; index++) {
            within[index] *= 1 - shrinkage;
        }
        for (int column = 0; column < size; column++) {
            within[column * size + column] += shrinkage * trace / size;
        }
    }

    /** In coordinates with isotropic within-class scatter. */
    private static Lda solved(
            Codes codes,
            double[] mean,
            double[][] means,
            int[] members,
            double[] within,
            double[] between,
            int wanted,
            Products products) {
        int size = mean.length;
        Eigen spread = Eigen.of(within, size, size, products, 0);
        int rank = 0;
        while (rank < size && spread.values()[rank] > NONE * spread.values()[0]) {
            rank++;
        }
        if (!(spread.values()[0] > 0)) {
            throw VitrineException.failure(
                    "The rows of each class are equal; linear discriminant analysis needs classes" + " that scatter.");
        }
        double[] white = new double[size * rank];
        for (int column = 0; column < rank; column++) {
            double scale = 1 / Math.sqrt(spread.values()[column]);
            for (int row = 0; row < size; row++) {
                white[row * rank + column] = spread.vectors()[column][row] * scale;
            }
        }
        double[] seen = products.ofTransposed(white, rank, products.of(between, size, white, rank), rank);
        int kept = Math.min(wanted, rank);
        Eigen eigen = Eigen.of(seen, rank, kept, products, 0);
        double[][] directions = new double[kept][size];
        for (int index = 0; index < kept; index++) {
            for (int row = 0; row < size; row++) {
                for (int column = 0; column < rank; column++) {
                    directions[index][row] += white[row * rank + column] * eigen.vectors()[index][column];
                }
            }
        }
        Pca axes = axes(mean, directions, eigen.values());
        double[][] centers = Arrays.stream(means)
                .map(row -> axes.project(Codes.of(row, size), Pca.Scaling.NONE, products))
                .toArray(double[][]::new);
        double[] priors = Arrays.stream(members)
                .mapToDouble(count -> (double) count / codes.rows())
                .toArray();
        return new Lda(mean, directions, eigen.values(), centers, priors);
    }

    /** Coordinates of codes, {@code [rows, directions]}; also of codes that were not part of the analysis. */
    public double[] project(Codes codes, Runner runner) {
        return axes(mean, directions, eigenvalues).project(codes, Pca.Scaling.NONE, runner);
    }

    private static Pca axes(double[] mean, double[][] directions, double[] eigenvalues) {
        return new Pca(mean, directions, eigenvalues, 1);
    }

    /** The most likely class of each point, for normal distributions with equal covariance. */
    public int[] classify(double[] points) {
        int width = directions.length;
        int[] classes = new int[points.length / width];
        for (int row = 0; row < classes.length; row++) {
            double best = Double.NEGATIVE_INFINITY;
            for (int label = 0; label < centers.length; label++) {
                double score = Math.log(priors[label]);
                for (int index = 0; index < width; index++) {
                    double apart = points[row * width + index] - centers[label][index];
                    score -= apart * apart / 2;
                }
                if (score > best) {
                    best = score;
                    classes[row] = label;
                }
            }
        }
        return classes;
    }
}
