package dev.vitrine.lens.attribution;

import dev.vitrine.engine.graph.Dimension;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.rewrite.FixDimension;
import dev.vitrine.engine.runtime.Executable;
import dev.vitrine.engine.runtime.Runner;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.objective.Objective;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.LongStream;

/** A model with everything opened on it: explainers and their native sessions are made once and reused. */
public final class ModelSession implements AutoCloseable {
    /**
     * Activations that one run should hold. Larger runs gain nothing on a few cores, since one picture of ordinary size
     * keeps them busy and more of them no longer fit the processor's cache.
     */
    private static final long RUN_BYTES = 16L << 20;

    private static final int LARGEST_BATCH = 16;

    /** Room for opened sessions, each counted as twice its constants; the longest unused is closed first. */
    private static final long SESSION_BYTES = 1L << 30;

    private record Key(Object method, Objective objective) {}

    private record SizedKey(Object method, Objective objective, long batch) {}

    private record Opened(Executable executable, long bytes) {}

    private final Model model;
    private final Runner runner;
    private final Map<Key, ExplanationGraph> outlines = new HashMap<>();
    private final LinkedHashMap<SizedKey, Opened> opened = new LinkedHashMap<>(16, 0.75f, true);
    private long openedBytes;

    public ModelSession(Model model, Runner runner) {
        this.model = model;
        this.runner = runner;
    }

    public Model model() {
        return model;
    }

    /** The method on this model for an objective; equal questions get the same sessions. */
    public Explainer explainer(Attribution method, Objective objective) {
        return method.on(this, objective);
    }

    /** The method's graph for an objective, made once. */
    synchronized ExplanationGraph outline(Attribution method, Objective objective) {
        return outlines.computeIfAbsent(new Key(method, objective), key -> method.graph(model, objective));
    }

    /**
     * A graph opened for one size of its open dimensions, now if it is not open yet.
     *
     * @param size of every dimension in {@code open}
     */
    synchronized Executable executable(
            Object method, Objective objective, List<Dimension> open, long size, Supplier<Graph> graph) {
        SizedKey key = new SizedKey(method, objective, size);
        Opened found = opened.get(key);
        if (found == null) {
            Graph made = graph.get();
            for (Dimension dimension : open) {
                made = new FixDimension(dimension, size).apply(made);
            }
            found = new Opened(runner.load(made), 2 * constantBytes(made));
            makeRoom(found.bytes());
            opened.put(key, found);
            openedBytes += found.bytes();
        }
        return found.executable();
    }

    private void makeRoom(long bytes) {
        Iterator<Map.Entry<SizedKey, Opened>> oldest = opened.entrySet().iterator();
        while (openedBytes + bytes > SESSION_BYTES && oldest.hasNext()) {
            Opened entry = oldest.next().getValue();
            oldest.remove();
            openedBytes -= entry.bytes();
            entry.executable().close();
        }
    }

    private static long constantBytes(Graph graph) {
        return graph.constants().values().stream()
                .mapToLong(tensor -> tensor.bytes().remaining())
                .sum();
    }

    /**
     * Where the runs over {@code count} samples begin and end: full ones of {@link #batchSize()}, then single samples.
     */
    List<long[]> runs(long count) {
        List<long[]> runs = new ArrayList<>();
        int batch = batchSize();
        long from = 0;
        while (from < count) {
            long to = count - from >= batch || model.batch().isFixed() ? Math.min(count, from + batch) : from + 1;
            runs.add(new long[] {from, to});
            from = to;
        }
        return runs;
    }

    /** How many samples a full run holds, or the model's own fixed number. */
    public int batchSize() {
        Dimension batch = model.batch();
        if (batch.isFixed()) {
            return (int) batch.size();
        }
        long perSample = model.graph().types().values().stream()
                .filter(type -> type.rank() > 1 && type.dimension(0).equals(batch))
                .mapToLong(ModelSession::sampleBytes)
                .sum();
        return (int) Math.max(1, Math.min(LARGEST_BATCH, RUN_BYTES / Math.max(1, perSample)));
    }

    private static long sampleBytes(TensorType type) {
        return LongStream.of(type.shape()).skip(1).map(Math::abs).reduce(4, (a, b) -> a * b);
    }

    /** Class numbers as {@code i64[N]}. */
    public static Tensor targets(long... classes) {
        return Tensor.vector(classes);
    }

    @Override
    public synchronized void close() {
        opened.values().forEach(entry -> entry.executable().close());
        opened.clear();
        openedBytes = 0;
    }
}
