package dev.vitrine.lens.attribution;

import dev.vitrine.engine.graph.Dimension;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.rewrite.Cut;
import dev.vitrine.engine.runtime.Executable;
import dev.vitrine.engine.runtime.Runner;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.objective.ClassScore;
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
    /** Room for the activations of one run; the number of samples a run follows from it. */
    private static final long RUN_BYTES = 384L << 20;

    private static final int LARGEST_BATCH = 16;

    private static final int LATEST_ANSWERS = 16;

    /** What a forward and backward run needs, in activations of the way forward. */
    private static final int ACTIVATION_COPIES = 3;

    /**
     * Room for opened sessions, each counted as twice its constants and the activations of its largest run, which its
     * arena keeps; the longest unused is closed first.
     */
    private static final long SESSION_BYTES = 512L << 20;

    private record Key(Object method, Objective objective) {}

    private record Opened(Executable executable, long constants, long activations) {
        long bytes() {
            return constants + activations;
        }
    }

    private final Model model;
    private final Runner runner;
    private final Map<Key, ExplanationGraph> outlines = new HashMap<>();
    private final LinkedHashMap<Key, Opened> opened = new LinkedHashMap<>();
    private long openedBytes;
    private final LinkedHashMap<Object, Object> answers = new LinkedHashMap<>();

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
     * The opened graph under a key, opened now if it is not yet.
     *
     * @param samples that it will run at a time
     */
    synchronized Executable executable(Object method, Objective objective, long samples, Supplier<Graph> graph) {
        Key key = new Key(method, objective);
        long activations = ACTIVATION_COPIES * samples * sampleBytes();
        Opened found = opened.remove(key);
        if (found == null) {
            Graph made = graph.get();
            long constants = 2 * constantBytes(made);
            makeRoom(constants + activations);
            found = new Opened(runner.load(made), constants, activations);
        } else {
            openedBytes -= found.bytes();
            found = new Opened(found.executable(), found.constants(), Math.max(found.activations(), activations));
            makeRoom(found.bytes());
        }
        opened.put(key, found);
        openedBytes += found.bytes();
        return found.executable();
    }

    private void makeRoom(long bytes) {
        Iterator<Map.Entry<Key, Opened>> oldest = opened.entrySet().iterator();
        while (openedBytes + bytes > SESSION_BYTES && oldest.hasNext()) {
            Map.Entry<Key, Opened> entry = oldest.next();
            oldest.remove();
            outlines.remove(entry.getKey());
            openedBytes -= entry.getValue().bytes();
            entry.getValue().executable().close();
        }
    }

    private static long constantBytes(Graph graph) {
        return graph.constants().values().stream()
                .mapToLong(tensor -> tensor.bytes().remaining())
                .sum();
    }

    /** The logits of a batch without any explanation, {@code f32[N,classes]}. */
    public Tensor logits(Tensor images) {
        Executable forward = executable(
                "logits",
                ClassScore.of(ClassScore.Scale.LOGIT),
                1,
                () -> new Cut(List.of(model.logits())).apply(model.graph()));
        List<Tensor> parts = new ArrayList<>();
        int chunk = batchSize();
        for (long from = 0; from < images.dimension(0); from += chunk) {
            Tensor rows = images.rows(from, Math.min(images.dimension(0), from + chunk));
            Tensor logits = forward.run(Map.of(model.input(), filled(rows))).get(model.logits());
            parts.add(logits.rows(0, rows.dimension(0)));
        }
        return Tensor.concatenate(parts);
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

    /** The answer to a question that was answered lately, or its answer now. */
    synchronized <T> T latest(Object question, Class<T> type, Supplier<T> answer) {
        Object known = answers.get(question);
        T result = type.isInstance(known) ? type.cast(known) : answer.get();
        answers.remove(question);
        answers.put(question, result);
        if (answers.size() > LATEST_ANSWERS) {
            answers.remove(answers.keySet().iterator().next());
        }
        return result;
    }

    /** How many samples one run may hold: what fits the memory bound, or the model's own fixed number. */
    public int batchSize() {
        Dimension batch = model.batch();
        if (batch.isFixed()) {
            return (int) batch.size();
        }
        return (int) Math.max(1, Math.min(LARGEST_BATCH, RUN_BYTES / Math.max(1, ACTIVATION_COPIES * sampleBytes())));
    }

    /** Bytes of all activations of one sample on the way forward. */
    private long sampleBytes() {
        Dimension batch = model.batch();
        long total = model.graph().types().values().stream()
                .filter(type -> type.rank() > 1 && type.dimension(0).equals(batch))
                .mapToLong(ModelSession::sampleBytes)
                .sum();
        return batch.isFixed() ? Math.max(1, batch.size()) * total : total;
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
