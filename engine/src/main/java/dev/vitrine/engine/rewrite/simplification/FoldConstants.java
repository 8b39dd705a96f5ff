package dev.vitrine.engine.rewrite.simplification;

import dev.vitrine.engine.graph.AttributeValue;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphTransform;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.rewrite.Cut;
import dev.vitrine.engine.rewrite.Prune;
import dev.vitrine.engine.runtime.Executable;
import dev.vitrine.engine.runtime.Runner;
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
 * Computes once what depends on constants and known shapes only, so that reshapes by computed shapes become reshapes by
 * constants. Random operators stay, and so does what would make the graph larger by more than a few megabytes.
 *
 * <p>Needs the types of all values.
 */
public record FoldConstants(Runner runner) implements GraphTransform {
    private static final long LARGEST_ELEMENTS = 1 << 20;

    @Override
    public Graph apply(Graph graph) {
        Map<Value, Tensor> constants = new LinkedHashMap<>(graph.constants());
        Set<Value> known = new HashSet<>(constants.keySet());
        List<Node> kept = new ArrayList<>();
        List<Node> folded = new ArrayList<>();
        for (Node node : graph.nodes()) {
            Optional<Tensor> shape = knownShape(node, graph);
            if (shape.isPresent()) {
                constants.put(node.output(), shape.get());
                known.add(node.output());
            } else if (isFoldable(node, graph, known)) {
                folded.add(node);
                known.addAll(node.outputs());
            } else {
                kept.add(node);
            }
        }
        Set<Value> wanted = new HashSet<>(graph.outputs());
        kept.forEach(node -> wanted.addAll(node.reads()));
        List<Value> results = folded.stream()
                .flatMap(node -> node.outputs().stream())
                .filter(wanted::contains)
                .toList();
        if (!results.isEmpty()) {
            Graph computation =
                    new Cut(results).apply(new Graph(List.of(), results, folded, constants, Map.of(), graph.opsets()));
            try (Executable executable = runner.load(computation)) {
                constants.putAll(executable.run(Map.of()));
            }
        }
        Map<Value, TensorType> types = new HashMap<>(graph.types());
        constants.forEach((value, tensor) -> types.put(value, TensorType.of(tensor)));
        Graph result = new Graph(graph.inputs(), graph.outputs(), kept, constants, types, graph.opsets());
        return new Prune().apply(result);
    }

    private static Optional<Tensor> knownShape(Node node, Graph graph) {
        boolean plain =
                node.operator().equals("Shape") && node.attributes().values().isEmpty();
        return plain
                ? graph.type(node.input(0)).filter(TensorType::isStatic).map(type -> Tensor.vector(type.shape()))
                : Optional.empty();
    }

    private static boolean isFoldable(Node node, Graph graph, Set<Value> known) {
        boolean random = node.opType().startsWith("Random")
                || node.opType().equals("Bernoulli")
                || node.opType().equals("Multinomial");
        boolean branches = node.attributes().values().values().stream()
                .anyMatch(attribute -> attribute instanceof AttributeValue.OfGraph);
        boolean ready = node.inputs().stream().filter(Value::isPresent).allMatch(known::contains);
        boolean small = node.outputs().stream()
                .filter(Value::isPresent)
                .allMatch(output -> graph.type(output)
                        .filter(TensorType::isStatic)
                        .filter(type -> Tensor.elements(type.shape()) <= LARGEST_ELEMENTS)
                        .isPresent());
        return !random && !branches && ready && small;
    }
}
