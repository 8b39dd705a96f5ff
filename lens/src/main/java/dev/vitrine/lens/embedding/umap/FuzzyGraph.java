package dev.vitrine.lens.embedding.umap;

import dev.vitrine.lens.embedding.NeighborGraph;
import dev.vitrine.lens.neighbor.Neighbors;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The fuzzy union of each point's view of its neighbors, a symmetric sparse matrix of membership strengths in 0..1: a
 * point sees a neighbor at distance d with strength {@code exp(-(d - ρ) / σ)}, ρ the distance of its nearest, σ such
 * that the strengths sum to {@code log2(k)}; the union of two views is {@code a + b - ab}. McInnes et al. 2018,
 * arXiv:1802.03426.
 */
final class FuzzyGraph {
    private static final int STEPS = 64;
    private static final double EXACT = 1e-5;
    private static final double LEAST_WIDTH = 1e-3;

    /** {@code exp(-5)} for pairs of different classes, as published for equal weight of codes and labels. */
    private static final double OTHER_CLASS = Math.exp(-5);

    private FuzzyGraph() {}

    /**
     * @param neighbors one fewer than the parameter k, which counts the point itself
     * @param labels classes to be kept apart, -1 if unknown
     */
    static NeighborGraph of(Neighbors neighbors, Optional<int[]> labels) {
        int points = neighbors.queries();
        int count = neighbors.count();
        double wanted = Math.log(count + 1) / Math.log(2);
        double mean = Arrays.stream(neighbors.distances()).average().orElseThrow();
        double[] views = new double[points * count];
        IntStream.range(0, points).parallel().forEach(point -> view(neighbors, point, wanted, mean, views));
        NeighborGraph graph = NeighborGraph.of(neighbors, views, (one, other) -> one + other - one * other);
        return labels.map(given -> supervised(graph, given)).orElse(graph);
    }

    private static void view(Neighbors neighbors, int point, double wanted, double mean, double[] views) {
        int count = neighbors.count();
        double nearest = 0;
        double own = 0;
        for (int rank = count - 1; rank >= 0; rank--) {
            double distance = neighbors.distance(point, rank);
            nearest = distance > 0 ? distance : nearest;
            own += distance / count;
        }
        double low = 0;
        double high = Double.POSITIVE_INFINITY;
        double width = 1;
        for (int step = 0; step < STEPS; step++) {
            double sum = 0;
            for (int rank = 0; rank < count; rank++) {
                sum += strength(neighbors.distance(point, rank) - nearest, width);
            }
            if (Math.abs(sum - wanted) < EXACT) {
                break;
            }
            if (sum > wanted) {
                high = width;
                width = (low + high) / 2;
            } else {
                low = width;
                width = Double.isInfinite(high) ? 2 * width : (low + high) / 2;
            }
        }
        width = Math.max(width, LEAST_WIDTH * (nearest > 0 ? own : mean));
        for (int rank = 0; rank < count; rank++) {
            views[point * count + rank] = strength(neighbors.distance(point, rank) - nearest, width);
        }
    }

    private static double strength(double beyond, double width) {
        return beyond <= 0 || width == 0 ? 1 : Math.exp(-beyond / width);
    }

    /** Weakens edges between different classes, then rescales so that each point has a neighbor of full strength. */
    private static NeighborGraph supervised(NeighborGraph graph, int[] labels) {
        int points = graph.points();
        int[] starts = graph.starts();
        int[] columns = graph.columns();
        double[] weaker = graph.weights().clone();
        for (int point = 0; point < points; point++) {
            for (int entry = starts[point]; entry < starts[point + 1]; entry++) {
                int other = labels[columns[entry]];
                if (labels[point] < 0 || other < 0) {
                    weaker[entry] *= Math.exp(-1);
                } else if (labels[point] != other) {
                    weaker[entry] *= OTHER_CLASS;
                }
            }
        }
        double[] largest = new double[points];
        for (int point = 0; point < points; point++) {
            for (int entry = starts[point]; entry < starts[point + 1]; entry++) {
                largest[point] = Math.max(largest[point], weaker[entry]);
            }
        }
        double[] renewed = new double[weaker.length];
        for (int point = 0; point < points; point++) {
            for (int entry = starts[point]; entry < starts[point + 1]; entry++) {
                double own = weaker[entry] / largest[point];
                double back = weaker[entry] / largest[columns[entry]];
                renewed[entry] = own + back - own * back;
            }
        }
        return new NeighborGraph(starts, columns, renewed);
    }
}
