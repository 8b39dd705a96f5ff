package dev.vitrine.lens.training.network;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.operator.Operator;
import dev.vitrine.engine.operator.OperatorTable;
import dev.vitrine.engine.operator.property.Effect;
import dev.vitrine.engine.operator.property.Role;
import dev.vitrine.engine.operator.property.Space;
import dev.vitrine.engine.tensor.Tensor;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Replaces a network's last layer for other classes: weights N(0, 1/fan-in), biases 0. */
public final class FreshHead {
    private FreshHead() {}

    public static Network on(Network network, int classes, RandomGenerator random) {
        Graph graph = network.graph();
        Map<Value, Node> producers = graph.producers();
        Map<Value, Tensor> constants = new LinkedHashMap<>(graph.constants());
        Optional<Node> found = Optional.ofNullable(producers.get(network.logits()));
        while (found.isPresent() && passes(found.get())) {
            Node node = found.get();
            if (OperatorTable.row(node).isAddition()) {
                node.inputs().stream()
                        .filter(constants::containsKey)
                        .forEach(bias -> constants.put(bias, Tensor.floats(new float[classes], classes)));
            }
            found = node.inputs().stream()
                    .filter(producers::containsKey)
                    .findFirst()
                    .map(producers::get);
        }
        Node head = found.filter(node -> graph.constant(node.input(1)).isPresent())
                .orElseThrow(() -> VitrineException.failure("The network ends in no layer with weights that can be"
                        + " replaced; expected Gemm, MatMul or Conv before the logits '" + network.logits()
                        + "'. Keep its head, or choose another model."));
        Tensor old = graph.constants().get(head.input(1));
        constants.put(head.input(1), weights(head, old, classes, random));
        if (head.input(2).isPresent()) {
            constants.put(head.input(2), Tensor.floats(new float[classes], classes));
        }
        Map<Value, TensorType> inputs = new HashMap<>();
        graph.inputs().forEach(input -> inputs.put(input, graph.types().get(input)));
        return new Network(
                new Graph(graph.inputs(), List.of(network.logits()), graph.nodes(), constants, inputs, graph.opsets()),
                network.input(),
                network.logits());
    }

    /** Whether a node may be between the last layer and the logits. */
    private static boolean passes(Node node) {
        Operator row = OperatorTable.row(node);
        return row.effect() == Effect.NONE
                || row.space().keepsOrder()
                || row.isMeanOverAxes()
                || row.isAddition()
                || row.role() == Role.RECTIFIER;
    }

    private static Tensor weights(Node head, Tensor old, int classes, RandomGenerator random) {
        long[] shape = old.shape();
        boolean inputsFirst = OperatorTable.row(head).space() == Space.PRODUCT
                && head.attributes().integer("transB", 0) == 0;
        long outputs = inputsFirst ? shape[1] : shape[0];
        double deviation = Math.sqrt((double) outputs / old.elements());
        shape[inputsFirst ? 1 : 0] = classes;
        float[] data = new float[Math.toIntExact(Tensor.elements(shape))];
        for (int i = 0; i < data.length; i++) {
            data[i] = (float) (random.nextGaussian() * deviation);
        }
        return Tensor.floats(data, shape);
    }
}
