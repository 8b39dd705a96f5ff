package dev.vitrine.lens.embedding;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.EigenDecomposition_F64;

/**
 * The largest eigenvalues of a symmetric matrix in descending order, with unit eigenvectors. The sign of a vector makes
 * its entry of largest magnitude positive.
 */
record Eigen(double[] values, double[][] vectors) {
    /** Size above which few eigenvectors are computed iteratively. */
    private static final int DIRECT = 700;

    private static final int OVERSAMPLED = 12;
    /** Maximum number of products with the matrix. */
    static final int PASSES = 7;

    /** All or the largest of a matrix in row-major order. */
    static Eigen of(double[] matrix, int size, int wanted, Products products, long seed) {
        if (size <= DIRECT || 6 * (wanted + OVERSAMPLED) > size) {
            return direct(matrix, size, wanted);
        }
        return iterated(block -> products.of(matrix, size, block, block.length / size), size, wanted, seed);
    }

    private static Eigen direct(double[] matrix, int size, int wanted) {
        EigenDecomposition_F64<DMatrixRMaj> found = DecompositionFactory_DDRM.eig(size, true, true);
        if (!found.decompose(new DMatrixRMaj(size, size, true, matrix.clone()))) {
            throw new IllegalStateException("the eigenvalues of a symmetric matrix were not found");
        }
        int[] order = IntStream.range(0, size)
                .boxed()
                .sorted(Comparator.comparingDouble(
                        index -> -found.getEigenvalue(index).getReal()))
                .limit(wanted)
                .mapToInt(Integer::intValue)
                .toArray();
        double[] values = new double[wanted];
        double[][] vectors = new double[wanted][];
        for (int rank = 0; rank < wanted; rank++) {
            values[rank] = found.getEigenvalue(order[rank]).getReal();
            vectors[rank] = positive(found.getEigenVector(order[rank]).getData().clone());
        }
        return new Eigen(values, vectors);
    }

    /**
     * By a block Krylov space, each block the product of the one before. Musco and Musco 2015, arXiv:1504.05477.
     *
     * @param times the matrix times {@code [size, columns]}
     */
    static Eigen iterated(UnaryOperator<double[]> times, int size, int wanted, long seed) {
        int width = Math.min(size, wanted + OVERSAMPLED);
        Basis basis = new Basis(size);
        double[] block = random(size, width, seed);
        Basis products = new Basis(size);
        for (int pass = 0; pass < PASSES && basis.count() < size; pass++) {
            double[] fresh = basis.extend(block, width);
            if (fresh.length == 0) {
                break;
            }
            block = times.apply(fresh);
            width = fresh.length / size;
            products.append(block, width);
        }
        int count = basis.count();
        double[] small = new double[count * count];
        for (int row = 0; row < count; row++) {
            for (int column = 0; column < count; column++) {
                small[row * count + column] = dot(basis.columns[row], products.columns[column]);
            }
        }
        for (int row = 0; row < count; row++) {
            for (int column = 0; column < row; column++) {
                double mean = (small[row * count + column] + small[column * count + row]) / 2;
                small[row * count + column] = mean;
                small[column * count + row] = mean;
            }
        }
        Eigen inside = direct(small, count, Math.min(wanted, count));
        double[][] vectors = new double[inside.values.length][];
        for (int rank = 0; rank < vectors.length; rank++) {
            double[] vector = new double[size];
            for (int column = 0; column < count; column++) {
                double weight = inside.vectors[rank][column];
                for (int row = 0; row < size; row++) {
                    vector[row] += weight * basis.columns[column][row];
                }
            }
            vectors[rank] = positive(vector);
        }
        return new Eigen(inside.values, vectors);
    }

    private static double[] random(int size, int width, long seed) {
        Random random = new Random(seed);
        double[] block = new double[size * width];
        for (int index = 0; index < block.length; index++) {
            block[index] = random.nextGaussian();
        }
        return block;
    }

    private static double[] positive(double[] vector) {
        int largest = 0;
        for (int index = 1; index < vector.length; index++) {
            largest = Math.abs(vector[index]) > Math.abs(vector[largest]) ? index : largest;
        }
        if (vector[largest] < 0) {
            for (int index = 0; index < vector.length; index++) {
                vector[index] = -vector[index];
            }
        }
        return vector;
    }

    private static double dot(double[] one, double[] other) {
        double sum = 0;
        for (int index = 0; index < one.length; index++) {
            sum += one[index] * other[index];
        }
        return sum;
    }

    /** Columns that grow in number. */
    private static final class Basis {
        private static final double DEPENDENT = 1e-10;

        private final int size;
        private double[][] columns = new double[0][];

        Basis(int size) {
            this.size = size;
        }

        int count() {
            return columns.length;
        }

        void append(double[] block, int width) {
            double[][] more = Arrays.copyOf(columns, columns.length + width);
            for (int column = 0; column < width; column++) {
                more[columns.length + column] = column(block, width, column);
            }
            columns = more;
        }

        /** Adds the part of a block orthogonal to the basis, orthonormalized; returns it as a block. */
        double[] extend(double[] block, int width) {
            int before = columns.length;
            for (int index = 0; index < width && columns.length < size; index++) {
                double[] column = column(block, width, index);
                double length = Math.sqrt(dot(column, column));
                // Twice is enough: Parlett, The symmetric eigenvalue problem, 6.9.
                for (int pass = 0; pass < 2; pass++) {
                    for (double[] known : columns) {
                        double share = dot(known, column);
                        for (int row = 0; row < size; row++) {
                            column[row] -= share * known[row];
                        }
                    }
                }
                double left = Math.sqrt(dot(column, column));
                if (left > DEPENDENT * length) {
                    for (int row = 0; row < size; row++) {
                        column[row] /= left;
                    }
                    columns = Arrays.copyOf(columns, columns.length + 1);
                    columns[columns.length - 1] = column;
                }
            }
            int fresh = columns.length - before;
            double[] result = new double[size * fresh];
            for (int column = 0; column < fresh; column++) {
                for (int row = 0; row < size; row++) {
                    result[row * fresh + column] = columns[before + column][row];
                }
            }
            return result;
        }

        private double[] column(double[] block, int width, int index) {
            double[] column = new double[size];
            for (int row = 0; row < size; row++) {
                column[row] = block[row * width + index];
            }
            return column;
        }
    }
}
