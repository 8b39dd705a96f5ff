package dev.vitrine.study.robustness;

import dev.vitrine.lens.corruption.Corruption;
import dev.vitrine.lens.corruption.Corruptions;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * A network on corrupted pictures.
 *
 * @param clean top-1 error on the pictures as they are
 * @param severities of which the rows have errors
 * @param broken pictures that most corruptions break
 */
public record Robustness(
        String model,
        Classes classes,
        int pictures,
        double clean,
        List<Integer> severities,
        List<Row> rows,
        List<BrokenPicture> broken) {
    /** Whether the published errors of AlexNet are for the network's classes. */
    public enum Classes {
        IMAGENET,
        OTHER
    }

    /**
     * One corruption.
     *
     * @param errors top-1 error by severity
     * @param flips share of the pictures with another answer than at the next milder severity, the first: than when clean
     */
    public record Row(String corruption, List<Double> errors, List<Double> flips) {
        public Row {
            errors = List.copyOf(errors);
            flips = List.copyOf(flips);
        }

        /** Mean over the severities. */
        public double error() {
            return mean(errors, error -> error);
        }

        /** Mean over the severities. */
        public double flipRate() {
            return mean(flips, flip -> flip);
        }

        private boolean isOfBenchmark() {
            return Corruptions.find(corruption).suite() == Corruption.Suite.BENCHMARK;
        }
    }

    public Robustness {
        severities = List.copyOf(severities);
        rows = List.copyOf(rows);
        broken = List.copyOf(broken);
    }

    private static <T> double mean(List<T> some, ToDoubleFunction<T> number) {
        return some.stream().mapToDouble(number).average().orElseThrow();
    }

    /** The corruptions over which means are taken: those of the benchmark, or all if none of them is there. */
    public List<Row> counted() {
        List<Row> benchmark = rows.stream().filter(Row::isOfBenchmark).toList();
        return benchmark.isEmpty() ? rows : benchmark;
    }

    /** Mean error over the corruptions, not normalized. */
    public double meanError() {
        return mean(counted(), Row::error);
    }

    public double meanFlipRate() {
        return mean(counted(), Row::flipRate);
    }

    /** Of a severity, by its place in {@link #severities}: mean error over the corruptions. */
    public double errorAt(int place) {
        return mean(counted(), row -> row.errors().get(place));
    }

    /** {@code Σ E / Σ E_AlexNet} over the severities: 1 is as good as AlexNet. */
    public Optional<Double> corruptionError(Row row) {
        return normalized(row).map(alexNet -> row.error() / alexNet);
    }

    /** {@code Σ (E − E_clean) / Σ (E_AlexNet − E_AlexNet,clean)} over the severities. */
    public Optional<Double> relativeCorruptionError(Row row) {
        return normalized(row).map(alexNet -> (row.error() - clean) / (alexNet - PublishedErrors.CLEAN));
    }

    private Optional<Double> normalized(Row row) {
        return classes == Classes.IMAGENET && row.isOfBenchmark()
                ? Optional.of(PublishedErrors.of(row.corruption()))
                : Optional.empty();
    }

    /** mCE, for networks of ImageNet's classes. */
    public Optional<Double> meanCorruptionError() {
        return isNormalized()
                ? Optional.of(mean(counted(), row -> corruptionError(row).orElseThrow()))
                : Optional.empty();
    }

    /** Relative mCE, for networks of ImageNet's classes. */
    public Optional<Double> relativeMeanCorruptionError() {
        return isNormalized()
                ? Optional.of(
                        mean(counted(), row -> relativeCorruptionError(row).orElseThrow()))
                : Optional.empty();
    }

    private boolean isNormalized() {
        return counted().stream().allMatch(row -> normalized(row).isPresent());
    }
}
