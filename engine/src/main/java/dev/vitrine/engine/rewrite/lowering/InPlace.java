package dev.vitrine.engine.rewrite.lowering;

import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes a graph's nodes anew in their order, so that what comes in a node's place stands where the node stood. */
final class InPlace {
    private final Graph graph;
    private final GraphBuilder names;
    private final List<Node> nodes = new ArrayList<>();
    private final Map<Value, Tensor> constants;

    InPlace(Graph graph) {
        this.graph = graph;
        this.names = new GraphBuilder(graph);
        this.constants = new LinkedHashMap<>(graph.constants());
    }

    Value fresh(String hint) {
        return names.fresh(hint);
    }

    /** The next node, as it is. */
    void add(Node node) {
        nodes.add(node);
    }

    /** The next node, of a standard operator without attributes. */
    Value add(String opType, Value... inputs) {
        return add("", opType, Attributes.NONE, inputs);
    }

    /** The next node, with one output under a fresh name. */
    Value add(String domain, String opType, Attributes attributes, Value... inputs) {
        Value output = fresh(opType);
        add(new Node(output.name(), domain, opType, List.of(inputs), List.of(output), attributes));
        return output;
    }

    /** A constant under a fresh name. */
    Value constant(String hint, Tensor tensor) {
        Value value = fresh(hint);
        constants.put(value, tensor);
        return value;
    }

    /** An equal constant of the graph where there is one, so that the runtime sees that nodes are equal. */
    Value sharedConstant(Tensor tensor) {
        return constants.entrySet().stream()
                .filter(entry -> entry.getValue().equals(tensor))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseGet(() -> constant("constant", tensor));
    }

    /** The nodes so far, between the old graph's inputs and outputs. */
    Graph graph() {
        return new Graph(graph.inputs(), graph.outputs(), nodes, constants, graph.types(), graph.opsets());
    }
}
