package dev.vitrine.engine.rewrite;

import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What lies about the nodes of a graph: who computes a value, and who else reads it. */
public final class Wiring {
    private final Graph graph;
    private final Map<Value, Node> producers;
    private final Map<Value, Integer> readers;
    private final Set<Value> outputs;

    public Wiring(Graph graph) {
        this.graph = graph;
        this.producers = graph.producers();
        this.readers = graph.readers();
        this.outputs = Set.copyOf(graph.outputs());
    }

    /** The node that computes a value; inputs and constants have none. */
    public Optional<Node> producer(Value value) {
        return Optional.ofNullable(producers.get(value));
    }

    /** Whether exactly one node reads a value, and it is no output. */
    public boolean isInner(Value value) {
        return readers.getOrDefault(value, 0) == 1 && !outputs.contains(value);
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
