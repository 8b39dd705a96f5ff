package dev.vitrine.study.trust;

import dev.vitrine.study.sanity.SanityCriterion;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Results of the tests of explanation methods.
 *
 * @param layers number of layers with weights
 * @param pictures names
 * @param example the displayed picture
 * @param chance measures of a random map
 * @param leftOut methods, or parts of them, that are missing, with reasons
 */
public record TrustResult(
        int layers,
        List<String> pictures,
        TrustReport.Example example,
        SanityCriterion criterion,
        List<TrustReport.Method> methods,
        TrustReport.Control chance,
        Map<String, String> leftOut) {
    public TrustResult {
        pictures = List.copyOf(pictures);
        methods = List.copyOf(methods);
        leftOut = Collections.unmodifiableMap(new LinkedHashMap<>(leftOut));
    }

    /** The verdict on a method, once its cascade is complete. */
    public Optional<SanityCriterion.Verdict> verdict(TrustReport.Method method) {
        return criterion.verdict(
                method.cascading().stream()
                        .map(step -> new SanityCriterion.Step(
                                step.stage(), step.mean().above(method.betweenPictures())))
                        .toList(),
                layers);
    }
}
