package dev.vitrine.engine.rewrite;

import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphTransform;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.Value;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Begins the graph at an inner value: it becomes an input, and what only it needed goes, inputs included that nothing
 * reads any more.
 *
 * <p>Needs the type of the value.
 */
public record Enter(Value value) implements GraphTransform {
    @Override
    public Graph apply(Graph graph) {
        List<Node> nodes = new ArrayList<>();
        for (Node node : graph.nodes()) {
            if (!node.outputs().contains(value)) {
                nodes.add(node);
                continue;
            }
            List<Value> others = node.outputs().stream()
                    .map(output -> output.equals(value) ? Value.NONE : output)
                    .toList();
            if (others.stream().anyMatch(Value::isPresent)) {
                nodes.add(node.withOutputs(others));
            }
        }
        List<Value> inputs = new ArrayList<>(graph.inputs());
        inputs.add(value);
        Graph pruned = new Prune()
                .apply(new Graph(inputs, graph.outputs(), nodes, graph.constants(), graph.types(), graph.opsets()));
        Set<Value> read = new HashSet<>(pruned.outputs());
        pruned.nodes().forEach(node -> read.addAll(node.reads()));
        List<Value> needed = pruned.inputs().stream()
                .filter(input -> input.equals(value) || read.contains(input))
                .toList();
        return new Graph(needed, pruned.outputs(), pruned.nodes(), pruned.constants(), pruned.types(), pruned.opsets());
    }
}
