package dev.vitrine.study.variant;

import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The layers with weights of a network, each as its kind and the sizes of its weights, for comparison. */
final class Weights {
    private Weights() {}

    static List<String> of(Graph graph) {
        return graph.nodes().stream()
                .flatMap(node -> Optional.of(node)
                        .filter(one -> one.inputs().size() > 1)
                        .flatMap(one -> graph.constant(one.input(1)))
                        .filter(weights ->
                                weights.elements() > 1 && weights.elementType().isFloating())
                        .map(weights -> words(node, weights))
                        .stream())
                .toList();
    }

    private static String words(Node node, Tensor weights) {
        return node.operator() + " "
                + Arrays.stream(weights.shape()).mapToObj(Long::toString).collect(Collectors.joining("×"));
    }
}
