package dev.vitrine.engine.runtime;

import dev.vitrine.engine.graph.AttributeValue;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.operator.Operator;
import dev.vitrine.engine.operator.OperatorTable;
import dev.vitrine.engine.rewrite.Cut;
import dev.vitrine.engine.rewrite.Prune;
import dev.vitrine.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Folds the part of a graph that does not depend on inputs, such as the forward pass of a reference picture, when the
 * graph is opened. The runtime does not fold constants that it shares.
 */
final class ConstantPart {
    private final Set<Value> known;
    private final List<Node> constant = new ArrayList<>();
    private final List<Node> rest = new ArrayList<>();

    private ConstantPart(Graph graph) {
        this.known = new HashSet<>(graph.constants().keySet());
    }

    /** Whether a convolution or product depends on constants only, judged without types. */
    static boolean concerns(Graph graph) {
        Set<Value> changing = new HashSet<>(graph.inputs());
        boolean large = false;
        for (Node node : graph.nodes()) {
            // A shape is known once the types are.
            boolean changes = !OperatorTable.row(node).isSizeOnly()
                    && node.reads().stream().anyMatch(changing::contains);
            if (changes) {
                changing.addAll(node.outputs());
            } else {
                // Computing layers once is worth the memory.
                large |= OperatorTable.row(node).kind() == Operator.Kind.LINEAR;
            }
        }
        return large;
    }

    /**
     * The graph with that part as constants.
     *
     * @param graph with the types of all values
     * @param run computes the outputs of a graph without inputs
     */
    static Graph computed(Graph graph, Function<Graph, Map<Value, Tensor>> run) {
        ConstantPart part = new ConstantPart(graph);
        Map<Value, Tensor> constants = new LinkedHashMap<>(graph.constants());
        for (Node node : graph.nodes()) {
            Optional<Tensor> shape = part.shape(node, graph);
            if (shape.isPresent()) {
                constants.put(node.output(), shape.get());
                part.known.add(node.output());
            } else {
                part.sort(node);
            }
        }
        Set<Value> wanted = new HashSet<>(graph.outputs());
        part.rest.forEach(node -> wanted.addAll(node.reads()));
        List<Value> results = part.constant.stream()
                .flatMap(node -> node.outputs().stream())
                .filter(wanted::contains)
                .toList();
        if (!results.isEmpty()) {
            Graph computation = new Cut(results)
                    .apply(new Graph(List.of(), results, part.constant, constants, Map.of(), graph.opsets()));
            constants.putAll(run.apply(computation));
        }
        Map<Value, TensorType> types = new LinkedHashMap<>(graph.types());
        constants.forEach((value, tensor) -> types.put(value, TensorType.of(tensor)));
        return new Prune()
                .apply(new Graph(graph.inputs(), graph.outputs(), part.rest, constants, types, graph.opsets()));
    }

    private Optional<Tensor> shape(Node node, Graph graph) {
        boolean whole = OperatorTable.row(node).isSizeOnly()
                && node.attributes().values().isEmpty()
                && graph.type(node.output()).filter(type -> type.rank() == 1).isPresent();
        return whole
                ? graph.type(node.input(0)).filter(TensorType::isStatic).map(type -> Tensor.vector(type.shape()))
                : Optional.empty();
    }

    private void sort(Node node) {
        boolean branches = node.attributes().values().values().stream()
                .anyMatch(attribute -> attribute instanceof AttributeValue.OfGraph);
        boolean ready = node.inputs().stream().filter(Value::isPresent).allMatch(known::contains);
        if (ready && !branches && !OperatorTable.row(node).isRandom()) {
            constant.add(node);
            known.addAll(node.outputs());
        } else {
            rest.add(node);
        }
    }
}
