package dev.vitrine.engine.rewrite;

import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Rewrites a graph node by node, in order: each is kept, or replaced by nodes that compute the same values. */
public final class NodeWriter {
    private final Graph graph;
    private final GraphBuilder names;
    private final Map<Value, Node> producers;
    private final List<Node> nodes = new ArrayList<>();
    private final Map<Value, Tensor> constants;
    private final Map<Tensor, Value> small = new LinkedHashMap<>();

    public NodeWriter(Graph graph) {
        this.graph = graph;
        this.names = new GraphBuilder(graph);
        this.producers = graph.producers();
        this.constants = new LinkedHashMap<>(graph.constants());
    }

    public Value fresh(String hint) {
        return names.fresh(hint);
    }

    /** Appends a node unchanged. */
    public void add(Node node) {
        nodes.add(node);
    }

    /** Appends a node of a standard operator with one output under a fresh name. */
    public Value node(String opType, Attributes attributes, Value... inputs) {
        Value output = fresh(opType);
        into(output, opType, attributes, inputs);
        return output;
    }

    /** Appends a node of a standard operator without attributes. */
    public Value node(String opType, Value... inputs) {
        return node(opType, Attributes.NONE, inputs);
    }

    /** Appends a node of a standard operator that computes a given value. */
    public void into(Value output, String opType, Attributes attributes, Value... inputs) {
        int last = inputs.length;
        while (last > 0 && !inputs[last - 1].isPresent()) {
            last--;
        }
        List<Value> given = Arrays.asList(inputs).subList(0, last);
        nodes.add(new Node(names.fresh(output.name()).name(), "", opType, given, List.of(output), attributes));
    }

    /** Appends a node of a standard operator with several outputs under fresh names. */
    public List<Value> nodes(String opType, int outputs, Attributes attributes, Value... inputs) {
        List<Value> results = new ArrayList<>();
        for (int i = 0; i < outputs; i++) {
            results.add(fresh(opType));
        }
        nodes.add(new Node(fresh(opType).name(), "", opType, List.of(inputs), results, attributes));
        return results;
    }

    public Value constant(Tensor tensor) {
        if (tensor.elements() > 64) {
            return constant("constant", tensor);
        }
        return small.computeIfAbsent(tensor, key -> constant("constant", key));
    }

    private Value constant(String hint, Tensor tensor) {
        Value value = fresh(hint);
        constants.put(value, tensor);
        return value;
    }

    public Value scalar(double value) {
        return constant(Tensor.scalar((float) value));
    }

    /** A constant {@code i64[n]}. */
    public Value vector(long... data) {
        return constant(Tensor.vector(data));
    }

    public Optional<Tensor> constantOf(Value value) {
        return Optional.ofNullable(constants.get(value));
    }

    /** The node of the old graph that computes a value; inputs and constants have none. */
    public Optional<Node> producer(Value value) {
        return Optional.ofNullable(producers.get(value));
    }

    /** The type of a value of the old graph, or of a constant. */
    public Optional<TensorType> type(Value value) {
        return graph.type(value).or(() -> constantOf(value).map(TensorType::of));
    }

    /** The nodes so far, between the old graph's inputs and outputs. */
    public Graph graph() {
        return new Graph(graph.inputs(), graph.outputs(), nodes, constants, graph.types(), graph.opsets());
    }
}
