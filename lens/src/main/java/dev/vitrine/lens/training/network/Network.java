package dev.vitrine.lens.training.network;

import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A classifier as an inference graph, to be trained.
 *
 * @param graph with its weights as constants and an open batch
 * @param input {@code f32[N,C,H,W]}
 * @param logits {@code f32[N,classes]}
 */
public record Network(Graph graph, Value input, Value logits) {
    /** A graph with one input and its logits as the first output. */
    public static Network of(Graph graph) {
        return new Network(graph, graph.inputs().get(0), graph.outputs().get(0));
    }

    /** The same network with other weights. */
    public Network with(Map<Value, Tensor> weights) {
        Map<Value, Tensor> constants = new LinkedHashMap<>(graph.constants());
        constants.keySet().forEach(value -> {
            if (weights.containsKey(value)) {
                constants.put(value, weights.get(value));
            }
        });
        return new Network(
                new Graph(graph.inputs(), graph.outputs(), graph.nodes(), constants, graph.types(), graph.opsets()),
                input,
                logits);
    }
}
