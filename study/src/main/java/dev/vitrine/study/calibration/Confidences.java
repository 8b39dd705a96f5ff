package dev.vitrine.study.calibration;

import dev.vitrine.study.Interval;
import java.util.ArrayList;
import java.util.List;

/**
 * Counts of answers by probability, for the even and the odd pictures and for each temperature of a grid. Sums are whole
 * numbers, so that their order does not matter.
 *
 * @param count {@code [half, temperature, bin]}, as the two below
 * @param correct number of correct answers
 * @param confidence sum of probabilities, in units of 2⁻³²
 * @param loss {@code [half, temperature]}, sum of negative log-likelihoods, in the same units
 */
record Confidences(long[] count, long[] correct, long[] confidence, long[] loss) {
    static final int BINS = 15;
    private static final int HALVES = 2;
    private static final int STEPS = 116;
    private static final int TEMPERATURES = 2 * STEPS + 1;
    /** Distance of temperatures on the grid: 2 %, from 0.1 to 10. */
    private static final double STEP = Math.log(1.02);

    private static final double UNITS = 0x1p32;
    /** Of a class whose probability is 0 in double precision. */
    private static final double MOST_LOSS = 745;

    static Confidences none() {
        int all = HALVES * TEMPERATURES;
        return new Confidences(new long[all * BINS], new long[all * BINS], new long[all * BINS], new long[all]);
    }

    private static double temperature(double place) {
        return Math.exp((place - STEPS) * STEP);
    }

    /** Adds the answer to a picture. */
    void add(int index, float[] logits, int target) {
        int best = 0;
        for (int at = 1; at < logits.length; at++) {
            best = logits[at] > logits[best] ? at : best;
        }
        for (int place = 0; place < TEMPERATURES; place++) {
            double temperature = temperature(place);
            double sum = 0;
            for (float logit : logits) {
                sum += Math.exp((logit - logits[best]) / temperature);
            }
            double share = 1 / sum;
            double negative = Math.log(sum) - (logits[target] - logits[best]) / temperature;
            int row = index % HALVES * TEMPERATURES + place;
            int bin = row * BINS + Math.min(BINS - 1, (int) (share * BINS));
            count[bin]++;
            correct[bin] += best == target ? 1 : 0;
            confidence[bin] += Math.round(share * UNITS);
            loss[row] += Math.round(Math.min(MOST_LOSS, negative) * UNITS);
        }
    }

    Confidences plus(Confidences other) {
        return new Confidences(
                sum(count, other.count),
                sum(correct, other.correct),
                sum(confidence, other.confidence),
                sum(loss, other.loss));
    }

    private static long[] sum(long[] one, long[] other) {
        long[] sum = one.clone();
        for (int index = 0; index < sum.length; index++) {
            sum[index] += other[index];
        }
        return sum;
    }

    /** Sums over halves: of each the row of a temperature. */
    private long[] row(long[] values, int width, int... places) {
        long[] sum = new long[width];
        for (int half = 0; half < HALVES; half++) {
            for (int index = 0; index < width; index++) {
                sum[index] += places[half] < 0 ? 0 : values[(half * TEMPERATURES + places[half]) * width + index];
            }
        }
        return sum;
    }

    private double loss(int half, int place) {
        return row(loss, 1, half == 1 ? -1 : place, half == 0 ? -1 : place)[0];
    }

    /** Place on the grid with the least loss; of a half, or of all pictures if there is no such half. */
    private int least(int half) {
        int best = STEPS;
        for (int place = 0; place < TEMPERATURES; place++) {
            best = loss(half, place) < loss(half, best) ? place : best;
        }
        return best;
    }

    Calibration calibration(String model) {
        Calibration.Reliability plain = reliability(STEPS, STEPS);
        // Each half by the temperature of the other; a half without pictures keeps the network as it is.
        Calibration.Reliability mended = reliability(least(1), least(0));
        long all = total(row(count, BINS, STEPS, STEPS));
        return new Calibration(
                model,
                (int) all,
                (double) total(row(correct, BINS, STEPS, STEPS)) / all,
                total(row(confidence, BINS, STEPS, STEPS)) / UNITS / all,
                plain,
                refined(least(HALVES)),
                mended);
    }

    /** The minimum of the parabola through the losses around a place. */
    private double refined(int place) {
        if (place == 0 || place == TEMPERATURES - 1) {
            return temperature(place);
        }
        double before = loss(HALVES, place - 1);
        double after = loss(HALVES, place + 1);
        double bend = before - 2 * loss(HALVES, place) + after;
        return temperature(bend > 0 ? place + (before - after) / (2 * bend) : place);
    }

    private static long total(long[] values) {
        long sum = 0;
        for (long value : values) {
            sum += value;
        }
        return sum;
    }

    private Calibration.Reliability reliability(int... places) {
        long[] counts = row(count, BINS, places);
        long[] rights = row(correct, BINS, places);
        long[] shares = row(confidence, BINS, places);
        double all = total(counts);
        List<Calibration.Bin> bins = new ArrayList<>();
        double error = 0;
        double largest = 0;
        for (int bin = 0; bin < BINS; bin++) {
            if (counts[bin] > 0) {
                double accuracy = (double) rights[bin] / counts[bin];
                double share = shares[bin] / UNITS / counts[bin];
                double gap = Math.abs(accuracy - share);
                error += counts[bin] / all * gap;
                largest = Math.max(largest, gap);
                bins.add(new Calibration.Bin(
                        (double) bin / BINS,
                        (bin + 1.0) / BINS,
                        counts[bin],
                        accuracy,
                        share,
                        Interval.ofShare(accuracy, counts[bin])));
            }
        }
        return new Calibration.Reliability(error, largest, row(loss, 1, places)[0] / UNITS / all, bins);
    }
}
