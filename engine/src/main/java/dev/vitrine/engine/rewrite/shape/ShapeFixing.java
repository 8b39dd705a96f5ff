package dev.vitrine.engine.rewrite.shape;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.graph.Dimension;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.rewrite.control.ResolveControl;
import dev.vitrine.engine.rewrite.simplification.FoldShapes;
import dev.vitrine.engine.runtime.Runner;
import dev.vitrine.engine.tensor.Tensor;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Resolves everything that fixed input sizes determine: types, shapes, sizes computed from shapes, the course of
 * branches and loops. The batch stays open where samples are provably independent; otherwise it is fixed to the file's
 * own.
 */
public final class ShapeFixing {
    /** Batch sizes compared to find how sizes depend on it; the last one only verifies. */
    private static final long[] SIZES = {1, 2, 11};

    private final Runner runner;
    private final Value input;
    private final Dimension batch;

    /**
     * @param input whose first dimension is the batch
     * @param batch the name of an open batch
     */
    public ShapeFixing(Runner runner, Value input, Dimension batch) {
        this.runner = runner;
        this.input = input;
        this.batch = batch;
    }

    /** A graph for one batch, with all that was computed for it. */
    record Settled(Graph plain, FoldShapes.Result folded) {
        Map<Value, TensorType> types() {
            return folded.types();
        }

        Map<Value, Tensor> values() {
            return folded.values();
        }
    }

    /**
     * The graph with the types of all values.
     *
     * @param type of the input, with every dimension fixed but perhaps the batch
     */
    public Graph apply(Graph graph, TensorType type) {
        Graph typed;
        try {
            typed = withOpenBatch(graph, type);
        } catch (VitrineException e) {
            return forSomeBatches(graph, type);
        }
        return separate(typed).orElseGet(() -> forSomeBatches(typed, type));
    }

    /** As far as the open batch alone tells, which is all in most networks of convolutions. */
    private Graph withOpenBatch(Graph graph, TensorType type) {
        Graph resolved = new ResolveControl(runner).apply(withBatch(graph, type, batch));
        return new FoldShapes(runner).apply(resolved);
    }

    private Optional<Graph> separate(Graph graph) {
        return Optional.of(graph).filter(typed -> new SampleSeparation(typed, input, batch).holds());
    }

    private Graph forSomeBatches(Graph graph, TensorType type) {
        Dimension own = type.dimension(0);
        Settled settled;
        try {
            settled = settled(graph, type, own.isFixed() ? own.size() : 1);
        } catch (VitrineException single) {
            if (own.isFixed()) {
                throw single;
            }
            // A graph that needs more than one sample, such as one that drops axes of size 1.
            try {
                return withOpenBatch(graph, type);
            } catch (VitrineException open) {
                throw single;
            }
        }
        return opened(settled.plain(), type, settled)
                .or(() -> relative(type, settled))
                .orElse(settled.folded().graph());
    }

    /** The graph with shapes that hold a batch written so that they follow it. */
    private Optional<Graph> relative(TensorType type, Settled settled) {
        Graph free = new FollowBatch(input, settled.types(), settled.values()).apply(settled.plain());
        if (free.nodes().equals(settled.plain().nodes())) {
            return Optional.empty();
        }
        Optional<Graph> direct;
        try {
            direct = separate(withOpenBatch(free, type));
        } catch (VitrineException e) {
            direct = Optional.empty();
        }
        return direct.or(() -> opened(free, type, settled));
    }

    private Optional<Graph> opened(Graph graph, TensorType type, Settled own) {
        long ownSize = own.types().get(input).dimension(0).size();
        Map<Long, Settled> samples = new LinkedHashMap<>();
        try {
            for (long size : SIZES) {
                boolean known = size == ownSize && own.plain().nodes().equals(graph.nodes());
                samples.put(size, known ? own : settled(graph, type, size));
            }
        } catch (VitrineException e) {
            return Optional.empty();
        }
        return new OpenBatch(input, batch, samples).graph().flatMap(this::separate);
    }

    private Settled settled(Graph graph, TensorType type, long size) {
        Graph plain = new ResolveControl(runner).apply(withBatch(graph, type, Dimension.of(size)));
        return new Settled(plain, new FoldShapes(runner).foldAndTell(plain));
    }

    private Graph withBatch(Graph graph, TensorType type, Dimension size) {
        Map<Value, TensorType> types = new HashMap<>(graph.types());
        types.put(input, type.withDimension(0, size));
        return graph.withTypes(types);
    }
}
