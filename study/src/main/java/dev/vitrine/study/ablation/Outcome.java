package dev.vitrine.study.ablation;

/**
 * How a network does without something.
 *
 * @param pictures it was asked about
 * @param topOneError share of them whose class is not the likeliest
 * @param topFiveError share of them whose class is not among the five likeliest
 * @param loss mean −log of the probability of the right class
 * @param rise of {@code topOneError} over the whole network's, on the same pictures
 * @param margin the true rise lies within so much of {@code rise} with 95 % confidence
 */
public record Outcome(int pictures, double topOneError, double topFiveError, double loss, double rise, double margin) {
    /** Whether the network errs more often without it, beyond chance. */
    public boolean isWorse() {
        return rise - margin > 0;
    }
}
