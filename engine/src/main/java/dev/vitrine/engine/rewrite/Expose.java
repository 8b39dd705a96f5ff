package dev.vitrine.engine.rewrite;

import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphTransform;
import dev.vitrine.engine.graph.Value;
import java.util.ArrayList;
import java.util.List;

/** Makes an inner value one of the outputs. */
public record Expose(Value value) implements GraphTransform {
    @Override
    public Graph apply(Graph graph) {
        if (graph.outputs().contains(value)) {
            return graph;
        }
        List<Value> outputs = new ArrayList<>(graph.outputs());
        outputs.add(value);
        return graph.withOutputs(outputs);
    }
}
