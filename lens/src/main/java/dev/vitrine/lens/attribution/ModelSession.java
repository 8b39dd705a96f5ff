package dev.vitrine.lens.attribution;

import dev.vitrine.engine.graph.Dimension;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.rewrite.Cut;
import dev.vitrine.engine.rewrite.FixDimension;
import dev.vitrine.engine.runtime.Executable;
import dev.vitrine.engine.runtime.OpenGraphs;
import dev.vitrine.engine.runtime.Runner;
import dev.vitrine.engine.tensor.DirectMemory;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.objective.ClassScore;
import dev.vitrine.lens.objective.Objective;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * A model with everything opened on it: explainers and their native sessions are made once and reused.
 *
 * <p>Any number of threads may use a session and its explainers at a time; what is opened is never closed under a run.
 * Closing it waits for no run: those under way end as they would, the last of each graph closes it, and none begins any
 * more, which is an {@link IllegalStateException}. It waits for an evaluator that works ({@link #evaluated}). Models, graphs, tensors and runners may be shared by sessions and threads alike.
 */
public final class ModelSession implements AutoCloseable {
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

    /** What a run on the way forward may hold at a time. */
    private static final long FORWARD_BYTES = 128L << 20;

    /**
     * Room for opened sessions, each counted as its constants and the activations that its arena keeps; the longest
     * unused is closed first.
     */
    private static final long SESSION_BYTES = 512L << 20;

    /** What a forward and backward run needs, in activations of the way forward. */
    private static final int ACTIVATION_COPIES = 2;

    /** Constants of a graph from which on it is worth to collect those of others before. */
    private static final long LARGE_BYTES = 64L << 20;

    private static final int LATEST_ANSWERS = 16;

    private static final int EVALUATORS = 4;

    /** A way to ask the model that holds sessions of its own. */
    public interface Evaluator extends AutoCloseable {
        @Override
        void close();
    }

    private record Key(Object method, Objective objective) {}

    private record SizedKey(Object method, Objective objective, long batch, Threads threads) {}

    private enum Threads {
        ALL,
        ONE
    }

    private final Model model;
    private final Runner runner;
    private final Outlines<Key> outlines;
    private final Map<Objective, ScoreGraph> scoreGraphs = new ConcurrentHashMap<>();
    private final OpenGraphs<SizedKey> opened = new OpenGraphs<>(SESSION_BYTES);
    private final LinkedHashMap<Object, Object> answers = new LinkedHashMap<>();
    private final LinkedHashMap<Object, Evaluator> evaluators = new LinkedHashMap<>(16, 0.75f, true);
    private final Lanes lanes;
    private boolean closed;

    public ModelSession(Model model, Runner runner) {
        this.model = model;
        this.runner = runner;
        this.outlines = new Outlines<>(model.graph().constants().values());
        long samples = model.batch().isFixed() ? model.batch().size() : 1;
        this.lanes = new Lanes(this, ACTIVATION_COPIES * samples * sampleBytes());
    }

    public Model model() {
        return model;
    }

    /** What opens the session's graphs. */
    public Runner runner() {
        return runner;
    }

    /** The method on this model for an objective; equal questions get the same sessions. */
    public Explainer explainer(Attribution method, Objective objective) {
        PictureAttribution.require(method, model);
        Explainer explainer = method.on(this, objective);
        return method instanceof BaselineAttribution held
                ? new BaselineCheck(this, held, objective, explainer)
                : explainer;
    }

    /** The method's graph for an objective, made once; several can be made at a time. */
    ExplanationGraph outline(GraphAttribution method, Objective objective) {
        return outlines.of(new Key(method, objective), () -> method.graph(model, objective));
    }

    /** The way forward to an objective, made once. */
    public ScoreGraph scoreGraph(Objective objective) {
        return scoreGraphs.computeIfAbsent(objective, key -> ScoreGraph.of(model, key, List.of()));
    }

    /**
     * A graph opened for one size of its open dimensions, now if it is not open yet.
     *
     * @param method what the graph belongs to, with all that it depends on but the objective
     * @param size of every dimension in {@code open}
     */
    public Executable executable(
            Object method, Objective objective, List<Dimension> open, long size, Supplier<Graph> graph) {
        return executable(new SizedKey(method, objective, size, Threads.ALL), open, graph);
    }

    /** As {@link #executable}, for runs that go side by side. */
    Executable executableForOneThread(
            Object method, Objective objective, List<Dimension> open, long size, Supplier<Graph> graph) {
        return executable(new SizedKey(method, objective, size, Threads.ONE), open, graph);
    }

    private Executable executable(SizedKey key, List<Dimension> open, Supplier<Graph> graph) {
        return opened.executable(key, () -> {
            Graph made = graph.get();
            for (Dimension dimension : open) {
                made = new FixDimension(dimension, key.batch()).apply(made);
            }
            Graph sized = made;
            long runs = key.threads() == Threads.ONE ? lanes.width() : 1;
            long bytes = constantBytes(made) + runs * ACTIVATION_COPIES * key.batch() * sampleBytes();
            return new OpenGraphs.Opening(() -> opened(key, sized), bytes);
        });
    }

    private Executable opened(SizedKey key, Graph graph) {
        if (constantBytes(graph) >= LARGE_BYTES) {
            // What graphs before it brought makes room before the runtime copies what this one brings.
            DirectMemory.collect();
        }
        Executable executable = key.threads() == Threads.ONE ? runner.loadForOneThread(graph) : runner.load(graph);
        outlines.opened(new Key(key.method(), key.objective()));
        return executable;
    }

    private static long constantBytes(Graph graph) {
        return graph.constants().values().stream()
                .mapToLong(tensor -> tensor.bytes().remaining())
                .sum();
    }

    /**
     * What work makes of something that holds native memory, opened now if it is not open yet; the longest unused is
     * closed first. One thread at a time works.
     */
    public synchronized <T extends Evaluator, R> R evaluated(
            Object key, Class<T> type, Supplier<T> open, Function<T, R> work) {
        requireOpen();
        Evaluator found = evaluators.get(key);
        if (!type.isInstance(found)) {
            found = open.get();
            evaluators.put(key, found);
            if (evaluators.size() > EVALUATORS) {
                Iterator<Evaluator> oldest = evaluators.values().iterator();
                Evaluator unused = oldest.next();
                oldest.remove();
                unused.close();
            }
        }
        return work.apply(type.cast(found));
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the session is closed; open the model again");
        }
    }

    /** The answer to a question that was answered lately, or its answer now. */
    public synchronized <T> T latest(Object question, Class<T> type, Supplier<T> answer) {
        requireOpen();
        Object known = answers.remove(question);
        T result = type.isInstance(known) ? type.cast(known) : answer.get();
        answers.put(question, result);
        if (answers.size() > LATEST_ANSWERS) {
            answers.remove(answers.keySet().iterator().next());
        }
        return result;
    }

    /** The logits of a batch without any explanation, {@code f32[N,classes]}. */
    public Tensor logits(Tensor images) {
        List<Tensor> parts = new ArrayList<>();
        for (long[] run : runs(images.dimension(0))) {
            Executable forward = executable(
                    "logits",
                    ClassScore.of(ClassScore.Scale.LOGIT),
                    List.of(model.batch()),
                    run[1] - run[0],
                    () -> new Cut(List.of(model.logits())).apply(model.graph()));
            Tensor rows = filled(images.rows(run[0], run[1]));
            parts.add(
                    forward.run(Map.of(model.input(), rows)).get(model.logits()).rows(0, run[1] - run[0]));
        }
        return Tensor.concatenate(parts);
    }

    /** For a model of a fixed batch, the last sample again until the batch is full. */
    public Tensor filled(Tensor rows) {
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

    /**
     * Where the runs over {@code count} samples begin and end: full ones of {@link #batchSize()}, then single samples.
     */
    public List<long[]> runs(long count) {
        return runs(count, batchSize());
    }

    private List<long[]> runs(long count, int batch) {
        List<long[]> runs = new ArrayList<>();
        long from = 0;
        while (from < count) {
            long to = count - from >= batch || model.batch().isFixed() ? Math.min(count, from + batch) : from + 1;
            runs.add(new long[] {from, to});
            from = to;
        }
        return runs;
    }

    /** {@link #runs(long)} for runs that only go forward through a part of the model, and drop what was read. */
    public List<long[]> forwardRuns(long count, Graph part) {
        Dimension batch = model.batch();
        if (batch.isFixed()) {
            return runs(count, (int) batch.size());
        }
        long largest =
                sampleTypes(part).mapToLong(ModelSession::sampleBytes).max().orElse(1);
        // A node reads one value and writes another; a third is kept for a branch.
        long samples = Math.min(LARGEST_FORWARD_BATCH, FORWARD_BYTES / Math.max(1, 3 * largest));
        return runs(count, (int) Math.max(LEAST_FORWARD_BATCH, samples));
    }

    /** What takes many samples forward and back. */
    Lanes lanes() {
        return lanes;
    }

    /** How many samples a full run holds, or the model's own fixed number. */
    public int batchSize() {
        Dimension batch = model.batch();
        if (batch.isFixed()) {
            return (int) batch.size();
        }
        return (int) Math.max(1, Math.min(LARGEST_BATCH, RUN_BYTES / Math.max(1, sampleBytes())));
    }

    /** Bytes of all activations of one sample on the way forward. */
    private long sampleBytes() {
        return sampleTypes(model.graph()).mapToLong(ModelSession::sampleBytes).sum();
    }

    private Stream<TensorType> sampleTypes(Graph graph) {
        return graph.types().values().stream()
                .filter(type -> type.rank() > 1 && type.dimension(0).equals(model.batch()));
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
        closed = true;
        opened.close();
        evaluators.values().forEach(Evaluator::close);
        evaluators.clear();
    }
}
