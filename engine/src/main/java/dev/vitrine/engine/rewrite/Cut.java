package dev.vitrine.engine.rewrite;

import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphTransform;
import dev.vitrine.engine.graph.Value;
import java.util.List;

/** Ends the graph at some values: they become its only outputs, and what only the old outputs needed goes. */
public record Cut(List<Value> outputs) implements GraphTransform {
    public Cut {
        outputs = List.copyOf(outputs);
    }

    @Override
    public Graph apply(Graph graph) {
        return new Prune().apply(graph.withOutputs(outputs));
    }
}
