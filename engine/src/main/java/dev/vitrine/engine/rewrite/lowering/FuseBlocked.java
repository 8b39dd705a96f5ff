package dev.vitrine.engine.rewrite.lowering;

import dev.vitrine.engine.graph.AttributeValue;
import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphTransform;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Fuses blocked convolutions as the runtime fuses its own: Conv and Add, Conv and an activation, or all three become
 * one node where nothing else reads the values in between.
 *
 * @param blocked the values that are whole maps in blocks
 */
record FuseBlocked(Set<Value> blocked) implements GraphTransform {
    private static final int SUM = 3;

    @Override
    public Graph apply(Graph graph) {
        Map<Value, Integer> readers = graph.readers();
        graph.outputs().forEach(output -> readers.merge(output, 2, Integer::sum));
        List<Node> nodes = new ArrayList<>();
        Map<Value, Integer> places = new HashMap<>();
        for (Node node : graph.nodes()) {
            Optional<Node> fused = fused(node, graph, readers, nodes, places);
            Node kept = fused.orElse(node);
            kept.outputs().forEach(output -> places.put(output, nodes.size()));
            nodes.add(kept);
        }
        nodes.removeIf(node -> node == REMOVED);
        return new Graph(graph.inputs(), graph.outputs(), nodes, graph.constants(), graph.types(), graph.opsets());
    }

    private static final Node REMOVED = new Node("", "", "", List.of(), List.of(), Attributes.NONE);

    private Optional<Node> fused(
            Node node, Graph graph, Map<Value, Integer> readers, List<Node> nodes, Map<Value, Integer> places) {
        if (node.operator().equals("Add")) {
            // The later of two convolutions adds to the earlier's result.
            Optional<Node> left = convolution(node.input(0), readers, nodes, places)
                    .filter(conv -> !conv.input(SUM).isPresent());
            Optional<Node> right = convolution(node.input(1), readers, nodes, places)
                    .filter(conv -> !conv.input(SUM).isPresent());
            boolean takesRight =
                    right.isPresent() && (left.isEmpty() || places.get(node.input(1)) > places.get(node.input(0)));
            Optional<Node> chosen = takesRight ? right : left;
            Value other = node.input(takesRight ? 0 : 1);
            if (chosen.isPresent() && !other.equals(node.input(takesRight ? 1 : 0)) && blocked.contains(other)) {
                return Optional.of(taken(chosen.get(), node, other, nodes, places));
            }
            return Optional.empty();
        }
        Optional<Attributes> activation = activation(node, graph);
        return activation.isEmpty()
                ? Optional.empty()
                : convolution(node.input(0), readers, nodes, places).map(conv -> {
                    nodes.set(places.get(conv.output()), REMOVED);
                    Attributes attributes = conv.attributes();
                    for (Map.Entry<String, AttributeValue> entry :
                            activation.get().values().entrySet()) {
                        attributes = attributes.with(entry.getKey(), entry.getValue());
                    }
                    return conv.withAttributes(attributes).withOutputs(node.outputs());
                });
    }

    private static Node taken(Node conv, Node sum, Value other, List<Node> nodes, Map<Value, Integer> places) {
        nodes.set(places.get(conv.output()), REMOVED);
        List<Value> inputs = new ArrayList<>(conv.inputs());
        while (inputs.size() < SUM) {
            inputs.add(Value.NONE);
        }
        inputs.add(other);
        return conv.withInputs(inputs).withOutputs(sum.outputs());
    }

    /** The blocked convolution without activation that computes a value which one node alone reads. */
    private static Optional<Node> convolution(
            Value value, Map<Value, Integer> readers, List<Node> nodes, Map<Value, Integer> places) {
        Integer place = places.get(value);
        if (place == null || readers.getOrDefault(value, 0) != 1) {
            return Optional.empty();
        }
        return Optional.of(nodes.get(place))
                .filter(node -> node.domain().equals(BlockedLayout.DOMAIN)
                        && node.opType().equals("Conv"))
                .filter(node -> !node.attributes().has("activation"));
    }

    private static Optional<Attributes> activation(Node node, Graph graph) {
        Attributes own = node.attributes();
        return switch (node.operator()) {
            case "Relu", "Sigmoid", "Tanh" -> Optional.of(named(node.operator()));
            case "LeakyRelu" -> Optional.of(named("LeakyRelu", own.real("alpha", 0.01f)));
            case "HardSigmoid" -> Optional.of(named("HardSigmoid", own.real("alpha", 0.2f), own.real("beta", 0.5f)));
            case "Clip" -> {
                Optional<Tensor> low = graph.constant(node.input(1));
                Optional<Tensor> high = graph.constant(node.input(2));
                yield low.isPresent() && high.isPresent()
                        ? Optional.of(named(
                                "Clip",
                                low.get().floats().get(0),
                                high.get().floats().get(0)))
                        : Optional.empty();
            }
            default -> Optional.empty();
        };
    }

    private static Attributes named(String name, float... parameters) {
        Attributes attributes = Attributes.NONE.with("activation", name);
        List<Float> list = new ArrayList<>();
        for (float parameter : parameters) {
            list.add(parameter);
        }
        return list.isEmpty() ? attributes : attributes.with("activation_params", new AttributeValue.OfFloats(list));
    }
}
