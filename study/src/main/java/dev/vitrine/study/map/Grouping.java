package dev.vitrine.study.map;

import dev.vitrine.lens.neighbor.Neighbors;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Whether codes group by a property.
 *
 * @param components share of the property's variance that the first principal components of the codes tell by linear
 *     regression; of words, of the variance of their indicators
 * @param componentsByChance the same for the property shuffled, mean of several shuffles plus two standard deviations
 * @param neighbors {@code 1 - mean (p_i - p_j)² / 2 Var p} over pairs of neighbors in the codes: 1 where neighbors are
 *     equal, 0 where they are as different as any two
 * @param neighborsByChance the same for the property shuffled
 * @param points that have the property
 */
public record Grouping(
        String property,
        double components,
        double componentsByChance,
        double neighbors,
        double neighborsByChance,
        int points) {
    /** Components that are looked at. */
    public static final int COMPONENTS = 10;

    private static final int SHUFFLES = 12;

    /** Whether neighbors share it more than chance lets them. */
    public boolean isFound() {
        return neighbors > Math.max(0, neighborsByChance);
    }

    /**
     * @param scores principal components of the codes, {@code [points, columns]}, uncorrelated and centered
     */
    static Grouping of(Column column, double[] scores, int columns, Neighbors near, long seed) {
        int[] known = IntStream.range(0, column.values().length)
                .filter(point -> Double.isFinite(column.values()[point]))
                .toArray();
        double[] values = Arrays.stream(known)
                .mapToDouble(point -> column.values()[point])
                .toArray();
        int categories = column.words().size();
        double[] share = shares(values, known, categories, scores, columns, near);
        double[][] chance = new double[2][SHUFFLES];
        Random random = new Random(seed);
        for (int shuffle = 0; shuffle < SHUFFLES; shuffle++) {
            double[] mixed = values.clone();
            for (int last = mixed.length - 1; last > 0; last--) {
                int other = random.nextInt(last + 1);
                double moved = mixed[last];
                mixed[last] = mixed[other];
                mixed[other] = moved;
            }
            double[] found = shares(mixed, known, categories, scores, columns, near);
            chance[0][shuffle] = found[0];
            chance[1][shuffle] = found[1];
        }
        return new Grouping(column.id(), share[0], bound(chance[0]), share[1], bound(chance[1]), known.length);
    }

    private static double bound(double[] values) {
        double mean = Arrays.stream(values).average().orElse(0);
        double variance = Arrays.stream(values)
                        .map(value -> (value - mean) * (value - mean))
                        .sum()
                / (values.length - 1);
        return mean + 2 * Math.sqrt(variance);
    }

    /** Shares told by components and by neighbors, summed over the indicators of words. */
    private static double[] shares(
            double[] values, int[] known, int categories, double[] scores, int columns, Neighbors near) {
        int components = Math.min(COMPONENTS, columns);
        double told = 0;
        double variance = 0;
        for (int word = 0; word < Math.max(1, categories); word++) {
            double mean = 0;
            for (double value : values) {
                mean += seen(value, word, categories);
            }
            mean /= values.length;
            double square = 0;
            for (double value : values) {
                square += (seen(value, word, categories) - mean) * (seen(value, word, categories) - mean);
            }
            variance += square;
            for (int component = 0; component < components; component++) {
                double product = 0;
                double length = 0;
                double center = 0;
                for (int point : known) {
                    center += scores[point * columns + component];
                }
                center /= known.length;
                for (int index = 0; index < known.length; index++) {
                    double score = scores[known[index] * columns + component] - center;
                    product += score * (seen(values[index], word, categories) - mean);
                    length += score * score;
                }
                told += length > 0 ? product * product / length : 0;
            }
        }
        if (!(variance > 0)) {
            return new double[] {0, 0};
        }
        return new double[] {
            Math.min(1, told / variance),
            1 - difference(values, known, categories, near) / (2 * variance / values.length)
        };
    }

    private static double seen(double value, int word, int categories) {
        return categories == 0 ? value : value == word ? 1 : 0;
    }

    /** Mean squared difference of neighbors that both have the property; of words, 2 where they differ. */
    private static double difference(double[] values, int[] known, int categories, Neighbors near) {
        double[] all = new double[near.queries()];
        Arrays.fill(all, Double.NaN);
        for (int index = 0; index < known.length; index++) {
            all[known[index]] = values[index];
        }
        double sum = 0;
        long pairs = 0;
        for (int point : known) {
            for (int rank = 0; rank < near.count(); rank++) {
                double other = all[near.id(point, rank)];
                if (Double.isFinite(other)) {
                    double apart = all[point] - other;
                    sum += categories == 0 ? apart * apart : apart == 0 ? 0 : 2;
                    pairs++;
                }
            }
        }
        return pairs == 0 ? 0 : sum / pairs;
    }
}
