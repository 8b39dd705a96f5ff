package dev.vitrine.engine.rewrite.simplification;

import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphTransform;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.Value;
import java.util.ArrayList;
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
        Map<Value, Value> sources = new HashMap<>();
        List<Node> kept = new ArrayList<>();
        for (Node node : graph.nodes()) {
            Node reading = node.withInputs(node.inputs().stream()
                    .map(input -> sources.getOrDefault(input, input))
                    .toList());
            boolean nothing = node.operator().equals("Identity")
                    || (node.operator().equals("Dropout")
                            && !node.output(1).isPresent()
                            && !node.input(2).isPresent());
            boolean inside = nothing && !graph.outputs().contains(node.output());
            if (inside) {
                sources.put(node.output(), reading.input(0));
            } else {
                kept.add(reading);
            }
        }
        boolean captured = kept.stream().anyMatch(node -> node.reads().stream().anyMatch(sources::containsKey));
        return captured || sources.isEmpty()
                ? graph
                : new Graph(graph.inputs(), graph.outputs(), kept, graph.constants(), graph.types(), graph.opsets());
    }
}
