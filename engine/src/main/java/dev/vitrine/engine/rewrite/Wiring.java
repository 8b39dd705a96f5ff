package dev.vitrine.engine.rewrite;

import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import java.util.Map;
import java.util.Optional;

/** What lies about the nodes of a graph: who computes a value, and who else reads it. */
public final class Wiring {
    private final Graph graph;
    private Optional<Map<Value, Node>> producers = Optional.empty();
    private Optional<Map<Value, Integer>> readers = Optional.empty();

    public Wiring(Graph graph) {
        this.graph = graph;
    }

    /** The node that computes a value; inputs and constants have none. */
    public Optional<Node> producer(Value value) {
        if (producers.isEmpty()) {
            producers = Optional.of(graph.producers());
        }
        return Optional.ofNullable(producers.get().get(value));
    }

    /** Whether exactly one node reads a value, and it is no output. */
    public boolean isInner(Value value) {
        if (readers.isEmpty()) {
            readers = Optional.of(graph.readers());
        }
        return readers.get().getOrDefault(value, 0) == 1 && !graph.outputs().contains(value);
    }

    public Optional<TensorType> type(Value value) {
        return graph.type(value);
    }

    public Optional<Tensor> constant(Value value) {
        return graph.constant(value);
    }

    /** The constant {@code f32} that a value is. */
    public Optional<Tensor> weight(Value value) {
        return graph.constant(value).filter(tensor -> tensor.elementType() == ElementType.FLOAT32);
    }
}
