package dev.vitrine.engine.onnx;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.graph.AttributeValue;
import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Sorts nodes topologically, drops unused constants, and detects undefined values, duplicate definitions and cycles.
 */
final class NodeOrder {
    private final String where;
    private final Map<String, Long> opsets;

    NodeOrder(String where, Map<String, Long> opsets) {
        this.where = where;
        this.opsets = new TreeMap<>(opsets);
    }

    Graph sort(Graph graph) {
        Set<String> domains = new HashSet<>(Set.of(""));
        collectDomains(graph, domains);
        opsets.keySet().retainAll(domains);
        return sort(graph, value -> false);
    }

    private static void collectDomains(Graph graph, Set<String> domains) {
        for (Node node : graph.nodes()) {
            domains.add(node.domain());
            bodies(node).forEach(body -> collectDomains(body, domains));
        }
    }

    private static List<Graph> bodies(Node node) {
        List<Graph> bodies = new ArrayList<>();
        for (AttributeValue value : node.attributes().values().values()) {
            if (value instanceof AttributeValue.OfGraph found) {
                bodies.add(found.body());
            }
        }
        return bodies;
    }

    private Graph sort(Graph graph, Predicate<Value> outer) {
        Map<Value, Integer> producer = new HashMap<>();
        Set<Value> given = new HashSet<>(graph.inputs());
        given.addAll(graph.constants().keySet());
        Predicate<Value> visible = outer.or(given::contains);
        for (int i = 0; i < graph.nodes().size(); i++) {
            Node node = graph.nodes().get(i);
            for (Value output : node.outputs()) {
                if (output.isPresent() && (producer.put(output, i) != null || visible.test(output))) {
                    throw VitrineException.failure(where + ": " + node.label() + " computes '" + output
                            + "', which is already defined. The file is damaged; export the model again.");
                }
            }
        }
        List<Set<Integer>> readers = new ArrayList<>();
        int[] missing = new int[graph.nodes().size()];
        graph.nodes().forEach(node -> readers.add(new LinkedHashSet<>()));
        for (int i = 0; i < graph.nodes().size(); i++) {
            Node node = graph.nodes().get(i);
            for (Value read : reads(node)) {
                Integer from = producer.get(read);
                if (from != null) {
                    if (readers.get(from).add(i)) {
                        missing[i]++;
                    }
                } else if (!visible.test(read)) {
                    throw VitrineException.failure(where + ": " + node.label() + " reads '" + read
                            + "', which is not an input, constant or output of a node. The file is damaged; export"
                            + " the model"
                            + " again.");
                }
            }
        }
        for (Value output : graph.outputs()) {
            if (!producer.containsKey(output) && !visible.test(output)) {
                throw VitrineException.failure(where + ": output '" + output
                        + "' is computed by no node. The file is damaged; export the model again.");
            }
        }
        PriorityQueue<Integer> ready = new PriorityQueue<>();
        for (int i = 0; i < missing.length; i++) {
            if (missing[i] == 0) {
                ready.add(i);
            }
        }
        Predicate<Value> within = visible.or(producer::containsKey);
        List<Node> sorted = new ArrayList<>();
        while (!ready.isEmpty()) {
            int next = ready.remove();
            sorted.add(withSortedBodies(graph.nodes().get(next), within));
            for (int reader : readers.get(next)) {
                missing[reader]--;
                if (missing[reader] == 0) {
                    ready.add(reader);
                }
            }
        }
        if (sorted.size() < missing.length) {
            int stuck = 0;
            while (missing[stuck] == 0) {
                stuck++;
            }
            throw VitrineException.failure(
                    where + ": " + graph.nodes().get(stuck).label()
                            + " depends on its own result. The file is damaged; export the model again.");
        }
        Set<Value> used = new HashSet<>(graph.outputs());
        sorted.forEach(node -> used.addAll(reads(node)));
        Map<Value, Tensor> constants = new LinkedHashMap<>(graph.constants());
        constants.keySet().retainAll(used);
        Map<Value, TensorType> types = new LinkedHashMap<>(graph.types());
        types.keySet().removeIf(value -> graph.constants().containsKey(value) && !used.contains(value));
        return new Graph(graph.inputs(), graph.outputs(), sorted, constants, types, opsets);
    }

    private Node withSortedBodies(Node node, Predicate<Value> visible) {
        Attributes attributes = node.attributes();
        for (Map.Entry<String, AttributeValue> entry :
                node.attributes().values().entrySet()) {
            if (entry.getValue() instanceof AttributeValue.OfGraph found) {
                attributes = attributes.with(entry.getKey(), new AttributeValue.OfGraph(sort(found.body(), visible)));
            }
        }
        return node.withAttributes(attributes);
    }

    /** The values that a node reads: its inputs, and outer values that its bodies read. */
    private static Set<Value> reads(Node node) {
        Set<Value> reads = new LinkedHashSet<>();
        node.inputs().stream().filter(Value::isPresent).forEach(reads::add);
        for (Graph body : bodies(node)) {
            Set<Value> inner = new LinkedHashSet<>(body.outputs());
            body.nodes().forEach(each -> inner.addAll(reads(each)));
            inner.removeAll(body.inputs());
            inner.removeAll(body.constants().keySet());
            body.nodes().forEach(each -> each.outputs().forEach(inner::remove));
            reads.addAll(inner);
        }
        return reads;
    }
}
