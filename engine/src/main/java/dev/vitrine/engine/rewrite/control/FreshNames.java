package dev.vitrine.engine.rewrite.control;

import dev.vitrine.engine.graph.AttributeValue;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Names not yet used in a graph or in any of its bodies. */
final class FreshNames {
    private final Map<String, Integer> taken = new HashMap<>();
    private final Map<String, Integer> counters = new HashMap<>();

    FreshNames(Graph graph) {
        defined(graph).forEach(this::take);
        graph.nodes().forEach(node -> take(node.name()));
    }

    /** Releases the names in a node's bodies, which are about to be inlined. */
    void release(Node node) {
        for (Graph body : bodies(node)) {
            defined(body).forEach(this::giveBack);
            body.nodes().forEach(inner -> giveBack(inner.name()));
        }
    }

    Value value(String hint) {
        return new Value(name(hint));
    }

    String name(String hint) {
        String name = hint;
        int count = counters.getOrDefault(hint, 0);
        while (taken.containsKey(name)) {
            count++;
            name = hint + "_" + count;
        }
        counters.put(hint, count);
        take(name);
        return name;
    }

    private void take(String name) {
        taken.merge(name, 1, Integer::sum);
    }

    private void giveBack(String name) {
        taken.computeIfPresent(name, (key, count) -> count == 1 ? null : count - 1);
        counters.remove(name);
    }

    /** The names of all values in a graph and its bodies, once per occurrence. */
    private static List<String> defined(Graph graph) {
        List<String> names = new ArrayList<>();
        Set<Value> own = new HashSet<>(graph.inputs());
        own.addAll(graph.constants().keySet());
        own.forEach(value -> names.add(value.name()));
        for (Node node : graph.nodes()) {
            node.outputs().stream().filter(Value::isPresent).forEach(value -> names.add(value.name()));
            for (Graph body : bodies(node)) {
                names.addAll(defined(body));
                body.nodes().forEach(inner -> names.add(inner.name()));
            }
        }
        return names;
    }

    static List<Graph> bodies(Node node) {
        return node.attributes().values().values().stream()
                .filter(AttributeValue.OfGraph.class::isInstance)
                .map(attribute -> ((AttributeValue.OfGraph) attribute).body())
                .toList();
    }
}
