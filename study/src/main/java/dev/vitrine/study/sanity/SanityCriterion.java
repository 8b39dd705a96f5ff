package dev.vitrine.study.sanity;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A method fails if, with the upper half of the network's layers or all of them randomized, the mean over pictures
 * of |signed ρ|, unsigned ρ or SSIM against the original model is closer to identity than to chance, the similarity
 * between the original model's maps of different pictures. After the sanity checks of Adebayo et al. 2018,
 * arXiv:1810.03292, who judge by eye.
 *
 * @param limit from chance, 0, to identity, 1
 */
public record SanityCriterion(double limit) {
    /** Halfway. */
    public static final double LIMIT = 0.5;

    /** The result for a method. */
    public enum Outcome {
        PASSES,
        FAILS
    }

    /** Similarity of a method's maps at a stage, averaged over pictures, above chance. */
    public record Step(SanityCheck.Stage stage, Similarity mean) {}

    /**
     * @param stage with the most similar maps of those that count
     * @param similarity the largest of the three measures there
     * @param measure the name of that measure
     */
    public record Verdict(Outcome outcome, SanityCheck.Stage stage, double similarity, String measure) {
        /** A description of the finding. */
        public String words() {
            return String.format(
                    Locale.ROOT,
                    "%s %.2f above chance with %d layer%s random",
                    measure,
                    similarity,
                    stage.layers(),
                    stage.layers() == 1 ? "" : "s");
        }
    }

    public SanityCriterion {
        if (!(limit > 0 && limit <= 1)) {
            throw new IllegalArgumentException("limit " + limit + ": expected above 0, at most 1");
        }
    }

    public SanityCriterion() {
        this(LIMIT);
    }

    /** The criterion as a sentence. */
    public String words() {
        return String.format(
                Locale.ROOT,
                "A method fails if its maps stay similar when the upper half of the layers, or all of them, are random: if rank"
                        + " correlation with or without sign, or SSIM, is at least %.2f of the way from chance, the similarity between"
                        + " maps of different pictures, to identity.",
                limit);
    }

    /**
     * The verdict on a method with a complete cascade.
     *
     * @param cascade in order, the last with all layers random
     * @param layers of the whole network
     */
    public Optional<Verdict> verdict(List<Step> cascade, int layers) {
        List<Step> counting = cascade.stream()
                .filter(step -> step.stage().layers() == layers || isHalf(step, cascade, layers))
                .toList();
        if (counting.stream().noneMatch(step -> step.stage().layers() == layers)) {
            return Optional.empty();
        }
        Verdict worst = null;
        for (Step step : counting) {
            Verdict verdict = verdict(step);
            worst = worst == null || verdict.similarity() > worst.similarity() ? verdict : worst;
        }
        return Optional.of(worst);
    }

    /** The first stage at which at least half of the layers are random. */
    private static boolean isHalf(Step step, List<Step> cascade, int layers) {
        return cascade.stream()
                .filter(other -> 2 * other.stage().layers() >= layers)
                .findFirst()
                .filter(step::equals)
                .isPresent();
    }

    private Verdict verdict(Step step) {
        Similarity mean = step.mean();
        double largest = Math.abs(mean.signed());
        String measure = "rank correlation with sign";
        if (mean.unsigned() > largest) {
            largest = mean.unsigned();
            measure = "rank correlation without sign";
        }
        if (mean.structural() > largest) {
            largest = mean.structural();
            measure = "SSIM";
        }
        return new Verdict(largest >= limit ? Outcome.FAILS : Outcome.PASSES, step.stage(), largest, measure);
    }
}
