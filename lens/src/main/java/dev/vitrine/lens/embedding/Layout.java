package dev.vitrine.lens.embedding;

import dev.vitrine.engine.runtime.Runner;
import dev.vitrine.lens.attribution.Progress;
import dev.vitrine.lens.neighbor.Neighbors;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.Supplier;

/** A method to project codes to a few dimensions. */
public interface Layout {
    /** Display name. */
    String id();

    /** What it shows, as a phrase. */
    String shows();

    /** Whether it works in steps, the state of which it leaves in a {@link Memory}. */
    boolean isIterative();

    /**
     * @param labels class of each row, if any
     * @param dimensions of the map
     * @param seed of all random draws
     * @param memory state of an earlier run that was stopped
     * @param progress may throw a {@link java.util.concurrent.CancellationException} to stop, with the map so far if
     *     any
     */
    Laid lay(
            Codes codes,
            Optional<Labels> labels,
            int dimensions,
            long seed,
            Runner runner,
            Memory memory,
            Progress progress);

    /** Stores the state of iterative work. */
    interface Memory {
        Memory NONE = new Memory() {
            @Override
            public Optional<State> recalled() {
                return Optional.empty();
            }

            @Override
            public void pass(Supplier<State> now) {}

            @Override
            public void keep(State now) {}
        };

        Optional<State> recalled();

        /** Called after each step. */
        void pass(Supplier<State> now);

        /** Called when the work is stopped. */
        void keep(State now);
    }

    /**
     * The complete state for the next step.
     *
     * @param done steps
     */
    record State(int done, List<double[]> numbers) {}

    /**
     * Classes of rows.
     *
     * @param of class of each row, from 0 up
     * @param count number of classes
     */
    record Labels(int[] of, int count) {}

    /**
     * A map.
     *
     * @param points {@code [rows, dimensions]}
     * @param variances along each dimension with divisor n - 1, and their shares of all
     * @param eigenvalues between over within scatter, of LDA
     * @param divergence of Kullback and Leibler, of t-SNE
     * @param steps number of steps done, for iterative methods
     * @param near nearest neighbors of each row in the codes, if computed
     */
    record Laid(
            double[] points,
            Optional<Explained> variances,
            Optional<double[]> eigenvalues,
            OptionalDouble divergence,
            OptionalInt steps,
            Optional<Neighbors> near) {
        public static Laid of(double[] points) {
            return new Laid(
                    points,
                    Optional.empty(),
                    Optional.empty(),
                    OptionalDouble.empty(),
                    OptionalInt.empty(),
                    Optional.empty());
        }
    }

    record Explained(double[] variances, double[] ratios) {}

    /** All codes in memory. */
    static double[] all(Codes codes) {
        return codes.read(0, codes.rows());
    }
}
