package dev.vitrine.engine.graph;

import dev.vitrine.engine.tensor.ElementType;
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

/**
 * Builds a graph node by node, from scratch or from a given graph, with unique names. Infers the types of new values
 * from those of the inputs; where they cannot be inferred, {@link #reason} says why.
 */
public final class GraphBuilder {
    /** Shapes, indices and bounds have few elements. */
    private static final long MOST_NUMBERS = 256;

    private final List<Value> inputs;
    private final Set<Value> outputs;
    private final List<Node> nodes;
    private final Map<Value, Tensor> constants;
    private final Map<Value, TensorType> types;
    private final Map<String, Long> opsets;
    private final Set<String> taken = new HashSet<>();
    private final Map<String, Integer> counters = new HashMap<>();
    private final Map<Tensor, Value> smallConstants = new HashMap<>();
    private final Map<Value, Node> shapes = new HashMap<>();
    private final Map<Value, String> untyped = new HashMap<>();
    private final TypeRules.Known knowledge = new TypeRules.Known() {
        @Override
        public Optional<TensorType> type(Value value) {
            return GraphBuilder.this.type(value);
        }

        @Override
        public Optional<Tensor> constantOf(Value value) {
            return GraphBuilder.this.constantOf(value);
        }

        @Override
        public Optional<List<Dimension>> numbers(Value value) {
            return GraphBuilder.this.numbers(value);
        }
    };
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
            note(node);
        }
    }

    /** Starts subsequent names with {@code prefix/}; an empty prefix ends that. */
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

    /** Makes an existing value that no node computes a constant. */
    public void define(Value value, Tensor tensor) {
        constants.put(value, tensor);
        types.put(value, TensorType.of(tensor));
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

    /** Adds a node of another operator set with one output. */
    public Value nodeOf(String domain, String opType, Attributes attributes, Value... nodeInputs) {
        return nodes(domain, opType, 1, attributes, nodeInputs).get(0);
    }

    /** Adds a node of a standard operator with several outputs. */
    public List<Value> nodes(String opType, int outputCount, Attributes attributes, Value... nodeInputs) {
        return nodes("", opType, outputCount, attributes, nodeInputs);
    }

    /** Adds a node of some operator set with several outputs. */
    public List<Value> nodes(
            String domain, String opType, int outputCount, Attributes attributes, Value... nodeInputs) {
        Value first = fresh(opType);
        List<Value> results = new ArrayList<>();
        results.add(first);
        for (int i = 1; i < outputCount; i++) {
            results.add(fresh(first.name() + "." + i, ""));
        }
        addFresh(new Node(first.name(), domain, opType, Node.given(nodeInputs), results, attributes));
        return List.copyOf(results);
    }

    /** Adds a node unchanged; its outputs must be new. */
    public void add(Node node) {
        for (Value output : node.outputs()) {
            if (output.isPresent() && !taken.add(output.name())) {
                throw new IllegalArgumentException("the name '" + output + "' is taken");
            }
        }
        addFresh(node);
    }

    /** Adds a node whose outputs have names from {@link #fresh}. */
    public void addFresh(Node node) {
        nodes.add(node);
        note(node);
        infer(node);
    }

    /** Infers the still unknown types of a node's outputs, such as one requested later. */
    public void infer(Node node) {
        try {
            List<TensorType> inferred = new TypeRules(node, knowledge).outputs();
            for (int i = 0; i < Math.min(inferred.size(), node.outputs().size()); i++) {
                Value output = node.output(i);
                TensorType type = inferred.get(i);
                TensorType before = output.isPresent() ? types.putIfAbsent(output, type) : null;
                if (before != null && !before.agrees(type)) {
                    throw new IllegalArgumentException(
                            node.label() + ": '" + output + "' becomes " + type + "; expected " + before);
                }
            }
        } catch (TypeRules.Unknown unknown) {
            node.outputs().forEach(output -> untyped.put(output, unknown.getMessage()));
        } catch (IndexOutOfBoundsException | ArithmeticException odd) {
            // For a node that the runtime would reject.
            node.outputs().forEach(output -> untyped.put(output, node.label() + " does not fit its inputs"));
        }
    }

    /** Records values that compute shapes. */
    private void note(Node node) {
        switch (node.operator()) {
            case "Shape", "Size", "Concat", "Reshape", "Unsqueeze" -> shapes.put(node.output(), node);
            default -> {}
        }
    }

    private Optional<List<Dimension>> numbers(Value value) {
        Tensor constant = constants.get(value);
        if (constant != null) {
            boolean few = constant.elementType() == ElementType.INT64
                    && constant.rank() <= 1
                    && constant.elements() <= MOST_NUMBERS;
            return few
                    ? Optional.of(Arrays.stream(constant.toLongs())
                            .mapToObj(Dimension::of)
                            .toList())
                    : Optional.empty();
        }
        Node node = shapes.get(value);
        if (node == null) {
            return Optional.empty();
        }
        return switch (node.operator()) {
            case "Shape" -> type(node.input(0)).map(type -> TypeRules.shown(node, type));
            case "Size" -> type(node.input(0)).map(type -> List.of(Extent.product(type.dimensions())));
            case "Concat" -> {
                List<Dimension> all = new ArrayList<>();
                boolean known = node.inputs().stream()
                        .allMatch(part -> numbers(part).map(all::addAll).isPresent());
                yield known ? Optional.of(all) : Optional.empty();
            }
            default -> numbers(node.input(0));
        };
    }

    public GraphBuilder output(Value value) {
        outputs.add(value);
        return this;
    }

    /** Makes a value an output under another name from {@link #fresh}. */
    public Value outputAs(Value value, Value name) {
        addFresh(new Node(name.name(), "", "Identity", List.of(value), List.of(name), Attributes.NONE));
        output(name);
        return name;
    }

    public GraphBuilder clearOutputs() {
        outputs.clear();
        return this;
    }

    public Optional<TensorType> type(Value value) {
        TensorType known = types.get(value);
        return known == null && constants.containsKey(value)
                ? Optional.of(TensorType.of(constants.get(value)))
                : Optional.ofNullable(known);
    }

    /** Why the type of a value is unknown. */
    public String reason(Value value) {
        nodes.stream()
                .filter(node -> !untyped.containsKey(value) && node.outputs().contains(value))
                .forEach(this::infer);
        return untyped.getOrDefault(value, "no node computes it");
    }

    /** Declares a type that inference leaves open; must not contradict it. */
    public GraphBuilder declare(Value value, TensorType type) {
        TensorType inferred = types.get(value);
        if (inferred != null && !inferred.agrees(type)) {
            throw new IllegalArgumentException("'" + value + "' is " + inferred + "; declared as " + type);
        }
        types.put(value, type);
        return this;
    }

    public Optional<Tensor> constantOf(Value value) {
        return Optional.ofNullable(constants.get(value));
    }

    /** An existing constant equal to a tensor. */
    public Optional<Value> equalConstant(Tensor tensor) {
        return constants.entrySet().stream()
                .filter(entry -> entry.getValue().equals(tensor))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    /** An unused name. */
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

    /** The nodes from a position, in the order of creation. */
    public List<Node> nodesFrom(int position) {
        return List.copyOf(nodes.subList(position, nodes.size()));
    }

    public Graph build() {
        return new Graph(inputs, List.copyOf(outputs), nodes, constants, types, opsets);
    }
}
