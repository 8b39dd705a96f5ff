package dev.vitrine.engine.rewrite.simplification;

import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphTransform;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.runtime.Runner;
import dev.vitrine.engine.runtime.TypeInference;
import dev.vitrine.engine.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;

/** Infers types and folds constants in turn until nothing changes: each enables more of the other. */
public record FoldShapes(Runner runner) implements GraphTransform {
    private static final int ROUNDS = 64;

    /** Shapes, indices and bounds have few elements; more is weights. */
    private static final int SMALL = 4096;

    /**
     * A graph in which everything that can be resolved is.
     *
     * @param graph with the types of all its values
     * @param values what was computed on the way
     * @param types of those too
     */
    public record Result(Graph graph, Map<Value, Tensor> values, Map<Value, TensorType> types) {}

    @Override
    public Graph apply(Graph graph) {
        return fold(graph, 0).graph();
    }

    /** As {@link #apply}, with every small value that was computed. */
    public Result foldAndTell(Graph graph) {
        return fold(graph, SMALL);
    }

    private Result fold(Graph graph, long told) {
        Map<Value, Tensor> values = new LinkedHashMap<>();
        Map<Value, TensorType> types = new LinkedHashMap<>();
        Graph typed = TypeInference.infer(graph);
        for (int round = 0; round < ROUNDS; round++) {
            types.putAll(typed.types());
            FoldConstants.Folded folded = new FoldConstants(runner).fold(typed, told);
            values.putAll(folded.values());
            if (folded.graph().nodes().size() == typed.nodes().size()) {
                typed = folded.graph();
                break;
            }
            typed = folded.graph().nodes().isEmpty() ? folded.graph() : TypeInference.infer(folded.graph());
        }
        values.forEach((value, tensor) -> types.put(value, TensorType.of(tensor)));
        return new Result(typed, values, types);
    }
}
