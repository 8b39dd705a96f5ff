package dev.vitrine.study.embedding;

import dev.vitrine.lens.embedding.MapQuality;
import dev.vitrine.study.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Content of the report of a map; fields that do not apply to a method are null or empty.
 *
 * @param partial progress, if stopped
 * @param neighborPreservation share of the 10 nearest in the codes that are among the 10 nearest on the map
 * @param labelPurity share of the 10 nearest on the map with a row's own label
 * @param labelPurityOfCodes the same for the nearest in the codes
 * @param distanceCorrelation Spearman correlation of pairwise distances
 */
public record EmbeddingReport(
        String method,
        int rows,
        int columns,
        int components,
        Optional<String> partial,
        List<Double> explainedVariances,
        List<Double> explainedVarianceRatios,
        List<Double> eigenvalues,
        Optional<Double> klDivergence,
        Optional<Integer> iterations,
        Optional<Double> trustworthiness,
        Optional<Double> continuity,
        Optional<Double> neighborPreservation,
        Optional<Double> labelPurity,
        Optional<Double> labelPurityOfCodes,
        Optional<Double> distanceCorrelation,
        double seconds) {
    public static EmbeddingReport of(Outcome<Embedded> outcome, double seconds) {
        Embedded map = outcome.result();
        Optional<MapQuality> quality = map.quality();
        return new EmbeddingReport(
                map.method(),
                map.rows(),
                map.columns(),
                (int) map.map().dimension(1),
                outcome.missing(),
                map.explainedVariances(),
                map.explainedVarianceRatios(),
                map.eigenvalues(),
                map.klDivergence(),
                map.iterations(),
                quality.map(MapQuality::trustworthiness).filter(value -> !value.isNaN()),
                quality.map(MapQuality::continuity).filter(value -> !value.isNaN()),
                quality.map(MapQuality::preservation),
                quality.flatMap(MapQuality::purity).map(MapQuality.Purity::map),
                quality.flatMap(MapQuality::purity).map(MapQuality.Purity::codes),
                quality.map(MapQuality::distances),
                seconds);
    }

    /** The same as text. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        if (!explainedVarianceRatios.isEmpty()) {
            double sum = explainedVarianceRatios.stream()
                    .mapToDouble(Double::doubleValue)
                    .sum();
            lines.add(String.format(Locale.ROOT, "explained variance  %.1f %%", 100 * sum));
        }
        if (!eigenvalues.isEmpty()) {
            lines.add(String.format(Locale.ROOT, "largest eigenvalue  %.4g", eigenvalues.get(0)));
        }
        klDivergence.ifPresent(value -> lines.add(String.format(Locale.ROOT, "KL divergence       %.4f", value)));
        trustworthiness.ifPresent(value -> lines.add(String.format(Locale.ROOT, "trustworthiness     %.4f", value)));
        continuity.ifPresent(value -> lines.add(String.format(Locale.ROOT, "continuity          %.4f", value)));
        neighborPreservation.ifPresent(
                value -> lines.add(String.format(Locale.ROOT, "neighbors preserved %.1f %%", 100 * value)));
        labelPurity.ifPresent(value -> lines.add(String.format(
                Locale.ROOT,
                "label purity        %.1f %% on the map, %.1f %% in the codes",
                100 * value,
                100 * labelPurityOfCodes.orElse(0.0))));
        return lines;
    }
}
