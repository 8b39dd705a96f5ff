package dev.vitrine.lens.attack.search;

/** What attacks make of the logits z of a picture. */
final class Scores {
    private Scores() {}

    /** {@code log Σ exp z_k over k ≠ label, minus z_label}. */
    static double logOdds(float[] logits, int label) {
        double largest = largestOther(logits, label);
        double sum = 0;
        for (int index = 0; index < logits.length; index++) {
            sum += index == label ? 0 : Math.exp(logits[index] - largest);
        }
        return largest + Math.log(sum) - logits[label];
    }

    /** {@code max z_k over k ≠ label, minus z_label}; positive if and only if another class is predicted. */
    static double margin(float[] logits, int label) {
        return largestOther(logits, label) - logits[label];
    }

    private static double largestOther(float[] logits, int label) {
        double largest = Double.NEGATIVE_INFINITY;
        for (int index = 0; index < logits.length; index++) {
            largest = index == label ? largest : Math.max(largest, logits[index]);
        }
        return largest;
    }
}
