package dev.vitrine.study.unit.portrait;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Pearson's r of one series with many others, added up as they come; about the first values, so that little is lost. */
final class Correlations {
    private final double[] sums;
    private final double[] squares;
    private final double[] products;
    private final float[] firsts;
    private float first;
    private double sum;
    private double square;
    private long count;

    Correlations(int others) {
        sums = new double[others];
        squares = new double[others];
        products = new double[others];
        firsts = new float[others];
    }

    /** @param from where the others' values begin */
    void add(double value, float[] others, int from) {
        if (count == 0) {
            first = (float) value;
            System.arraycopy(others, from, firsts, 0, firsts.length);
        }
        double x = value - first;
        sum += x;
        square += x * x;
        for (int index = 0; index < sums.length; index++) {
            double y = (double) others[from + index] - firsts[index];
            sums[index] += y;
            squares[index] += y * y;
            products[index] += x * y;
        }
        count++;
    }

    /** −1..1; 0 where either never changes. */
    double of(int other) {
        double shared = products[other] - sum * sums[other] / count;
        double own = square - sum * sum / count;
        double theirs = squares[other] - sums[other] * sums[other] / count;
        double scale = Math.sqrt(own * theirs);
        return scale > 0 ? Math.max(-1, Math.min(1, shared / scale)) : 0;
    }

    /** The others with the largest r, largest first; of equals the lower number. */
    List<Integer> largest(int most) {
        double[] all = IntStream.range(0, sums.length).mapToDouble(this::of).toArray();
        return IntStream.range(0, all.length)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer index) -> -all[index]))
                .limit(most)
                .toList();
    }
}
