package dev.vitrine.engine.incremental;

import dev.vitrine.engine.graph.Dimension;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.rewrite.Cut;
import dev.vitrine.engine.runtime.Executable;
import dev.vitrine.engine.runtime.Runner;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * f(x with a rectangle changed) for many rectangles of one picture, computing in each layer only the part affected by
 * the change, and whole maps where most is affected. Equals full evaluation up to floating-point rounding.
 *
 * <p>Opened for changes up to a given size; holds native memory until closed. Not thread-safe.
 */
public final class IncrementalEvaluation implements AutoCloseable {
    /** Receives results as they are computed. */
    @FunctionalInterface
    public interface Answers {
        /**
         * Receives the results of some of the changes; called from several threads, but one at a time.
         *
         * @param places indices of these changes in the list
         * @param values the graph's outputs, one row per change
         */
        void take(List<Integer> places, Map<Value, Tensor> values);
    }

    /** Changes per run: enough to amortize the cost of a call, few enough to fit a core's cache. */
    private static final int LEAST_BATCH = 8;

    private static final int LARGEST_BATCH = 32;

    /** Places of the pictures of a run. */
    private static final int PLACES = LEAST_BATCH * 224 * 224;

    private final Plan plan;
    private final Value input;
    private final Region.Size largest;
    private final Graph exposed;
    private final Optional<Executable> unchanged;
    private final List<Executable> segments = new ArrayList<>();
    private final Optional<Executable> rest;
    private final List<Value> outputs;
    private final Dimension restBatch;
    private final int batch;
    private Map<Value, Crops.Map> maps = Map.of();
    private Map<Value, float[]> totals = Map.of();

    /**
     * Opens a network.
     *
     * @param graph of known height and width, with every value's type inferred; its outputs are evaluated
     * @param input the one input, {@code f32[N,C,H,W]}
     * @param height of the largest change
     * @param width of the largest change
     */
    public IncrementalEvaluation(Runner runner, Graph graph, Value input, int height, int width) {
        this(runner, graph, input, new Region.Size(height, width), Planner::plan);
    }

    IncrementalEvaluation(
            Runner runner, Graph graph, Value input, Region.Size largest, Function<Planner, Plan> planning) {
        int height = largest.height();
        int width = largest.width();
        long[] shape = graph.types().get(input).shape();
        if (!graph.inputs().equals(List.of(input)) || shape.length != 4 || shape[2] < height || shape[3] < width) {
            throw new IllegalArgumentException("expected one input f32[N,C,H,W] at least " + height + "×" + width
                    + ", found " + graph.inputs() + " with " + graph.types().get(input));
        }
        this.input = input;
        this.largest = largest;
        this.batch = (int) Math.max(LEAST_BATCH, Math.min(LARGEST_BATCH, PLACES / (shape[2] * shape[3])));
        this.plan = planning.apply(new Planner(graph, input, largest));
        Set<Value> kept = new LinkedHashSet<>(plan.anchors());
        kept.remove(input);
        for (Plan.Segment segment : plan.segments()) {
            if (segment.kind() instanceof Plan.Mean mean) {
                kept.add(mean.map());
                kept.add(segment.anchor());
            }
        }
        kept.remove(input);
        this.exposed = new Cut(List.copyOf(kept)).apply(graph);
        this.unchanged = kept.isEmpty() ? Optional.empty() : Optional.of(runner.load(exposed));
        plan.segments().forEach(segment -> segments.add(runner.loadForOneThread(segment.graph())));
        this.rest =
                plan.rest().outputs().isEmpty() ? Optional.empty() : Optional.of(runner.loadForOneThread(plan.rest()));
        this.outputs = graph.outputs();
        this.restBatch = graph.types().get(input).dimension(0);
    }

    /**
     * Sets the unchanged picture to which subsequent changes refer.
     *
     * @param picture {@code f32[1,C,H,W]}
     */
    public void setPicture(Tensor picture) {
        Map<Value, Crops.Map> newMaps = new HashMap<>();
        Map<Value, float[]> newTotals = new HashMap<>();
        newMaps.put(input, Crops.Map.of(picture));
        plan.constants().forEach((value, tensor) -> newMaps.put(value, Crops.Map.of(tensor)));
        Map<Value, Tensor> kept = unchanged
                .map(executable -> executable.run(Map.of(input, filled(picture))))
                .orElse(Map.of());
        kept.forEach((value, tensor) -> {
            Tensor first = tensor.rows(0, 1);
            if (tensor.rank() == 4) {
                newMaps.put(value, Crops.Map.of(first));
            }
            newTotals.put(value, first.toFloats());
        });
        maps = newMaps;
        totals = newTotals;
    }

    private Tensor filled(Tensor row) {
        long rows = restBatch.isFixed() ? restBatch.size() : 1;
        List<Tensor> copies = new ArrayList<>();
        for (long i = 0; i < rows; i++) {
            copies.add(row);
        }
        return Tensor.concatenate(copies);
    }

    /**
     * The graph's outputs for each change, in an order that saves work; results received before a failure are valid.
     */
    public void evaluate(List<Change> given, Answers answers) {
        List<Integer> order = byReach(given);
        List<Change> changes = order.stream().map(given::get).toList();
        int batches = (changes.size() + batch - 1) / batch;
        int workers = Math.min(batches, Runtime.getRuntime().availableProcessors());
        AtomicInteger next = new AtomicInteger();
        Object turn = new Object();
        ExecutorService pool = Executors.newFixedThreadPool(workers);
        try {
            List<Future<?>> running = new ArrayList<>();
            for (int worker = 0; worker < workers; worker++) {
                running.add(pool.submit(() -> {
                    Scratch scratch = new Scratch();
                    for (int run = next.getAndIncrement(); run < batches; run = next.getAndIncrement()) {
                        int from = run * batch;
                        int to = Math.min(changes.size(), from + batch);
                        try {
                            Map<Value, Tensor> values = evaluate(changes.subList(from, to), scratch);
                            synchronized (turn) {
                                answers.take(order.subList(from, to), values);
                            }
                        } catch (RuntimeException failed) {
                            next.set(batches);
                            throw failed;
                        }
                    }
                }));
            }
            for (Future<?> worker : running) {
                worker.get();
            }
        } catch (ExecutionException failed) {
            next.set(batches);
            throw failed.getCause() instanceof RuntimeException cause
                    ? cause
                    : new IllegalStateException(failed.getCause());
        } catch (InterruptedException stopped) {
            next.set(batches);
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted");
        } finally {
            finish(pool);
        }
    }

    /** Waits for active runs, whose sessions must not be closed earlier. */
    private static void finish(ExecutorService pool) {
        pool.shutdown();
        boolean interrupted = false;
        boolean ended = false;
        while (!ended) {
            try {
                ended = pool.awaitTermination(1, TimeUnit.MINUTES);
            } catch (InterruptedException again) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Sorts neighbors together: they reach equally far, so that a batch needs regions no larger than each of its
     * changes.
     */
    private List<Integer> byReach(List<Change> changes) {
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < changes.size(); i++) {
            order.add(i);
        }
        if (!plan.segments().isEmpty()) {
            Region.Changed last =
                    plan.segments().get(plan.segments().size() - 1).kind().region();
            List<Region.Size> sizes = changes.stream()
                    .map(change -> last.place(List.of(change)).size())
                    .toList();
            order.sort(Comparator.<Integer>comparingInt(i -> sizes.get(i).height())
                    .thenComparingInt(i -> sizes.get(i).width()));
        }
        return order;
    }

    private Map<Value, Tensor> evaluate(List<Change> batch, Scratch scratch) {
        Map<Value, Crops.Changed> changed = new HashMap<>();
        Map<Value, Tensor> tensors = new HashMap<>();
        Map<Value, Tensor> means = new HashMap<>();
        changed.put(input, contents(batch));
        for (int i = 0; i < segments.size(); i++) {
            Plan.Segment segment = plan.segments().get(i);
            Map<Value, Tensor> given = new HashMap<>();
            for (Plan.Patch patch : segment.patches()) {
                given.put(patch.input(), patch(patch, batch, changed, tensors, scratch));
            }
            Tensor result = segments.get(i).run(given).get(segment.output());
            if (segment.kind() instanceof Plan.Mean mean) {
                means.put(
                        segment.anchor(),
                        total(segment.anchor(), mean, mean.region().place(batch), result));
            } else if (segment.kind() instanceof Plan.Rectangle rectangle) {
                tensors.put(segment.anchor(), result);
                changed.put(
                        segment.anchor(),
                        new Crops.Changed(result.toFloats(), rectangle.region().place(batch)));
            }
        }
        return rest(batch.size(), changed, means);
    }

    private Tensor patch(
            Plan.Patch patch,
            List<Change> batch,
            Map<Value, Crops.Changed> changed,
            Map<Value, Tensor> tensors,
            Scratch scratch) {
        Crops.Changed known = changed.get(patch.anchor());
        Region.Placement to = patch.region().place(batch);
        Tensor same = tensors.get(patch.anchor());
        boolean asItIs = same != null
                && known.placement().size().equals(to.size())
                && Arrays.equals(known.placement().tops(), to.tops())
                && Arrays.equals(known.placement().lefts(), to.lefts());
        if (asItIs) {
            return same;
        }
        Crops.Map map = maps.get(patch.anchor());
        return Crops.pasted(
                map, Optional.ofNullable(known), to, patch.outside(), scratch.of(patch, Crops.bytes(map, to)));
    }

    /** The input's rectangles: contents, padded with unchanged values to the largest size. */
    private Crops.Changed contents(List<Change> batch) {
        int height = batch.stream().mapToInt(Change::height).max().orElseThrow();
        int width = batch.stream().mapToInt(Change::width).max().orElseThrow();
        if (height > largest.height() || width > largest.width()) {
            throw new IllegalArgumentException("a change of " + height + "×" + width + " on an evaluation opened for "
                    + largest.height() + "×" + largest.width());
        }
        Crops.Map map = maps.get(input);
        int[] tops = new int[batch.size()];
        int[] lefts = new int[batch.size()];
        for (int n = 0; n < tops.length; n++) {
            tops[n] = Math.min(batch.get(n).top(), map.height() - height);
            lefts[n] = Math.min(batch.get(n).left(), map.width() - width);
        }
        Region.Placement placement = new Region.Placement(new Region.Size(height, width), tops, lefts);
        int area = map.channels() * height * width;
        float[] all = Crops.pasted(map, Optional.empty(), placement, 0).toFloats();
        for (int n = 0; n < tops.length; n++) {
            Change change = batch.get(n);
            float[] content = change.content().toFloats();
            for (int c = 0; c < map.channels(); c++) {
                for (int row = 0; row < change.height(); row++) {
                    System.arraycopy(
                            content,
                            (c * change.height() + row) * change.width(),
                            all,
                            n * area + (c * height + row + change.top() - tops[n]) * width + change.left() - lefts[n],
                            change.width());
                }
            }
        }
        return new Crops.Changed(all, placement);
    }

    /** total' = total + scale · (Σ of the new rectangle − Σ of the old). */
    private Tensor total(Value value, Plan.Mean mean, Region.Placement at, Tensor newMeans) {
        Crops.Map map = maps.get(mean.map());
        float[] base = totals.get(value);
        float[] fresh = newMeans.toFloats();
        long places = at.size().places();
        for (int n = 0; n < at.tops().length; n++) {
            double[] old = Crops.sums(map, at.tops()[n], at.lefts()[n], at.size());
            for (int c = 0; c < old.length; c++) {
                int index = n * old.length + c;
                fresh[index] = (float) (base[c] + mean.scale() * (fresh[index] * (double) places - old[c]));
            }
        }
        List<Dimension> dimensions = exposed.types().get(value).dimensions();
        long[] shape = new TensorType(ElementType.FLOAT32, dimensions).shape();
        shape[0] = at.tops().length;
        return Tensor.floats(fresh, shape);
    }

    private Map<Value, Tensor> rest(int samples, Map<Value, Crops.Changed> changed, Map<Value, Tensor> means) {
        Map<Value, Tensor> given = new HashMap<>(means);
        for (Value value : plan.rest().inputs()) {
            if (!means.containsKey(value)) {
                Crops.Map map = maps.get(value);
                Region.Placement whole = new Region.Placement(
                        new Region.Size(map.height(), map.width()), new int[samples], new int[samples]);
                given.put(value, Crops.pasted(map, Optional.of(changed.get(value)), whole, 0));
            }
        }
        Map<Value, Tensor> results = new HashMap<>();
        for (Value output : outputs) {
            if (given.containsKey(output)) {
                results.put(output, given.get(output));
            }
        }
        rest.ifPresent(executable ->
                results.putAll(restBatch.isFixed() ? rowByRow(executable, samples, given) : executable.run(given)));
        return results;
    }

    /** For a network with a fixed batch size. */
    private Map<Value, Tensor> rowByRow(Executable executable, int samples, Map<Value, Tensor> given) {
        List<Map<Value, Tensor>> rows = new ArrayList<>();
        for (int n = 0; n < samples; n++) {
            Map<Value, Tensor> row = new HashMap<>();
            int at = n;
            given.forEach((value, tensor) -> row.put(value, filled(tensor.rows(at, at + 1))));
            rows.add(executable.run(row));
        }
        Map<Value, Tensor> all = new HashMap<>();
        for (Value output : plan.rest().outputs()) {
            all.put(
                    output,
                    Tensor.concatenate(
                            rows.stream().map(row -> row.get(output).rows(0, 1)).toList()));
        }
        return all;
    }

    @Override
    public void close() {
        unchanged.ifPresent(Executable::close);
        segments.forEach(Executable::close);
        rest.ifPresent(Executable::close);
    }
}
