package dev.vitrine.study.variant;

import java.util.List;

/**
 * What networks with layers removed or resized come to.
 *
 * @param planned trainings
 * @param results the unchanged network first
 */
public record Variants(int planned, List<VariantResult> results) {
    public Variants {
        results = List.copyOf(results);
    }

    /** Trainings that are not done. */
    int left() {
        return planned
                - results.stream().mapToInt(result -> result.runs().size()).sum();
    }
}
