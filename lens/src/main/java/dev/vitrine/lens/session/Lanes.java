package dev.vitrine.lens.session;

import dev.vitrine.engine.graph.Dimension;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.runtime.Device;
import dev.vitrine.engine.runtime.Executable;
import dev.vitrine.lens.objective.Objective;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Runs forward and back over many samples, side by side: each run holds one sample and stays on one processor, so that
 * processors wait for each other once in some runs rather than once an operator. Where a sample is so large that its
 * operators keep all processors busy, and on a GPU, runs follow each other and each uses all there is.
 *
 * <p>What a run computes depends neither on how many processors there are nor on what runs beside it.
 */
public final class Lanes {
    /** A run that holds more uses all processors. */
    private static final long LARGEST_RUN_BYTES = 128L << 20;

    /** Memory limit of the runs of all lanes together. */
    private static final long BYTES = 1L << 30;

    /** Runs a lane has before all wait for each other: few, since their answers are kept for so long. */
    private static final int RUNS_A_LANE = 4;

    private final ModelSession session;
    private final boolean narrow;
    private final int width;

    /** @param runBytes what a run of one sample, or of a model's fixed batch, holds */
    Lanes(ModelSession session, long runBytes) {
        this.session = session;
        this.narrow = session.runner().device() == Device.CPU && runBytes <= LARGEST_RUN_BYTES;
        long fit = BYTES / Math.max(1, runBytes);
        this.width = narrow ? (int) Math.min(Runtime.getRuntime().availableProcessors(), fit) : 1;
    }

    /** Number of concurrent runs. */
    public int width() {
        return width;
    }

    /** {@link ModelSession#executable} for the threads that a run has. */
    public Executable executable(
            GraphKey method, Objective objective, List<Dimension> open, long size, Supplier<Graph> graph) {
        return narrow
                ? session.executableForOneThread(method, objective, open, size, graph)
                : session.executable(method, objective, open, size, graph);
    }

    /** The graph, opened for a number of samples. */
    public interface Steps {
        Executable of(long size);
    }

    /** One run over the samples from {@code from} to before {@code to}. */
    public interface Work<T> {
        T run(Executable step, int from, int to);
    }

    /** Takes the answer of a run that ended before sample {@code to}. */
    public interface Taker<T> {
        void take(T answer, int to);
    }

    /** Runs over {@code count} samples; the answers are taken in their order, on the thread that asks. */
    public <T> void run(int count, Steps steps, Work<T> work, Taker<T> taker) {
        List<long[]> runs = narrow || session.model().batch().isFixed() ? singles(count) : session.runs(count);
        int most = width == 1 ? 1 : RUNS_A_LANE * width;
        for (int next = 0; next < runs.size(); next += most) {
            List<long[]> together = runs.subList(next, Math.min(runs.size(), next + most));
            // Opened here, since whoever asks may hold the session.
            List<Executable> opened =
                    together.stream().map(run -> steps.of(run[1] - run[0])).toList();
            List<T> answers = IntStream.range(0, together.size())
                    .parallel()
                    .mapToObj(i -> work.run(opened.get(i), (int) together.get(i)[0], (int) together.get(i)[1]))
                    .toList();
            for (int i = 0; i < answers.size(); i++) {
                taker.take(answers.get(i), (int) together.get(i)[1]);
            }
        }
    }

    private static List<long[]> singles(int count) {
        List<long[]> runs = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            runs.add(new long[] {i, i + 1});
        }
        return runs;
    }
}
