package dev.vitrine.study.where;

import java.util.Random;
import java.util.stream.IntStream;

/**
 * The leading eigenvectors of D^−½ W D^−½ with w = exp(−d²/(σᵢσⱼ)) among near neighbors, σ the distance to the 7th. Ng,
 * Jordan and Weiss 2001; scales as Zelnik-Manor and Perona 2004.
 *
 * @param values eigenvalues in descending order, at most 1
 * @param vectors one row per point, one column per eigenvalue
 */
record SpectralEmbedding(double[] values, double[][] vectors) {
    private static final int SCALE_NEIGHBOR = 7;
    private static final int NEIGHBORS = 32;
    private static final int ROUNDS = 400;
    private static final double SETTLED = 1e-9;

    static SpectralEmbedding of(double[][] all, int dimensions, long seed) {
        int count = all.length;
        int near = Math.min(NEIGHBORS, count - 1);
        int[][] neighbors = new int[count][];
        for (int point = 0; point < count; point++) {
            int here = point;
            neighbors[point] = IntStream.range(0, count)
                    .filter(other -> other != here)
                    .boxed()
                    .sorted((one, two) -> Double.compare(all[here][one], all[here][two]))
                    .limit(near)
                    .mapToInt(Integer::intValue)
                    .toArray();
        }
        double[] scale = new double[count];
        for (int point = 0; point < count; point++) {
            scale[point] = Math.max(1e-9, all[point][neighbors[point][Math.min(SCALE_NEIGHBOR, near) - 1]]);
        }
        double[][] weights = new double[count][];
        double[] degree = new double[count];
        for (int point = 0; point < count; point++) {
            weights[point] = new double[near];
            for (int index = 0; index < near; index++) {
                int other = neighbors[point][index];
                double d = all[point][other];
                // Averaging both directions makes it symmetric.
                weights[point][index] = 0.5 * Math.exp(-d * d / (scale[point] * scale[other]));
                degree[point] += weights[point][index];
                degree[other] += weights[point][index];
            }
        }
        for (int point = 0; point < count; point++) {
            for (int index = 0; index < near; index++) {
                weights[point][index] /=
                        Math.sqrt(Math.max(1e-12, degree[point]) * Math.max(1e-12, degree[neighbors[point][index]]));
            }
        }
        return iterate(count, Math.min(dimensions, count), neighbors, weights, seed);
    }

    /** Orthogonal iteration with (A + 1)/2, whose largest eigenvalues are also largest in magnitude. */
    private static SpectralEmbedding iterate(
            int count, int dimensions, int[][] neighbors, double[][] weights, long seed) {
        Random random = new Random(seed);
        double[][] basis = new double[dimensions][count];
        for (double[] vector : basis) {
            for (int point = 0; point < count; point++) {
                vector[point] = random.nextGaussian();
            }
        }
        orthonormalize(basis);
        double[] values = new double[dimensions];
        for (int round = 0; round < ROUNDS; round++) {
            double change = 0;
            for (int index = 0; index < dimensions; index++) {
                double[] product = product(basis[index], neighbors, weights);
                double value = dot(basis[index], product);
                change = Math.max(change, Math.abs(value - values[index]));
                values[index] = value;
                for (int point = 0; point < count; point++) {
                    product[point] = (product[point] + basis[index][point]) / 2;
                }
                basis[index] = product;
            }
            orthonormalize(basis);
            if (change < SETTLED) {
                break;
            }
        }
        int[] order = IntStream.range(0, dimensions)
                .boxed()
                .sorted((one, two) -> Double.compare(values[two], values[one]))
                .mapToInt(Integer::intValue)
                .toArray();
        double[][] vectors = new double[count][dimensions];
        for (int point = 0; point < count; point++) {
            for (int index = 0; index < dimensions; index++) {
                vectors[point][index] = basis[order[index]][point];
            }
        }
        return new SpectralEmbedding(
                IntStream.of(order).mapToDouble(index -> values[index]).toArray(), vectors);
    }

    private static double[] product(double[] vector, int[][] neighbors, double[][] weights) {
        double[] product = new double[vector.length];
        for (int point = 0; point < vector.length; point++) {
            for (int index = 0; index < neighbors[point].length; index++) {
                int other = neighbors[point][index];
                product[point] += weights[point][index] * vector[other];
                product[other] += weights[point][index] * vector[point];
            }
        }
        return product;
    }

    private static void orthonormalize(double[][] basis) {
        for (int index = 0; index < basis.length; index++) {
            // A second pass restores orthogonality to machine precision.
            for (int pass = 0; pass < 2; pass++) {
                for (int before = 0; before < index; before++) {
                    double part = dot(basis[index], basis[before]);
                    for (int point = 0; point < basis[index].length; point++) {
                        basis[index][point] -= part * basis[before][point];
                    }
                }
            }
            double length = Math.sqrt(dot(basis[index], basis[index]));
            for (int point = 0; point < basis[index].length; point++) {
                basis[index][point] /= Math.max(1e-300, length);
            }
        }
    }

    private static double dot(double[] one, double[] other) {
        double sum = 0;
        for (int index = 0; index < one.length; index++) {
            sum += one[index] * other[index];
        }
        return sum;
    }
}
