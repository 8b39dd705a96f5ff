package dev.vitrine.engine.graph;

import dev.vitrine.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Writes a graph node by node, from nothing or on from a given graph, with fresh names that cannot collide. */
public final class GraphBuilder {
    private final List<Value> inputs;
    private final Set<Value> outputs;
    private final List<Node> nodes;
    private final Map<Value, Tensor> constants;
    private final Map<Value, TensorType> types;
    private final Map<String, Long> opsets;
    private final Set<String> taken = new HashSet<>();
    private final Map<String, Integer> counters = new HashMap<>();
    private final Map<Tensor, Value> smallConstants = new HashMap<>();
    private String scope = "";

    public GraphBuilder() {
        this(new Graph(List.of(), List.of(), List.of(), Map.of(), Map.of(), Map.of("", Graph.OPSET)));
    }

    public GraphBuilder(Graph graph) {
        inputs = new ArrayList<>(graph.inputs());
        outputs = new LinkedHashSet<>(graph.outputs());
        nodes = new ArrayList<>(graph.nodes());
        constants = new LinkedHashMap<>(graph.constants());
        types = new LinkedHashMap<>(graph.types());
        opsets = new LinkedHashMap<>(graph.opsets());
        graph.inputs().forEach(value -> taken.add(value.name()));
        graph.constants().keySet().forEach(value -> taken.add(value.name()));
        for (Node node : graph.nodes()) {
            taken.add(node.name());
            node.outputs().forEach(value -> taken.add(value.name()));
        }
    }

    /** Names made from now on begin with {@code prefix/}; an empty prefix takes that back. */
    public GraphBuilder scope(String prefix) {
        scope = prefix.isEmpty() ? "" : prefix + "/";
        return this;
    }

    public Value input(String name, TensorType type) {
        if (!taken.add(name)) {
            throw new IllegalArgumentException("the name '" + name + "' is taken");
        }
        Value value = new Value(name);
        inputs.add(value);
        types.put(value, type);
        return value;
    }

    /** A constant under a fresh name; equal small tensors share one value. */
    public Value constant(Tensor tensor) {
        if (tensor.elements() > 64) {
            return constant("constant", tensor);
        }
        return smallConstants.computeIfAbsent(tensor, key -> constant("constant", key));
    }

    /** A constant named after {@code name}. */
    public Value constant(String name, Tensor tensor) {
        Value value = fresh(name);
        constants.put(value, tensor);
        types.put(value, TensorType.of(tensor));
        return value;
    }

    public Value constant(float scalar) {
        return constant(Tensor.scalar(scalar));
    }

    /** A constant {@code i64[n]}. */
    public Value vector(long... data) {
        return constant(Tensor.vector(data));
    }

    /** Adds a node of a standard operator with one output. */
    public Value node(String opType, Attributes attributes, Value... nodeInputs) {
        return nodes(opType, 1, attributes, nodeInputs).get(0);
    }

    /** Adds a node of a standard operator with one output and no attributes. */
    public Value node(String opType, Value... nodeInputs) {
        return node(opType, Attributes.NONE, nodeInputs);
    }

    /** Adds a node of a standard operator with several outputs. */
    public List<Value> nodes(String opType, int outputCount, Attributes attributes, Value... nodeInputs) {
        Value first = fresh(opType);
        List<Value> results = new ArrayList<>();
        results.add(first);
        for (int i = 1; i < outputCount; i++) {
            results.add(fresh(first.name() + "." + i, ""));
        }
        int last = nodeInputs.length;
        while (last > 0 && !nodeInputs[last - 1].isPresent()) {
            last--;
        }
        nodes.add(new Node(first.name(), "", opType, Arrays.asList(nodeInputs).subList(0, last), results, attributes));
        return List.copyOf(results);
    }

    /** Adds a node as it is; its outputs must be new. */
    public void add(Node node) {
        for (Value output : node.outputs()) {
            if (output.isPresent() && !taken.add(output.name())) {
                throw new IllegalArgumentException("the name '" + output + "' is taken");
            }
        }
        nodes.add(node);
    }

    public GraphBuilder output(Value value) {
        outputs.add(value);
        return this;
    }

    /** Adds an output under a name of its own. */
    public GraphBuilder output(Value value, String name) {
        Value renamed = new Value(name);
        add(new Node(name, "", "Identity", List.of(value), List.of(renamed), Attributes.NONE));
        if (types.containsKey(value)) {
            types.put(renamed, types.get(value));
        }
        return output(renamed);
    }

    public GraphBuilder clearOutputs() {
        outputs.clear();
        return this;
    }

    public Optional<TensorType> type(Value value) {
        return Optional.ofNullable(types.get(value));
    }

    /** States a type that is known without inference. */
    public GraphBuilder declare(Value value, TensorType type) {
        types.put(value, type);
        return this;
    }

    public Optional<Tensor> constantOf(Value value) {
        return Optional.ofNullable(constants.get(value));
    }

    /** A name that nothing has yet. */
    public Value fresh(String hint) {
        return fresh(hint, scope);
    }

    private Value fresh(String hint, String prefix) {
        String base = prefix + hint;
        String name = base;
        int count = counters.getOrDefault(base, 0);
        while (!taken.add(name)) {
            count++;
            name = base + "_" + count;
        }
        counters.put(base, count);
        return new Value(name);
    }

    public Graph build() {
        return new Graph(inputs, List.copyOf(outputs), nodes, constants, types, opsets);
    }
}
