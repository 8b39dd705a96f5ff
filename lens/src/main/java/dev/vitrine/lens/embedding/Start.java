package dev.vitrine.lens.embedding;

import dev.vitrine.engine.runtime.Runner;
import dev.vitrine.lens.attribution.Progress;
import java.util.Arrays;
import java.util.stream.IntStream;

/** Initialization of maps that iterative methods improve. */
public enum Start {
    /** The first principal components of the codes. */
    PCA,
    /**
     * Eigenvectors of {@code D^-1/2 W D^-1/2}, W the weights of the neighbor graph and D its row sums, from the second
     * largest eigenvalue down (Laplacian eigenmaps). Of a graph that is not connected they only tell its parts apart;
     * then principal components. Belkin and Niyogi 2003, doi:10.1162/089976603321780317.
     */
    SPECTRAL;

    /**
     * @param values the codes, {@code [points, columns]}
     * @return {@code [points, dimensions]}
     */
    public double[] of(NeighborGraph graph, double[] values, int columns, int dimensions, Runner runner, long seed) {
        return this == SPECTRAL && dimensions + 1 < graph.points() && isConnected(graph)
                ? eigenmap(graph, dimensions, seed)
                : components(values, columns, dimensions, runner, seed);
    }

    private static double[] components(double[] values, int columns, int dimensions, Runner runner, long seed) {
        int rows = values.length / columns;
        int known = Math.min(dimensions, Math.min(rows, columns));
        double[] first = Pca.of(Codes.of(values, columns), known, runner, seed, Progress.NONE)
                .project(Codes.of(values, columns), Pca.Scaling.NONE, runner);
        double[] start = new double[rows * dimensions];
        for (int row = 0; row < rows; row++) {
            System.arraycopy(first, row * known, start, row * dimensions, known);
        }
        return start;
    }

    private static boolean isConnected(NeighborGraph graph) {
        boolean[] seen = new boolean[graph.points()];
        int[] queue = new int[graph.points()];
        int end = 1;
        seen[0] = true;
        for (int at = 0; at < end; at++) {
            for (int entry = graph.starts()[queue[at]]; entry < graph.starts()[queue[at] + 1]; entry++) {
                int other = graph.columns()[entry];
                if (!seen[other] && graph.weights()[entry] > 0) {
                    seen[other] = true;
                    queue[end++] = other;
                }
            }
        }
        return end == graph.points();
    }

    private static double[] eigenmap(NeighborGraph graph, int dimensions, long seed) {
        int points = graph.points();
        double[] roots = IntStream.range(0, points)
                .mapToDouble(point ->
                        Math.sqrt(Arrays.stream(graph.weights(), graph.starts()[point], graph.starts()[point + 1])
                                .sum()))
                .toArray();
        Eigen eigen = Eigen.iterated(block -> times(graph, roots, block), points, dimensions + 1, seed);
        double[] map = new double[points * dimensions];
        for (int index = 0; index < map.length; index++) {
            map[index] = eigen.vectors()[index % dimensions + 1][index / dimensions];
        }
        return map;
    }

    /** The normalized weights times a block, {@code [points, width]}. */
    private static double[] times(NeighborGraph graph, double[] roots, double[] block) {
        int points = graph.points();
        int width = block.length / points;
        double[] product = new double[block.length];
        IntStream.range(0, points).parallel().forEach(point -> {
            for (int entry = graph.starts()[point]; entry < graph.starts()[point + 1]; entry++) {
                int other = graph.columns()[entry];
                double weight = graph.weights()[entry] / (roots[point] * roots[other]);
                for (int column = 0; column < width; column++) {
                    product[point * width + column] += weight * block[other * width + column];
                }
            }
        });
        return product;
    }
}
