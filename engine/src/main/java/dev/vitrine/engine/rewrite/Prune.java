package dev.vitrine.engine.rewrite;

import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphTransform;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Drops every node and constant that no output needs. The inputs stay. */
public final class Prune implements GraphTransform {
    @Override
    public Graph apply(Graph graph) {
        Set<Value> needed = new HashSet<>(graph.outputs());
        List<Node> kept = new ArrayList<>();
        for (int i = graph.nodes().size() - 1; i >= 0; i--) {
            Node node = graph.nodes().get(i);
            if (node.outputs().stream().anyMatch(needed::contains)) {
                needed.addAll(node.reads());
                kept.add(node);
            }
        }
        Collections.reverse(kept);
        Map<Value, Tensor> constants = new LinkedHashMap<>();
        graph.constants().forEach((value, tensor) -> {
            if (needed.contains(value)) {
                constants.put(value, tensor);
            }
        });
        Set<Value> alive = new HashSet<>(needed);
        alive.addAll(graph.inputs());
        kept.forEach(node -> alive.addAll(node.outputs()));
        Map<Value, TensorType> types = new LinkedHashMap<>();
        graph.types().forEach((value, type) -> {
            if (alive.contains(value)) {
                types.put(value, type);
            }
        });
        return new Graph(graph.inputs(), graph.outputs(), kept, constants, types, graph.opsets());
    }
}
