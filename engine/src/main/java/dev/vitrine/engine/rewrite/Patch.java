package dev.vitrine.engine.rewrite;

import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a rewrite changes in a graph: the nodes that it takes away, what it writes in their place, the constants that it
 * adds, and the values that others are read in place of. All else stays as it is, except what nobody reads afterwards.
 *
 * <p>Checked when written and applied: a value that is computed anew keeps its type, every value that is read is defined
 * before, none twice, and no output is lost.
 */
public final class Patch {
    private final Graph graph;
    private final GraphBuilder builder;
    private final Set<Node> taken = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Map<Node, List<Node>> before = new IdentityHashMap<>();
    private final List<Node> last = new ArrayList<>();
    private final Map<Value, Value> instead = new HashMap<>();
    private final Map<String, Long> opsets = new LinkedHashMap<>();
    private List<Node> place = last;
    private int written;
    private boolean changed;

    public Patch(Graph graph) {
        this.graph = graph;
        this.builder = new GraphBuilder(graph);
        this.written = graph.nodes().size();
    }

    /** What is written from now on stands just before a node of the graph. */
    public Patch at(Node node) {
        collect();
        place = before.computeIfAbsent(node, key -> new ArrayList<>());
        return this;
    }

    /** What is written from now on stands behind all nodes of the graph. */
    public Patch atEnd() {
        collect();
        place = last;
        return this;
    }

    /** Takes a node away; what it computed and others read has to be computed by others. */
    public Patch take(Node node) {
        taken.add(node);
        changed = true;
        return this;
    }

    /** What is written from now on stands in the place of a node. */
    public Patch replace(Node node) {
        return at(node).take(node);
    }

    /** Lets a node stay that was to be replaced. */
    public Patch keep(Node node) {
        taken.remove(node);
        return this;
    }

    /** All nodes and outputs of the graph that read a value read another in its place. */
    public Patch read(Value value, Value other) {
        instead.put(value, other);
        changed = true;
        return this;
    }

    /** Writes nodes and constants at the place; their types are inferred. */
    public GraphBuilder builder() {
        return builder;
    }

    public Value fresh(String hint) {
        return builder.fresh(hint);
    }

    /** Writes a node as it is, which computes values of the graph or fresh ones. */
    public void add(Node node) {
        builder.addFresh(node);
    }

    /** Writes a node of a standard operator that computes a value named after a hint, as the node is. */
    public Value node(String hint, String opType, Attributes attributes, Value... inputs) {
        Value output = fresh(hint);
        into(output, opType, attributes, inputs);
        return output;
    }

    /** Writes a node of a standard operator that computes a given value, and is named as it is. */
    public void into(Value output, String opType, Attributes attributes, Value... inputs) {
        add(new Node(output.name(), "", opType, Node.given(inputs), List.of(output), attributes));
    }

    public Value constant(String hint, Tensor tensor) {
        return builder.constant(hint, tensor);
    }

    /** Makes a value that a taken node computed a constant. */
    public void constant(Value value, Tensor tensor) {
        builder.define(value, tensor);
        changed = true;
    }

    public Optional<TensorType> type(Value value) {
        return builder.type(value);
    }

    public Optional<Tensor> constantOf(Value value) {
        return builder.constantOf(value);
    }

    /** States that the graph needs an operator set. */
    public void opset(String domain, long version) {
        opsets.put(domain, version);
    }

    private void collect() {
        List<Node> nodes = builder.nodesFrom(written);
        place.addAll(nodes);
        written += nodes.size();
        changed |= !nodes.isEmpty();
    }

    /** The graph with the changes, without what they leave unread; the same graph if there are none. */
    public Graph apply() {
        collect();
        if (!changed) {
            return graph;
        }
        List<Node> nodes = new ArrayList<>();
        for (Node node : graph.nodes()) {
            nodes.addAll(before.getOrDefault(node, List.of()));
            if (!taken.contains(node)) {
                nodes.add(rewired(node));
            }
        }
        nodes.addAll(last);
        Graph built = builder.build();
        Map<String, Long> versions = new LinkedHashMap<>(graph.opsets());
        versions.putAll(opsets);
        List<Value> outputs = graph.outputs().stream()
                .map(output -> instead.getOrDefault(output, output))
                .toList();
        Graph patched =
                withoutUnread(new Graph(built.inputs(), outputs, nodes, built.constants(), built.types(), versions));
        check(patched);
        return patched;
    }

    /** Without what was read before, or is new, and is not read now: what nobody read before stays. */
    private Graph withoutUnread(Graph patched) {
        Set<Value> wanted = new HashSet<>(graph.constants().keySet());
        graph.nodes().forEach(node -> wanted.addAll(node.outputs()));
        graph.nodes().forEach(node -> wanted.removeAll(node.reads()));
        graph.outputs().forEach(wanted::remove);
        wanted.addAll(patched.outputs());
        wanted.remove(Value.NONE);
        List<Node> kept = new ArrayList<>();
        for (int i = patched.nodes().size() - 1; i >= 0; i--) {
            Node node = patched.nodes().get(i);
            if (node.outputs().stream().anyMatch(wanted::contains)) {
                wanted.addAll(node.reads());
                kept.add(node);
            }
        }
        Collections.reverse(kept);
        Map<Value, Tensor> constants = new LinkedHashMap<>(patched.constants());
        constants.keySet().retainAll(wanted);
        Set<Value> alive = new HashSet<>(patched.inputs());
        alive.addAll(constants.keySet());
        kept.forEach(node -> alive.addAll(node.outputs()));
        Map<Value, TensorType> types = new LinkedHashMap<>(patched.types());
        types.keySet().retainAll(alive);
        return new Graph(patched.inputs(), patched.outputs(), kept, constants, types, patched.opsets());
    }

    private Node rewired(Node node) {
        return node.inputs().stream().anyMatch(instead::containsKey)
                ? node.withInputs(node.inputs().stream()
                        .map(input -> instead.getOrDefault(input, input))
                        .toList())
                : node;
    }

    private void check(Graph patched) {
        Set<Value> known = new HashSet<>(graph.inputs());
        known.addAll(graph.constants().keySet());
        graph.nodes().forEach(node -> known.addAll(node.outputs()));
        Set<Value> defined = new HashSet<>(patched.inputs());
        defined.addAll(patched.constants().keySet());
        defined.add(Value.NONE);
        for (Node node : patched.nodes()) {
            for (Value value : node.inputs()) {
                require(
                        defined.contains(value),
                        node.label() + " reads '" + value + "', which nothing before it computes");
            }
            // Bodies also read values of their own.
            for (Value value : node.reads()) {
                require(
                        defined.contains(value) || !known.contains(value),
                        "a body of " + node.label() + " reads '" + value + "', which nothing before it computes");
            }
            for (Value output : node.outputs()) {
                require(
                        defined.add(output) || !output.isPresent(),
                        node.label() + " computes '" + output + "', which is there already");
            }
        }
        for (Value output : patched.outputs()) {
            require(defined.contains(output), "the output '" + output + "' is lost");
        }
    }

    private static void require(boolean holds, String found) {
        if (!holds) {
            throw new IllegalStateException("A rewrite is at fault: " + found + ".");
        }
    }
}
