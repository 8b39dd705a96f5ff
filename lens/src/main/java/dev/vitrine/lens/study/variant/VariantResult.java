package dev.vitrine.lens.study.variant;

/**
 * What a changed network came to.
 *
 * @param name what is changed
 * @param folder of its training, within that of the study
 * @param weights numbers that are learned
 * @param learned of the pictures that it learned from, as they are
 * @param heldOut of the pictures that it did not learn from
 * @param loss mean −log p(right class) of the held-out pictures
 * @param dead share of the maps and units behind rectifiers that no held-out picture excites
 */
public record VariantResult(
        String name, String folder, long weights, Wrong learned, Wrong heldOut, double loss, double dead) {
    private static final double DEVIATIONS = 1.959964;

    /**
     * @param count pictures told wrong
     */
    public record Wrong(int count, int pictures) {
        /** Their share. */
        public double share() {
            return (double) count / Math.max(1, pictures);
        }

        /** Square of the standard deviation of the share. */
        private double variance() {
            return share() * (1 - share()) / Math.max(1, pictures);
        }
    }

    /** Held-out error more than that of another. */
    public double rise(VariantResult other) {
        return heldOut.share() - other.heldOut.share();
    }

    /**
     * Half the width of the 95 % interval of {@link #rise}: 1.96 √(p(1 − p)/n + q(1 − q)/m). Both are asked about the same
     * pictures, so it is rather too wide.
     */
    public double margin(VariantResult other) {
        return DEVIATIONS * Math.sqrt(heldOut.variance() + other.heldOut.variance());
    }
}
