package dev.vitrine.study.variant;

import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * The results of a changed network.
 *
 * @param name the changes, as text
 * @param weights number of learned weights
 * @param runs its trainings, at least one, in ascending order of their seeds
 */
public record VariantResult(String name, long weights, List<Run> runs) {
    private static final double DEVIATIONS = 1.959964;

    public VariantResult {
        runs = List.copyOf(runs);
    }

    /**
     * One training.
     *
     * @param folder folder of its files, relative to that of the study
     * @param learned errors on the training pictures, without augmentation
     * @param heldOut errors on the held-out pictures
     * @param loss mean −log p(true class) over the held-out pictures
     * @param dead share of the channels and units after a rectifier that no held-out picture activates
     */
    public record Run(String folder, long seed, Wrong learned, Wrong heldOut, double loss, double dead) {}

    /**
     * @param count misclassified pictures
     */
    public record Wrong(int count, int pictures) {
        /** The error rate. */
        public double share() {
            return (double) count / Math.max(1, pictures);
        }

        /** Variance of the error rate. */
        private double variance() {
            return share() * (1 - share()) / Math.max(1, pictures);
        }
    }

    /**
     * @param deviation √(Σ(x − mean)²/(n − 1)); 0 if n = 1
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

    /** Mean and standard deviation over the trainings. */
    public Spread of(ToDoubleFunction<Run> measure) {
        return Spread.of(runs.stream().mapToDouble(measure).toArray());
    }

    public Spread learned() {
        return of(run -> run.learned().share());
    }

    public Spread heldOut() {
        return of(run -> run.heldOut().share());
    }

    /** Increase of the held-out error over another network's, paired by seed. */
    public Spread rise(VariantResult other) {
        return Spread.of(IntStream.range(0, Math.min(runs.size(), other.runs.size()))
                .mapToDouble(index -> runs.get(index).heldOut().share()
                        - other.runs.get(index).heldOut().share())
                .toArray());
    }

    /**
     * Uncertainty of {@link #rise}. For one training, the half-width of the 95 % interval, 1.96 √(p(1 − p)/n + q(1 −
     * q)/m), which is conservative since both are evaluated on the same pictures. For several, the standard deviation
     * of the differences.
     */
    public double margin(VariantResult other) {
        return Math.min(runs.size(), other.runs.size()) > 1
                ? rise(other).deviation()
                : DEVIATIONS
                        * Math.sqrt(runs.get(0).heldOut().variance()
                                + other.runs.get(0).heldOut().variance());
    }
}
