package dev.vitrine.lens.embedding.tsne;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.lens.embedding.NeighborGraph;
import dev.vitrine.lens.neighbor.Neighbors;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Neighbor probabilities of points: {@code p_ij = (p_j|i + p_i|j) / 2n} over the nearest of each, where {@code p_j|i}
 * is a Gaussian whose width gives the requested perplexity; for several perplexities, the mean. They sum to 1. Van der
 * Maaten and Hinton 2008, JMLR 9:2579.
 */
final class Affinities {
    private static final int STEPS = 100;
    private static final double EXACT = 1e-5;

    private Affinities() {}

    /** Number of neighbors for a perplexity, given the number of points. */
    static int neighbors(List<Double> perplexities, int points) {
        double largest =
                perplexities.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
        if (!(largest < points) || points < 3) {
            throw VitrineException.usage("Found a perplexity of " + largest + " for " + points + " points; expected it"
                    + " below the number of points" + (points < 3 ? ", and at least 3 points" : "") + ".");
        }
        return Math.min(points - 1, (int) (3 * largest + 1));
    }

    static NeighborGraph of(Neighbors neighbors, List<Double> perplexities) {
        int points = neighbors.queries();
        int count = neighbors.count();
        double[] conditional = new double[points * count];
        IntStream.range(0, points).parallel().forEach(point -> {
            double[] row = new double[count];
            for (double perplexity : perplexities) {
                gaussian(neighbors, point, perplexity, row);
                for (int rank = 0; rank < count; rank++) {
                    conditional[point * count + rank] += row[rank] / perplexities.size();
                }
            }
        });
        for (int entry = 0; entry < conditional.length; entry++) {
            conditional[entry] /= 2.0 * points;
        }
        return NeighborGraph.of(neighbors, conditional, Double::sum);
    }

    /** Finds the precision at which the entropy is the logarithm of the perplexity. */
    private static void gaussian(Neighbors neighbors, int point, double perplexity, double[] row) {
        double wanted = Math.log(Math.min(perplexity, row.length));
        double nearest = square(neighbors, point, 0);
        double low = 0;
        double high = Double.POSITIVE_INFINITY;
        double mean = 0;
        for (int rank = 0; rank < row.length; rank++) {
            mean += (square(neighbors, point, rank) - nearest) / row.length;
        }
        if (!(mean > 0)) {
            Arrays.fill(row, 1.0 / row.length);
            return;
        }
        double precision = 1 / mean;
        for (int step = 0; step < STEPS; step++) {
            double sum = 0;
            double weighted = 0;
            for (int rank = 0; rank < row.length; rank++) {
                double apart = square(neighbors, point, rank) - nearest;
                row[rank] = Math.exp(-precision * apart);
                sum += row[rank];
                weighted += row[rank] * apart;
            }
            double excess = Math.log(sum) + precision * weighted / sum - wanted;
            if (Math.abs(excess) <= EXACT) {
                break;
            }
            if (excess > 0) {
                low = precision;
                precision = Double.isInfinite(high) ? 2 * precision : (precision + high) / 2;
            } else {
                high = precision;
                precision = (low + precision) / 2;
            }
        }
        double sum = Arrays.stream(row).sum();
        for (int rank = 0; rank < row.length; rank++) {
            row[rank] /= sum;
        }
    }

    private static double square(Neighbors neighbors, int point, int rank) {
        double distance = neighbors.distance(point, rank);
        return distance * distance;
    }
}
