package dev.vitrine.study.embedding;

import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.embedding.Codes;
import dev.vitrine.lens.embedding.Layout;
import dev.vitrine.lens.embedding.MapQuality;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * An embedding of codes, and its quality.
 *
 * @param rows of the codes
 * @param columns of the codes
 * @param map {@code f32[rows, dimensions]}
 * @param explainedVariances along each dimension, divisor n - 1; of PCA
 * @param explainedVarianceRatios of all variance
 * @param eigenvalues between over within scatter; of LDA
 * @param klDivergence of codes and map, in nats; of t-SNE
 * @param iterations number performed
 * @param quality if there are few enough rows
 */
public record Embedded(
        String method,
        int rows,
        int columns,
        Tensor map,
        List<Double> explainedVariances,
        List<Double> explainedVarianceRatios,
        List<Double> eigenvalues,
        Optional<Double> klDivergence,
        Optional<Integer> iterations,
        Optional<MapQuality> quality) {
    static Embedded of(String method, Codes codes, int dimensions, Layout.Laid laid, Optional<MapQuality> quality) {
        return new Embedded(
                method,
                codes.rows(),
                codes.columns(),
                Embedding.tensor(laid.points(), dimensions),
                laid.variances().map(explained -> list(explained.variances())).orElse(List.of()),
                laid.variances().map(explained -> list(explained.ratios())).orElse(List.of()),
                laid.eigenvalues().map(Embedded::list).orElse(List.of()),
                laid.divergence().isPresent() ? Optional.of(laid.divergence().getAsDouble()) : Optional.empty(),
                laid.steps().isPresent() ? Optional.of(laid.steps().getAsInt()) : Optional.empty(),
                quality);
    }

    private static List<Double> list(double[] values) {
        return Arrays.stream(values).boxed().toList();
    }
}
