package dev.vitrine.study.unit.portrait;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Pearson's r of one series with many others, from centered sums that can be merged over runs of values: Chan, Golub and
 * LeVeque 1983, doi:10.1080/00031305.1983.10483115.
 *
 * @param square Σ(x − x̄)²
 * @param means ȳ of each other series
 * @param squares Σ(y − ȳ)² of each
 * @param products Σ(x − x̄)(y − ȳ) of each
 */
record Correlations(long count, double mean, double square, double[] means, double[] squares, double[] products) {
    /** @param from where the other series begin in the row */
    static Correlations of(double value, float[] others, int from, int count) {
        double[] means = new double[count];
        for (int index = 0; index < count; index++) {
            means[index] = others[from + index];
        }
        return new Correlations(1, value, 0, means, new double[count], new double[count]);
    }

    Correlations and(Correlations later) {
        long all = count + later.count;
        double share = (double) later.count / all;
        double weight = count * share;
        double x = later.mean - mean;
        Correlations both = new Correlations(
                all,
                mean + share * x,
                square + later.square + weight * x * x,
                means.clone(),
                squares.clone(),
                products.clone());
        for (int index = 0; index < means.length; index++) {
            double y = later.means[index] - means[index];
            both.means[index] += share * y;
            both.squares[index] += later.squares[index] + weight * y * y;
            both.products[index] += later.products[index] + weight * x * y;
        }
        return both;
    }

    /** −1..1; 0 if either series is constant. */
    double of(int other) {
        double scale = Math.sqrt(square * squares[other]);
        return scale > 0 ? Math.max(-1, Math.min(1, products[other] / scale)) : 0;
    }

    /** The series with the largest r, largest first; ties by lower index. */
    List<Integer> largest(int most) {
        double[] all = IntStream.range(0, means.length).mapToDouble(this::of).toArray();
        return IntStream.range(0, all.length)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer index) -> -all[index]))
                .limit(most)
                .toList();
    }
}
