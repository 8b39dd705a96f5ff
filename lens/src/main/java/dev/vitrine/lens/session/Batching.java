package dev.vitrine.lens.session;

import dev.vitrine.engine.graph.Dimension;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.model.MemoryNeed;
import dev.vitrine.lens.model.Model;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** Splits samples into runs whose memory stays within a known bound. */
final class Batching {
    /**
     * Activations that one run should hold: enough that starting the small operators of a backward pass does not count,
     * and little beside the memory of a laptop.
     */
    private static final long RUN_BYTES = 64L << 20;

    private static final int LARGEST_BATCH = 16;

    /** On the way forward alone a few samples a run gain something even where they leave the cache. */
    private static final int LEAST_FORWARD_BATCH = 4;

    /**
     * Where threads are slow to wait for each other, more samples a run gain up to a third; where they are not, the fewer
     * the faster by up to a tenth. This many lose a few per cent on either.
     */
    private static final int LARGEST_FORWARD_BATCH = 12;

    /** Memory limit of a forward run. */
    private static final long FORWARD_BYTES = 128L << 20;

    /** Largest fraction of the machine's memory that one run may use. */
    private static final long SHARE = 16;

    private final Model model;
    private final long memory;

    Batching(Model model) {
        this(model, MemoryNeed.machine());
    }

    /** @param memory of the machine, in bytes */
    Batching(Model model, long memory) {
        this.model = model;
        this.memory = memory;
    }

    private boolean isFixed() {
        return model.batch().isFixed();
    }

    /** Batch size of a full run, or the model's fixed batch size. */
    int size() {
        long room = Math.min(RUN_BYTES, memory / SHARE);
        return isFixed()
                ? (int) model.batch().size()
                : (int) Math.max(1, Math.min(LARGEST_BATCH, room / Math.max(1, sampleBytes())));
    }

    /** Where the runs over {@code count} samples begin and end: full ones, then single samples. */
    List<long[]> runs(long count) {
        return runs(count, size());
    }

    private List<long[]> runs(long count, int batch) {
        List<long[]> runs = new ArrayList<>();
        long from = 0;
        while (from < count) {
            long to = count - from >= batch || isFixed() ? Math.min(count, from + batch) : from + 1;
            runs.add(new long[] {from, to});
            from = to;
        }
        return runs;
    }

    /** {@link #runs(long)} for runs that only go forward through a part of the model, and drop what was read. */
    List<long[]> forwardRuns(long count, Graph part) {
        if (isFixed()) {
            return runs(count, size());
        }
        long largest = sampleTypes(part).mapToLong(Batching::sampleBytes).max().orElse(1);
        long room = Math.min(FORWARD_BYTES, memory / SHARE);
        // A node reads one value and writes another; a third is kept for a branch.
        long samples = Math.min(LARGEST_FORWARD_BATCH, room / Math.max(1, 3 * largest));
        long least = 3 * largest * LEAST_FORWARD_BATCH <= 2 * room ? LEAST_FORWARD_BATCH : 1;
        return runs(count, (int) Math.max(least, samples));
    }

    /** For a model of a fixed batch, the last sample again until the batch is full. */
    Tensor filled(Tensor rows) {
        Dimension batch = model.batch();
        if (!batch.isFixed() || rows.dimension(0) == batch.size()) {
            return rows;
        }
        List<Tensor> copies = new ArrayList<>(List.of(rows));
        while (copies.size() < batch.size() - rows.dimension(0) + 1) {
            copies.add(rows.rows(rows.dimension(0) - 1, rows.dimension(0)));
        }
        return Tensor.concatenate(copies);
    }

    /** Bytes of all activations of one sample in the forward pass. */
    long sampleBytes() {
        return sampleTypes(model.graph()).mapToLong(Batching::sampleBytes).sum();
    }

    private Stream<TensorType> sampleTypes(Graph graph) {
        return graph.types().values().stream()
                .filter(type -> type.rank() > 1 && type.dimension(0).equals(model.batch()));
    }

    private static long sampleBytes(TensorType type) {
        return LongStream.of(type.shape()).skip(1).map(Math::abs).reduce(4, (a, b) -> a * b);
    }
}
