package dev.vitrine.study.calibration;

import dev.vitrine.study.Interval;
import java.util.List;

/**
 * Whether the probability of a network's answer is the share of such answers that are correct.
 *
 * @param confidence mean probability of the answers
 * @param plain as the network is
 * @param temperature T by which logits are to be divided, that of the least mean negative log-likelihood
 * @param mended with temperatures fitted on the other half of the pictures each
 */
public record Calibration(
        String model,
        int pictures,
        double accuracy,
        double confidence,
        Reliability plain,
        double temperature,
        Reliability mended) {
    /**
     * @param error expected calibration error {@code Σ n_b / n · |accuracy_b − confidence_b|}
     * @param largestError largest difference of any bin
     * @param loss mean negative log-likelihood of the true class
     * @param bins those with pictures, of equal width, ascending
     */
    public record Reliability(double error, double largestError, double loss, List<Bin> bins) {
        public Reliability {
            bins = List.copyOf(bins);
        }
    }

    /**
     * Answers of similar probability.
     *
     * @param interval of the accuracy, Wilson's, 95 %
     */
    public record Bin(double low, double high, long count, double accuracy, double confidence, Interval interval) {}
}
