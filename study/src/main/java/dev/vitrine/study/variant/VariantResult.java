package dev.vitrine.study.variant;

import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * What a changed network came to.
 *
 * @param name what is changed
 * @param weights numbers that are learned
 * @param runs its trainings, each with another seed, in the order of the seeds; one at least
 */
public record VariantResult(String name, long weights, List<Run> runs) {
    private static final double DEVIATIONS = 1.959964;

    public VariantResult {
        runs = List.copyOf(runs);
    }

    /**
     * One training.
     *
     * @param folder of its files, within that of the study
     * @param learned of the pictures that it learned from, as they are
     * @param heldOut of the pictures that it did not learn from
     * @param loss mean −log p(right class) of the held-out pictures
     * @param dead share of the maps and units behind rectifiers that no held-out picture excites
     */
    public record Run(String folder, long seed, Wrong learned, Wrong heldOut, double loss, double dead) {}

    /**
     * @param count pictures told wrong
     */
    public record Wrong(int count, int pictures) {
        /** Their share. */
        public double share() {
            return (double) count / Math.max(1, pictures);
        }

        /** Square of the standard deviation of the share. */
        private double variance() {
            return share() * (1 - share()) / Math.max(1, pictures);
        }
    }

    /**
     * @param deviation √(Σ(x − mean)²/(n − 1)); 0 of one
     */
    public record Spread(double mean, double deviation) {
        static Spread of(double... values) {
            double mean = 0;
            for (double value : values) {
                mean += value / values.length;
            }
            double squares = 0;
            for (double value : values) {
                squares += (value - mean) * (value - mean);
            }
            return new Spread(mean, values.length < 2 ? 0 : Math.sqrt(squares / (values.length - 1)));
        }
    }

    /** Over the trainings. */
    public Spread of(ToDoubleFunction<Run> measure) {
        return Spread.of(runs.stream().mapToDouble(measure).toArray());
    }

    public Spread learned() {
        return of(run -> run.learned().share());
    }

    public Spread heldOut() {
        return of(run -> run.heldOut().share());
    }

    /** Held-out error more than that of another, training by training of the same seed. */
    public Spread rise(VariantResult other) {
        return Spread.of(IntStream.range(0, Math.min(runs.size(), other.runs.size()))
                .mapToDouble(index -> runs.get(index).heldOut().share()
                        - other.runs.get(index).heldOut().share())
                .toArray());
    }

    /**
     * How far off the {@link #rise} may be. Of one training half the width of the 95 % interval, 1.96 √(p(1 − p)/n + q(1 −
     * q)/m): both are asked about the same pictures, so it is rather too wide. Of several the standard deviation of the
     * differences.
     */
    public double margin(VariantResult other) {
        return Math.min(runs.size(), other.runs.size()) > 1
                ? rise(other).deviation()
                : DEVIATIONS
                        * Math.sqrt(runs.get(0).heldOut().variance()
                                + other.runs.get(0).heldOut().variance());
    }
}
