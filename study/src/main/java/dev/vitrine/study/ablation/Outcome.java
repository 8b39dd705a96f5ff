package dev.vitrine.study.ablation;

/**
 * Error of an ablated network.
 *
 * @param pictures number of pictures evaluated
 * @param topOneError share of pictures whose class is not the top prediction
 * @param topFiveError share of pictures whose class is not among the top five
 * @param loss mean −log of the probability of the true class
 * @param rise increase of {@code topOneError} over the intact network's, on the same pictures
 * @param margin half-width of the 95 % confidence interval of {@code rise}
 */
public record Outcome(int pictures, double topOneError, double topFiveError, double loss, double rise, double margin) {
    /** Whether the error is significantly higher than that of the intact network. */
    public boolean isWorse() {
        return rise - margin > 0;
    }
}
