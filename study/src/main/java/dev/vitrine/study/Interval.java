package dev.vitrine.study;

/** A 95 % confidence interval. */
public record Interval(double low, double high) {
    private static final double DEVIATIONS = 1.959964;

    /** Of a normally distributed estimate: 1.96 standard errors on either side. */
    public static Interval around(double estimate, double standardError) {
        double margin = DEVIATIONS * standardError;
        return new Interval(estimate - margin, estimate + margin);
    }

    /**
     * Wilson interval of a share found over {@code count} trials: (p + z²/2n ± z √(p(1 − p)/n + z²/4n²)) / (1 + z²/n).
     * Wilson 1927, doi:10.1080/01621459.1927.10502953.
     *
     * @param share 0..1
     * @param count need not be an integer
     */
    public static Interval ofShare(double share, double count) {
        double square = DEVIATIONS * DEVIATIONS;
        double middle = (share + square / (2 * count)) / (1 + square / count);
        double half = DEVIATIONS
                * Math.sqrt(share * (1 - share) / count + square / (4 * count * count))
                / (1 + square / count);
        return new Interval(Math.max(0, middle - half), Math.min(1, middle + half));
    }
}
