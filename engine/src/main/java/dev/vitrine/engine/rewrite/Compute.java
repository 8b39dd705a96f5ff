package dev.vitrine.engine.rewrite;

import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphTransform;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.Value;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Makes an input a computed value: another value of the graph, which does not depend on it, takes its place for all that
 * read it.
 */
public record Compute(Value input, Value from) implements GraphTransform {
    @Override
    public Graph apply(Graph graph) {
        if (!graph.inputs().contains(input)) {
            throw new IllegalArgumentException("'" + input + "' is no input of the graph");
        }
        Set<Value> needed = new HashSet<>(Set.of(from));
        List<Node> all = graph.nodes();
        List<Node> first = new ArrayList<>();
        List<Node> later = new ArrayList<>();
        for (int i = all.size() - 1; i >= 0; i--) {
            Node node = all.get(i);
            boolean before = node.outputs().stream().anyMatch(needed::contains);
            if (before) {
                needed.addAll(node.reads());
            }
            (before ? first : later).add(0, node);
        }
        if (needed.contains(input)) {
            throw new IllegalArgumentException("'" + from + "' depends on '" + input + "'");
        }
        first.add(new Node(input.name(), "", "Identity", List.of(from), List.of(input), Attributes.NONE));
        first.addAll(later);
        List<Value> inputs =
                graph.inputs().stream().filter(value -> !value.equals(input)).toList();
        return new Graph(inputs, graph.outputs(), first, graph.constants(), graph.types(), graph.opsets());
    }
}
