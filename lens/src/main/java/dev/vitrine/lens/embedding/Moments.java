package dev.vitrine.lens.embedding;

import dev.vitrine.lens.attribution.Progress;

/**
 * Mean and scatter of some codes, in one pass: {@code S = Σ (x - m)(x - m)ᵀ}.
 *
 * @param scatter {@code [columns, columns]}
 */
record Moments(int rows, double[] mean, double[] scatter) {
    static Moments of(Codes codes, Products products, Progress progress) {
        int columns = codes.columns();
        double[] shift = null;
        double[] sums = new double[columns];
        double[] scatter = new double[columns * columns];
        for (int from = 0; from < codes.rows(); from += codes.piece()) {
            int to = Math.min(codes.rows(), from + codes.piece());
            double[] part = codes.read(from, to);
            if (shift == null) {
                // Centering on a mean of some rows avoids cancellation for codes far from 0.
                shift = mean(part, columns);
            }
            for (int row = 0; row < part.length; row += columns) {
                for (int column = 0; column < columns; column++) {
                    part[row + column] -= shift[column];
                    sums[column] += part[row + column];
                }
            }
            double[] product = products.square(part, columns);
            for (int index = 0; index < scatter.length; index++) {
                scatter[index] += product[index];
            }
            progress.report(to, codes.rows());
        }
        double[] mean = new double[columns];
        for (int row = 0; row < columns; row++) {
            mean[row] = shift[row] + sums[row] / codes.rows();
            for (int column = 0; column < columns; column++) {
                scatter[row * columns + column] -= sums[row] * sums[column] / codes.rows();
            }
        }
        return new Moments(codes.rows(), mean, scatter);
    }

    static double[] mean(Codes codes) {
        double[] sums = new double[codes.columns()];
        for (int from = 0; from < codes.rows(); from += codes.piece()) {
            double[] part = codes.read(from, Math.min(codes.rows(), from + codes.piece()));
            for (int index = 0; index < part.length; index++) {
                sums[index % sums.length] += part[index];
            }
        }
        for (int column = 0; column < sums.length; column++) {
            sums[column] /= codes.rows();
        }
        return sums;
    }

    private static double[] mean(double[] part, int columns) {
        return mean(Codes.of(part, columns));
    }

    double[] covariance() {
        double[] covariance = scatter.clone();
        for (int index = 0; index < covariance.length; index++) {
            covariance[index] /= rows - 1;
        }
        return covariance;
    }
}
