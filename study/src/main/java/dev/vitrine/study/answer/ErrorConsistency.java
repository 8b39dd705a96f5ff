package dev.vitrine.study.answer;

import dev.vitrine.study.Interval;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Whether two subjects err on the same pictures, beyond what their accuracies p₁ and p₂ make likely: Cohen's
 * {@code κ = (observed - expected) / (1 - expected)}, observed the share of pictures that both get right or both get
 * wrong, {@code expected = p₁p₂ + (1 - p₁)(1 - p₂)}. By definition 1 where the two always agree. Geirhos et al. 2020,
 * arXiv:2006.16736.
 *
 * @param pictures that both answered
 * @param accuracies of the two on these
 * @param observed empty, as all below, if there are no such pictures
 * @param kappa error consistency
 * @param interval of κ, 95 %: {@code κ ± 1.96 √(observed (1 - observed) / n) / (1 - expected)}; Cohen 1960,
 *     doi:10.1177/001316446002000104. Empty where expected is 1
 */
public record ErrorConsistency(
        List<String> subjects,
        int pictures,
        List<Double> accuracies,
        Optional<Double> observed,
        Optional<Double> expected,
        Optional<Double> kappa,
        Optional<Interval> interval) {
    /** Of all pairs of subjects, in the order of their first answers. */
    public static List<ErrorConsistency> of(List<Answer> answers) {
        Map<String, Map<String, Boolean>> bySubject = new LinkedHashMap<>();
        for (Answer answer : answers) {
            bySubject
                    .computeIfAbsent(answer.subject(), unused -> new LinkedHashMap<>())
                    .put(answer.picture(), answer.isCorrect());
        }
        List<String> subjects = List.copyOf(bySubject.keySet());
        List<ErrorConsistency> pairs = new ArrayList<>();
        for (int one = 0; one < subjects.size(); one++) {
            for (int other = one + 1; other < subjects.size(); other++) {
                List<String> pair = List.of(subjects.get(one), subjects.get(other));
                pairs.add(of(pair, bySubject.get(pair.get(0)), bySubject.get(pair.get(1))));
            }
        }
        return pairs;
    }

    private static ErrorConsistency of(List<String> subjects, Map<String, Boolean> one, Map<String, Boolean> other) {
        int pictures = 0;
        int rightOne = 0;
        int rightOther = 0;
        int alike = 0;
        for (Map.Entry<String, Boolean> answer : one.entrySet()) {
            Boolean second = other.get(answer.getKey());
            if (second != null) {
                pictures++;
                rightOne += answer.getValue() ? 1 : 0;
                rightOther += second ? 1 : 0;
                alike += second.equals(answer.getValue()) ? 1 : 0;
            }
        }
        if (pictures == 0) {
            return new ErrorConsistency(
                    subjects, 0, List.of(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
        }
        double first = (double) rightOne / pictures;
        double second = (double) rightOther / pictures;
        double observed = (double) alike / pictures;
        double expected = first * second + (1 - first) * (1 - second);
        double kappa = alike == pictures ? 1 : (observed - expected) / (1 - expected);
        double error = Math.sqrt(observed * (1 - observed) / pictures) / (1 - expected);
        return new ErrorConsistency(
                subjects,
                pictures,
                List.of(first, second),
                Optional.of(observed),
                Optional.of(expected),
                Optional.of(kappa),
                expected < 1 ? Optional.of(Interval.around(kappa, error)) : Optional.empty());
    }
}
