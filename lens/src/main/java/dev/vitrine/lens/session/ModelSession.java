package dev.vitrine.lens.session;

import dev.vitrine.engine.graph.Dimension;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.rewrite.Cut;
import dev.vitrine.engine.runtime.Executable;
import dev.vitrine.engine.runtime.Runner;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.objective.ClassScore;
import dev.vitrine.lens.objective.Objective;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A model with everything opened on it: explainers and their native sessions are made once and reused.
 *
 * <p>Any number of threads may use a session and its explainers at a time; what is opened is never closed under a run.
 * Closing it waits for no run: those under way end as they would, the last of each graph closes it, and none begins any
 * more, which is an {@link IllegalStateException}. It waits for an evaluator that works ({@link #evaluated}). Models,
 * graphs, tensors and runners may be shared by sessions and threads alike.
 */
public final class ModelSession implements AutoCloseable {
    private enum Forward implements GraphKey {
        LOGITS,
        SCORE
    }

    private final Model model;
    private final Runner runner;
    private final Outlines<Executables.Key> outlines;
    private final Batching batching;
    private final Executables executables;
    private final LatestAnswers answers = new LatestAnswers();
    private final Evaluators evaluators = new Evaluators();
    private final Lanes lanes;
    private volatile boolean closed;

    public ModelSession(Model model, Runner runner) {
        this.model = model;
        this.runner = runner;
        this.outlines = new Outlines<>(model.graph().constants().values());
        this.batching = new Batching(model);
        this.executables = new Executables(runner, batching.sampleBytes(), outlines::opened);
        long samples = model.batch().isFixed() ? model.batch().size() : 1;
        this.lanes = new Lanes(this, Executables.ACTIVATION_COPIES * samples * batching.sampleBytes());
    }

    public Model model() {
        return model;
    }

    /** The opener of the session's graphs. */
    public Runner runner() {
        return runner;
    }

    /** Opens a method for an objective; equal requests share their graphs. */
    public <E> E explainer(Openable<E> method, Objective objective) {
        return method.open(this, objective);
    }

    /** A method's graph for an objective, made once; several can be made at a time. */
    public <T extends Outline> T outline(GraphKey method, Objective objective, Class<T> type, Supplier<T> make) {
        return type.cast(outlines.of(new Executables.Key(method, objective), make::get));
    }

    /** The forward graph of an objective, built once. */
    public ScoreGraph scoreGraph(Objective objective) {
        return outline(Forward.SCORE, objective, ScoreGraph.class, () -> ScoreGraph.of(model, objective, List.of()));
    }

    /** The forward graph of an objective, opened for a number of samples. */
    Executable scores(Objective objective, long size) {
        return executable(
                Forward.SCORE,
                objective,
                List.of(model.batch()),
                size,
                () -> scoreGraph(objective).graph());
    }

    /**
     * A graph opened for one size of its open dimensions, now if it is not open yet.
     *
     * @param size of every dimension in {@code open}
     */
    public Executable executable(
            GraphKey method, Objective objective, List<Dimension> open, long size, Supplier<Graph> graph) {
        return executables.of(new Executables.Key(method, objective), open, size, Executables.Threads.ALL, 1, graph);
    }

    /** As {@link #executable}, for runs that go side by side. */
    Executable executableForOneThread(
            GraphKey method, Objective objective, List<Dimension> open, long size, Supplier<Graph> graph) {
        return executables.of(
                new Executables.Key(method, objective), open, size, Executables.Threads.ONE, lanes.width(), graph);
    }

    /**
     * What work makes of something that holds native memory, opened now if it is not open yet; the longest unused is
     * closed first. One thread at a time works.
     */
    public <T extends NativeEvaluator, R> R evaluated(EvaluatorKey<T> key, Supplier<T> open, Function<T, R> work) {
        return evaluators.work(key, open, work);
    }

    static IllegalStateException closed() {
        return new IllegalStateException("the session is closed; open the model again");
    }

    /** A recently computed answer, or the answer computed now. */
    public <T> T latest(AnswerKey<T> question, Supplier<T> answer) {
        if (closed) {
            throw closed();
        }
        return answers.of(question, answer);
    }

    /** The logits of a batch without any explanation, {@code f32[N,classes]}. */
    public Tensor logits(Tensor images) {
        List<Tensor> parts = new ArrayList<>();
        for (long[] run : runs(images.dimension(0))) {
            Executable forward = executable(
                    Forward.LOGITS,
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
        return batching.filled(rows);
    }

    /**
     * Where the runs over {@code count} samples begin and end: full ones of {@link #batchSize()}, then single samples.
     */
    public List<long[]> runs(long count) {
        return batching.runs(count);
    }

    /** {@link #runs(long)} for runs that only go forward through a part of the model, and drop what was read. */
    public List<long[]> forwardRuns(long count, Graph part) {
        return batching.forwardRuns(count, part);
    }

    /** Runs many samples forward and backward. */
    public Lanes lanes() {
        return lanes;
    }

    /** Batch size of a full run, or the model's fixed batch size. */
    public int batchSize() {
        return batching.size();
    }

    /** Class numbers as {@code i64[N]}. */
    public static Tensor targets(long... classes) {
        return Tensor.vector(classes);
    }

    @Override
    public void close() {
        closed = true;
        evaluators.close();
        executables.close();
    }
}
