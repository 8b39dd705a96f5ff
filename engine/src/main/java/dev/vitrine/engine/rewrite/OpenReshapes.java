package dev.vitrine.engine.rewrite;

import dev.vitrine.engine.graph.Dimension;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.GraphTransform;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reshape to {@code [Shape(v)[0], constants ...]} becomes Reshape to {@code [0, constants ...]}, where both v and what is
 * reshaped begin with the batch: as {@code x.view(x.size(0), -1)} is exported, behind which no shape can be told.
 */
public record OpenReshapes(Dimension batch) implements GraphTransform {
    private static final Set<String> PICKING = Set.of("Gather", "Slice", "Unsqueeze", "Squeeze", "Cast", "Identity");

    @Override
    public Graph apply(Graph graph) {
        Map<Value, Node> producers = graph.producers();
        GraphBuilder builder = new GraphBuilder(graph);
        List<Node> nodes = new ArrayList<>();
        for (Node node : graph.nodes()) {
            Optional<long[]> shape = node.operator().equals("Reshape")
                            && node.attributes().integer("allowzero", 0) == 0
                            && isBatched(graph, node.input(0))
                    ? shape(graph, producers, producers.get(node.input(1)))
                    : Optional.empty();
            nodes.add(shape.isPresent() ? node.withInputs(List.of(node.input(0), builder.vector(shape.get()))) : node);
        }
        Graph constants = builder.build();
        return new Prune()
                .apply(new Graph(
                        graph.inputs(),
                        graph.outputs(),
                        nodes,
                        constants.constants(),
                        constants.types(),
                        graph.opsets()));
    }

    private boolean isBatched(Graph graph, Value value) {
        return graph.type(value)
                .filter(type -> type.rank() > 0 && type.dimension(0).equals(batch))
                .isPresent();
    }

    private Optional<long[]> shape(Graph graph, Map<Value, Node> producers, Node concat) {
        if (concat == null
                || !concat.operator().equals("Concat")
                || !picksBatch(graph, producers, producers.get(concat.input(0)))) {
            return Optional.empty();
        }
        List<Long> sizes = new ArrayList<>(List.of(0L));
        for (Value part : concat.inputs().subList(1, concat.inputs().size())) {
            Optional<Tensor> constant = graph.constant(part);
            if (constant.isEmpty()) {
                return Optional.empty();
            }
            Arrays.stream(constant.get().toLongs()).forEach(sizes::add);
        }
        return Optional.of(sizes.stream().mapToLong(Long::longValue).toArray());
    }

    /** Whether a value of one element is the first entry of a batched value's shape. */
    private boolean picksBatch(Graph graph, Map<Value, Node> producers, Node last) {
        Node node = last;
        boolean first = false;
        while (node != null && PICKING.contains(node.operator())) {
            if (node.operator().equals("Gather")) {
                first = isZero(graph, node.input(1));
            } else if (node.operator().equals("Slice")) {
                first = isZero(graph, node.input(1)) && isOne(graph, node.input(2));
            }
            node = producers.get(node.input(0));
        }
        return first
                && node != null
                && node.operator().equals("Shape")
                && node.attributes().values().isEmpty()
                && isBatched(graph, node.input(0));
    }

    private static boolean isZero(Graph graph, Value value) {
        return isSingle(graph, value, 0);
    }

    private static boolean isOne(Graph graph, Value value) {
        return isSingle(graph, value, 1);
    }

    private static boolean isSingle(Graph graph, Value value, long expected) {
        return graph.constant(value)
                .filter(tensor -> tensor.elementType() == ElementType.INT64 && tensor.elements() == 1)
                .filter(tensor -> tensor.toLongs()[0] == expected)
                .isPresent();
    }
}
