package dev.vitrine.engine.rewrite.simplification;

import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphTransform;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.rewrite.Patch;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads past Identity and past Dropout, which does nothing at inference. Those that make an output of the graph stay, and
 * so does a Dropout whose mask or training mode somebody uses.
 */
public final class DropIdentities implements GraphTransform {
    @Override
    public Graph apply(Graph graph) {
        Patch patch = new Patch(graph);
        Map<Value, Value> sources = new HashMap<>();
        for (Node node : graph.nodes()) {
            boolean nothing = node.operator().equals("Identity")
                    || (node.operator().equals("Dropout")
                            && !node.output(1).isPresent()
                            && !node.input(2).isPresent());
            if (nothing && !graph.outputs().contains(node.output())) {
                sources.put(node.output(), sources.getOrDefault(node.input(0), node.input(0)));
                patch.take(node);
            }
        }
        sources.forEach(patch::read);
        boolean captured = graph.nodes().stream()
                .anyMatch(node -> node.withInputs(List.of()).reads().stream().anyMatch(sources::containsKey));
        return captured ? graph : patch.apply();
    }
}
