package dev.vitrine.lens.model.head;

import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A graph traversed from its end: producers of values, and constants. */
final class Surroundings {
    private final Graph graph;
    private final Map<Value, Node> producers;

    Surroundings(Graph graph) {
        this.graph = graph;
        this.producers = graph.producers();
    }

    Graph graph() {
        return graph;
    }

    Optional<Node> producer(Value value) {
        return Optional.ofNullable(producers.get(value));
    }

    /** A node for display, such as {@code Softmax 'prob'}. */
    static String name(Node node) {
        String name = node.name().isEmpty() ? node.output().name() : node.name();
        return node.operator() + " '" + name + "'";
    }

    /** The node that computes a value, if it is of this operator. */
    Optional<Node> producer(Value value, String operator) {
        return producer(value).filter(node -> node.operator().equals(operator));
    }

    Optional<TensorType> type(Value value) {
        return graph.type(value);
    }

    /** The numbers of a constant. */
    Optional<float[]> floats(Value value) {
        return constant(value)
                .filter(tensor -> tensor.elementType() == ElementType.FLOAT32)
                .map(Tensor::toFloats);
    }

    Optional<long[]> longs(Value value) {
        return constant(value)
                .filter(tensor -> tensor.elementType() == ElementType.INT64)
                .map(Tensor::toLongs);
    }

    private Optional<Tensor> constant(Value value) {
        return value.isPresent() ? graph.constant(value) : Optional.empty();
    }

    /** A constant that holds one number throughout. */
    Optional<Float> scalar(Value value) {
        return floats(value).filter(numbers -> numbers.length > 0).flatMap(numbers -> {
            for (float number : numbers) {
                if (number != numbers[0]) {
                    return Optional.empty();
                }
            }
            return Optional.of(numbers[0]);
        });
    }

    /** The axes of a reduction, counted from 0; empty if unknown. */
    List<Integer> reducedAxes(Node node) {
        int rank = type(node.input(0)).map(TensorType::rank).orElse(0);
        long[] axes = node.input(1).isPresent()
                ? longs(node.input(1)).orElse(new long[0])
                : node.attributes().integers("axes");
        return java.util.Arrays.stream(axes)
                .mapToObj(axis -> (int) (axis < 0 ? axis + rank : axis))
                .toList();
    }
}
