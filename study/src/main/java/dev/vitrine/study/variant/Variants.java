package dev.vitrine.study.variant;

import java.util.List;

/**
 * Results of training a network with layers removed or resized.
 *
 * @param planned number of planned trainings
 * @param results the unchanged network first
 */
public record Variants(int planned, List<VariantResult> results) {
    public Variants {
        results = List.copyOf(results);
    }

    /** Number of unfinished trainings. */
    int left() {
        return planned
                - results.stream().mapToInt(result -> result.runs().size()).sum();
    }
}
