package dev.vitrine.engine.graph;

import dev.vitrine.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A computation: nodes in topological order.
 *
 * @param inputs values required by a run; each has a type in {@code types}
 * @param outputs values that a run can return
 * @param constants weights and other fixed values
 * @param types known types of values: those of inputs always, the rest after {@code TypeInference}
 * @param opsets operator-set version for each domain, {@code ""} for the standard one
 */
public record Graph(
        List<Value> inputs,
        List<Value> outputs,
        List<Node> nodes,
        Map<Value, Tensor> constants,
        Map<Value, TensorType> types,
        Map<String, Long> opsets) {
    /** The version of the standard operator set of all graphs in memory. */
    public static final long OPSET = 21;

    public Graph {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        nodes = List.copyOf(nodes);
        constants = Collections.unmodifiableMap(new LinkedHashMap<>(constants));
        types = Collections.unmodifiableMap(new LinkedHashMap<>(types));
        opsets = Collections.unmodifiableMap(new TreeMap<>(opsets));
    }

    public Optional<TensorType> type(Value value) {
        return Optional.ofNullable(types.get(value));
    }

    public Optional<Tensor> constant(Value value) {
        return Optional.ofNullable(constants.get(value));
    }

    /** The node that computes each value; inputs and constants have none. */
    public Map<Value, Node> producers() {
        Map<Value, Node> producers = new HashMap<>();
        for (Node node : nodes) {
            for (Value output : node.outputs()) {
                if (output.isPresent()) {
                    producers.put(output, node);
                }
            }
        }
        return producers;
    }

    /** The number of nodes that read each value. */
    public Map<Value, Integer> readers() {
        Map<Value, Integer> readers = new HashMap<>();
        nodes.forEach(node -> node.reads().forEach(value -> readers.merge(value, 1, Integer::sum)));
        return readers;
    }

    /** The nodes that read each value, in order; one that reads it twice is listed twice. */
    public Map<Value, List<Node>> consumers() {
        Map<Value, List<Node>> consumers = new HashMap<>();
        for (Node node : nodes) {
            node.reads()
                    .forEach(value -> consumers
                            .computeIfAbsent(value, key -> new ArrayList<>())
                            .add(node));
        }
        return consumers;
    }

    public Graph withOutputs(List<Value> newOutputs) {
        return new Graph(inputs, newOutputs, nodes, constants, types, opsets);
    }

    public Graph withTypes(Map<Value, TensorType> newTypes) {
        return new Graph(inputs, outputs, nodes, constants, newTypes, opsets);
    }
}
