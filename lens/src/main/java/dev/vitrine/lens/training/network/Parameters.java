package dev.vitrine.lens.training.network;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.operator.OperatorTable;
import dev.vitrine.engine.operator.property.Space;
import dev.vitrine.engine.tensor.ElementType;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The trainable parameters of a network.
 *
 * @param weights constants updated by their gradients
 * @param statistics constants updated as running means: those of batch normalization
 * @param normalizations names of the batch normalizations that use batch statistics during training
 */
public record Parameters(List<Value> weights, List<Value> statistics, Set<String> normalizations) {
    public Parameters {
        weights = List.copyOf(weights);
        statistics = List.copyOf(statistics);
        normalizations = Set.copyOf(normalizations);
    }

    /** All weights of a network. */
    public static Parameters all(Graph graph) {
        return of(graph, graph.nodes());
    }

    /** The weights of a layer, named by its node or output, and of all layers that depend on it. */
    public static Parameters from(Graph graph, String layer) {
        Optional<Node> first = graph.nodes().stream()
                .filter(node -> node.name().equals(layer)
                        || node.outputs().stream()
                                .anyMatch(output -> output.name().equals(layer)))
                .findFirst();
        if (first.isEmpty()) {
            throw VitrineException.usage("No layer '" + layer + "' in the network; expected the name of a node or of"
                    + " its output. 'vitrine layers' lists them.");
        }
        Set<Value> depending = new HashSet<>(first.get().outputs());
        return of(
                graph,
                graph.nodes().stream()
                        .filter(node -> {
                            boolean chosen = node.equals(first.get())
                                    || node.reads().stream().anyMatch(depending::contains);
                            if (chosen) {
                                depending.addAll(node.outputs());
                            }
                            return chosen;
                        })
                        .toList());
    }

    private static Parameters of(Graph graph, List<Node> nodes) {
        Set<Value> weights = new LinkedHashSet<>();
        Set<Value> statistics = new LinkedHashSet<>();
        Set<String> normalizations = new HashSet<>();
        for (Node node : nodes) {
            for (int index : OperatorTable.row(node).weights()) {
                graph.constant(node.input(index))
                        .filter(tensor -> tensor.elementType() == ElementType.FLOAT32 && tensor.elements() > 1)
                        .ifPresent(tensor -> weights.add(node.input(index)));
            }
            boolean known = OperatorTable.row(node).space() == Space.PER_CHANNEL
                    && graph.constant(node.input(3)).isPresent()
                    && graph.constant(node.input(4)).isPresent();
            if (known) {
                statistics.add(node.input(3));
                statistics.add(node.input(4));
                normalizations.add(node.name());
            }
        }
        if (weights.isEmpty()) {
            throw VitrineException.failure("The network has no weights that can be learned; expected constants of"
                    + " Conv, Gemm, MatMul or a normalization.");
        }
        return new Parameters(List.copyOf(weights), List.copyOf(statistics), normalizations);
    }
}
