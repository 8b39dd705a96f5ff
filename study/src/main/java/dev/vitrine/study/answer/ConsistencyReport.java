package dev.vitrine.study.answer;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Error consistency of all pairs of subjects of a table of answers.
 *
 * @param meanKappa over the pairs that have pictures in common
 */
public record ConsistencyReport(List<ErrorConsistency> pairs, Optional<Double> meanKappa) {
    public static ConsistencyReport of(List<Answer> answers) {
        List<ErrorConsistency> pairs = ErrorConsistency.of(answers);
        OptionalDouble mean = pairs.stream()
                .flatMap(pair -> pair.kappa().stream())
                .mapToDouble(Double::doubleValue)
                .average();
        return new ConsistencyReport(pairs, mean.isPresent() ? Optional.of(mean.getAsDouble()) : Optional.empty());
    }

    /** The same as text. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        for (ErrorConsistency pair : pairs) {
            String names = String.join(" and ", pair.subjects());
            if (pair.pictures() == 0) {
                lines.add(names + "  no pictures in common");
            } else {
                lines.add(String.format(
                        Locale.ROOT,
                        "%s  κ %.3f%s  agree on %.1f %% of %d pictures, expected %.1f %% by accuracies %.1f and %.1f %%",
                        names,
                        pair.kappa().orElseThrow(),
                        pair.interval()
                                .map(range -> String.format(Locale.ROOT, " (%.3f to %.3f)", range.low(), range.high()))
                                .orElse(" by definition"),
                        100 * pair.observed().orElseThrow(),
                        pair.pictures(),
                        100 * pair.expected().orElseThrow(),
                        100 * pair.accuracies().get(0),
                        100 * pair.accuracies().get(1)));
            }
        }
        meanKappa
                .filter(unused -> pairs.size() > 1)
                .ifPresent(mean -> lines.add(String.format(Locale.ROOT, "mean κ %.3f", mean)));
        return lines;
    }
}
