package dev.vitrine.engine.rewrite;

import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Writes what takes the place of one node after the other. Nodes have names of their own, apart from those of the values
 * that they compute, which people see among a network's layers.
 */
public final class NodeWriter {
    private final Patch patch;
    private final Wiring wiring;

    private NodeWriter(Graph graph) {
        this.patch = new Patch(graph);
        this.wiring = new Wiring(graph);
    }

    /** What writes a node, and says whether it did. */
    public interface Forms {
        Predicate<Node> on(NodeWriter writer);
    }

    /** The graph with every node replaced for which a form was written. */
    public static Graph rewrite(Graph graph, Forms forms) {
        NodeWriter writer = new NodeWriter(graph);
        Predicate<Node> form = forms.on(writer);
        for (Node node : graph.nodes()) {
            writer.patch.at(node);
            if (form.test(node)) {
                writer.patch.take(node);
            }
        }
        return writer.patch.apply();
    }

    public Value fresh(String hint) {
        return patch.fresh(hint);
    }

    /** Writes a node as it is. */
    public void add(Node node) {
        patch.add(node);
    }

    /** Writes a node of a standard operator with one output under a fresh name. */
    public Value node(String opType, Attributes attributes, Value... inputs) {
        Value output = fresh(opType);
        into(output, opType, attributes, inputs);
        return output;
    }

    /** Writes a node of a standard operator without attributes. */
    public Value node(String opType, Value... inputs) {
        return node(opType, Attributes.NONE, inputs);
    }

    /** Writes a node of a standard operator that computes a given value. */
    public void into(Value output, String opType, Attributes attributes, Value... inputs) {
        String name = fresh(output.name()).name();
        add(new Node(name, "", opType, Node.given(inputs), List.of(output), attributes));
    }

    /** Writes a node of a standard operator with several outputs under fresh names. */
    public List<Value> nodes(String opType, int outputs, Attributes attributes, Value... inputs) {
        List<Value> results = new ArrayList<>();
        for (int i = 0; i < outputs; i++) {
            results.add(fresh(opType));
        }
        add(new Node(fresh(opType).name(), "", opType, List.of(inputs), results, attributes));
        return results;
    }

    public Value constant(Tensor tensor) {
        return patch.builder().constant(tensor);
    }

    public Value scalar(double value) {
        return constant(Tensor.scalar((float) value));
    }

    /** A constant {@code i64[n]}. */
    public Value vector(long... data) {
        return constant(Tensor.vector(data));
    }

    public Optional<Tensor> constantOf(Value value) {
        return patch.constantOf(value);
    }

    /** The node of the old graph that computes a value; inputs and constants have none. */
    public Optional<Node> producer(Value value) {
        return wiring.producer(value);
    }

    public Optional<TensorType> type(Value value) {
        return patch.type(value);
    }
}
