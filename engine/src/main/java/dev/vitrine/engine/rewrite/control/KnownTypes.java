package dev.vitrine.engine.rewrite.control;

import dev.vitrine.engine.graph.Dimension;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.rewrite.Prune;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Types that were inferred while branches and loops were resolved one after the other: what is computed behind a value
 * of known type needs no inference of what is before it.
 */
final class KnownTypes {
    private final Map<Value, TensorType> types = new HashMap<>();
    private final Set<Dimension> sizes = new HashSet<>();

    /** Sizes may be open where an input has the same open size. */
    KnownTypes(Graph graph) {
        graph.inputs().forEach(input -> graph.type(input).ifPresent(type -> sizes.addAll(type.dimensions())));
        sizes.remove(Dimension.UNKNOWN);
    }

    /** Remembers types that say all. */
    void learn(Map<Value, TensorType> inferred) {
        inferred.forEach((value, type) -> {
            if (type.dimensions().stream().allMatch(size -> size.isFixed() || sizes.contains(size))) {
                types.put(value, type);
            }
        });
    }

    /**
     * The part of a graph that computes some values, from activations whose types are known on. What computes shapes is
     * left whole, as its values matter.
     */
    Graph partOf(Graph graph, List<Value> values) {
        Set<Value> varying = new HashSet<>(graph.inputs());
        for (Node node : graph.nodes()) {
            if (node.reads().stream().anyMatch(varying::contains)) {
                varying.addAll(node.outputs());
            }
        }
        Set<Value> needed = new HashSet<>(values);
        Set<Value> given = new LinkedHashSet<>(graph.inputs());
        List<Node> nodes = new ArrayList<>();
        for (int i = graph.nodes().size() - 1; i >= 0; i--) {
            Node node = graph.nodes().get(i);
            List<Value> wanted =
                    node.outputs().stream().filter(needed::contains).toList();
            boolean known = wanted.stream()
                    .allMatch(value -> varying.contains(value)
                            && !values.contains(value)
                            && types.containsKey(value)
                            && types.get(value).elementType().isFloating());
            if (wanted.isEmpty()) {
                continue;
            }
            if (known) {
                given.addAll(wanted);
            } else {
                nodes.add(node);
                needed.addAll(node.reads());
            }
        }
        Collections.reverse(nodes);
        Map<Value, TensorType> all = new HashMap<>(graph.types());
        given.forEach(value -> {
            if (types.containsKey(value)) {
                all.putIfAbsent(value, types.get(value));
            }
        });
        return new Prune().apply(new Graph(List.copyOf(given), values, nodes, graph.constants(), all, graph.opsets()));
    }
}
