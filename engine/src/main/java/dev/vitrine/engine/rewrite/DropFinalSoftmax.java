package dev.vitrine.engine.rewrite;

import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphTransform;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Goes from probabilities back to logits: where an output is computed by Softmax, LogSoftmax or Sigmoid, reached
 * through at most reshaping, what enters that function becomes the output in its place.
 */
public final class DropFinalSoftmax implements GraphTransform {
    private static final Set<String> SHAPING =
            Set.of("Identity", "Flatten", "Reshape", "Squeeze", "Unsqueeze", "QuantizeLinear", "DequantizeLinear");
    private static final Set<String> SQUASHING = Set.of("Softmax", "LogSoftmax", "Sigmoid");

    @Override
    public Graph apply(Graph graph) {
        Map<Value, Node> producers = graph.producers();
        List<Value> outputs = new ArrayList<>();
        for (Value output : graph.outputs()) {
            outputs.add(squashing(output, producers).map(node -> node.input(0)).orElse(output));
        }
        return outputs.equals(graph.outputs()) ? graph : new Prune().apply(graph.withOutputs(outputs));
    }

    private static Optional<Node> squashing(Value output, Map<Value, Node> producers) {
        Node node = producers.get(output);
        while (node != null && SHAPING.contains(node.operator())) {
            node = producers.get(node.input(0));
        }
        return node != null && SQUASHING.contains(node.operator()) ? Optional.of(node) : Optional.empty();
    }
}
