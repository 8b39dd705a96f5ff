package dev.vitrine.engine.rewrite.simplification;

import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.GraphTransform;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.rewrite.Prune;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Split(Conv(x, w)) = Conv(x, w₁), Conv(x, w₂) … with w cut along its output channels: the same work without copying
 * the result.
 *
 * <p>Fires for ungrouped convolutions without bias and with constant weights that only a split into at most four parts
 * along the channels reads.
 */
public final class SplitConvolution implements GraphTransform {
    private static final int MOST_PARTS = 4;

    @Override
    public Graph apply(Graph graph) {
        Map<Value, Node> producers = graph.producers();
        Map<Value, Integer> readers = graph.readers();
        GraphBuilder names = new GraphBuilder(graph);
        Map<Value, Tensor> constants = new LinkedHashMap<>(graph.constants());
        Map<String, List<Node>> replaced = new HashMap<>();
        Set<String> removed = new HashSet<>();
        for (Node split : graph.nodes()) {
            Optional<long[]> sizes = sizes(split, graph);
            Node conv = producers.get(split.input(0));
            if (sizes.isEmpty() || conv == null || !isCuttable(conv, graph, readers)) {
                continue;
            }
            Tensor weight = graph.constants().get(conv.input(1));
            List<Node> parts = new ArrayList<>();
            long from = 0;
            for (int i = 0; i < split.outputs().size(); i++) {
                Value part = names.fresh(conv.input(1).name() + ".part");
                constants.put(part, weight.rows(from, from + sizes.get()[i]));
                from += sizes.get()[i];
                parts.add(new Node(
                        names.fresh(conv.name()).name(),
                        "",
                        "Conv",
                        List.of(conv.input(0), part),
                        List.of(split.output(i)),
                        conv.attributes()));
            }
            removed.add(conv.name());
            replaced.put(split.name(), parts);
        }
        List<Node> nodes = new ArrayList<>();
        for (Node node : graph.nodes()) {
            if (!removed.contains(node.name())) {
                nodes.addAll(replaced.getOrDefault(node.name(), List.of(node)));
            }
        }
        Graph result = new Graph(graph.inputs(), graph.outputs(), nodes, constants, graph.types(), graph.opsets());
        return replaced.isEmpty() ? graph : new Prune().apply(result);
    }

    private static Optional<long[]> sizes(Node split, Graph graph) {
        boolean suits = split.operator().equals("Split")
                && split.attributes().integer("axis", 0) == 1
                && split.outputs().size() <= MOST_PARTS
                && split.outputs().stream().allMatch(Value::isPresent);
        return suits ? graph.constant(split.input(1)).map(Tensor::toLongs) : Optional.empty();
    }

    private static boolean isCuttable(Node conv, Graph graph, Map<Value, Integer> readers) {
        return conv.operator().equals("Conv")
                && conv.attributes().integer("group", 1) == 1
                && !conv.input(2).isPresent()
                && graph.constant(conv.input(1))
                        .filter(tensor -> tensor.elementType() == ElementType.FLOAT32)
                        .isPresent()
                && readers.getOrDefault(conv.output(), 0) == 1
                && !graph.outputs().contains(conv.output());
    }
}
