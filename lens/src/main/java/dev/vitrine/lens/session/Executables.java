package dev.vitrine.lens.session;

import dev.vitrine.engine.graph.Dimension;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.rewrite.FixDimension;
import dev.vitrine.engine.runtime.Executable;
import dev.vitrine.engine.runtime.OpenGraphs;
import dev.vitrine.engine.runtime.Runner;
import dev.vitrine.engine.tensor.DirectMemory;
import dev.vitrine.lens.objective.Objective;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Graphs opened for a number of samples, within a bound of memory: each counts as its constants and the activations that
 * its arena keeps, and the longest unused is closed first.
 */
final class Executables {
    private static final long ROOM_BYTES = 512L << 20;

    /** What a forward and backward run needs, in activations of the way forward. */
    static final int ACTIVATION_COPIES = 2;

    /** Constants of a graph from which on it is worth to collect those of others before. */
    private static final long LARGE_BYTES = 64L << 20;

    /** A method's graph for an objective. */
    record Key(GraphKey method, Objective objective) {}

    /** Number of threads of a run. */
    enum Threads {
        ALL,
        ONE
    }

    private record SizedKey(Key key, long size, Threads threads) {}

    private final Runner runner;
    private final long sampleBytes;
    private final Consumer<Key> whenOpened;
    private final OpenGraphs<SizedKey> opened = new OpenGraphs<>(ROOM_BYTES);

    /**
     * @param sampleBytes activations of one sample on the way forward
     * @param whenOpened receives the graphs that are open
     */
    Executables(Runner runner, long sampleBytes, Consumer<Key> whenOpened) {
        this.runner = runner;
        this.sampleBytes = sampleBytes;
        this.whenOpened = whenOpened;
    }

    /**
     * A graph opened for one size of its open dimensions, now if it is not open yet.
     *
     * @param side number of concurrent runs of the graph
     */
    Executable of(Key key, List<Dimension> open, long size, Threads threads, int side, Supplier<Graph> graph) {
        return opened.executable(new SizedKey(key, size, threads), () -> {
            Graph made = graph.get();
            for (Dimension dimension : open) {
                made = new FixDimension(dimension, size).apply(made);
            }
            Graph sized = made;
            long bytes = constantBytes(made) + side * ACTIVATION_COPIES * size * sampleBytes;
            return new OpenGraphs.Opening(() -> opened(key, threads, sized), bytes);
        });
    }

    private Executable opened(Key key, Threads threads, Graph graph) {
        if (constantBytes(graph) >= LARGE_BYTES) {
            // What graphs before it brought makes room before the runtime copies what this one brings.
            DirectMemory.collect();
        }
        Executable executable = threads == Threads.ONE ? runner.loadForOneThread(graph) : runner.load(graph);
        whenOpened.accept(key);
        return executable;
    }

    private static long constantBytes(Graph graph) {
        return graph.constants().values().stream()
                .mapToLong(tensor -> tensor.bytes().remaining())
                .sum();
    }

    /** Closes idle graphs now and the others when their runs end. */
    void close() {
        opened.close();
    }
}
