package dev.vitrine.engine.rewrite.simplification;

import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.GraphTransform;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.rewrite.Prune;
import dev.vitrine.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;

/**
 * mean(w ∗ x + b) = w ∗ mean(x) + b for a convolution of single places and the mean over all places: the head's
 * convolution then runs over one place.
 *
 * <p>Fires where a global average pooling, or a mean over exactly the axes of height and width that keeps them, is the
 * only reader of a 1×1 convolution without padding and with stride 1, which is no output. Needs the types of all values.
 */
public final class PoolBeforeConvolution implements GraphTransform {
    @Override
    public Graph apply(Graph graph) {
        Map<Value, Node> producers = graph.producers();
        Map<Value, Integer> readers = graph.readers();
        GraphBuilder names = new GraphBuilder(graph);
        Map<String, List<Node>> replaced = new HashMap<>();
        Set<String> removed = new HashSet<>();
        Map<Value, TensorType> types = new LinkedHashMap<>(graph.types());
        for (Node pool : graph.nodes()) {
            Node conv = producers.get(pool.input(0));
            boolean fires = conv != null
                    && isGlobalMean(pool, graph)
                    && isPointwise(conv, graph)
                    && readers.getOrDefault(conv.output(), 0) == 1
                    && !graph.outputs().contains(conv.output());
            if (!fires) {
                continue;
            }
            Value mean = names.fresh(conv.input(0).name() + ".mean");
            List<Value> poolInputs = new ArrayList<>(pool.inputs());
            poolInputs.set(0, conv.input(0));
            List<Value> convInputs = new ArrayList<>(conv.inputs());
            convInputs.set(0, mean);
            Node first = pool.withInputs(poolInputs).withOutputs(List.of(mean));
            Node second = conv.withInputs(convInputs).withOutputs(pool.outputs());
            types.put(
                    mean,
                    graph.types()
                            .get(pool.output())
                            .withDimension(1, graph.types().get(conv.input(0)).dimension(1)));
            removed.add(conv.name());
            replaced.put(pool.name(), List.of(first, second));
        }
        if (replaced.isEmpty()) {
            return graph;
        }
        List<Node> nodes = new ArrayList<>();
        for (Node node : graph.nodes()) {
            if (!removed.contains(node.name())) {
                nodes.addAll(replaced.getOrDefault(node.name(), List.of(node)));
            }
        }
        Graph result = new Graph(graph.inputs(), graph.outputs(), nodes, graph.constants(), types, graph.opsets());
        return new Prune().apply(result);
    }

    private static boolean isGlobalMean(Node pool, Graph graph) {
        return switch (pool.operator()) {
            case "GlobalAveragePool" -> true;
            case "ReduceMean" -> {
                int rank = graph.types().get(pool.input(0)).rank();
                Optional<Tensor> axes = graph.constant(pool.input(1));
                yield pool.attributes().integer("keepdims", 1) == 1
                        && axes.isPresent()
                        && LongStream.of(axes.get().toLongs())
                                .map(axis -> axis < 0 ? axis + rank : axis)
                                .sorted()
                                .boxed()
                                .toList()
                                .equals(LongStream.range(2, rank).boxed().toList());
            }
            default -> false;
        };
    }

    private static boolean isPointwise(Node conv, Graph graph) {
        return conv.operator().equals("Conv")
                && graph.types().get(conv.input(1)) != null
                && LongStream.of(graph.types().get(conv.input(1)).shape())
                        .skip(2)
                        .allMatch(size -> size == 1)
                && LongStream.of(conv.attributes().integers("strides")).allMatch(stride -> stride == 1)
                && LongStream.of(conv.attributes().integers("pads")).allMatch(pad -> pad == 0);
    }
}
