package dev.vitrine.lens.model.anatomy;

import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.operator.Operator.Kind;
import dev.vitrine.engine.operator.OperatorTable;
import dev.vitrine.engine.tensor.ElementType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A convolution or matrix product with learned weights, and the normalization that follows it.
 *
 * @param name of the node
 * @param weights constants; one shared by several layers belongs to the topmost
 */
public record LearnedLayer(String name, Set<Value> weights) {
    /** γ and β of a normalization; the statistics after them are not learned. */
    private static final int NORMALIZATION_WEIGHTS = 3;

    public LearnedLayer {
        weights = Set.copyOf(weights);
    }

    /** From the class scores down to the picture. */
    static List<LearnedLayer> fromTheTop(Graph graph) {
        List<LearnedLayer> layers = new ArrayList<>();
        Set<Value> taken = new HashSet<>();
        Set<Value> waiting = new LinkedHashSet<>();
        for (int index = graph.nodes().size() - 1; index >= 0; index--) {
            Node node = graph.nodes().get(index);
            Kind kind = OperatorTable.row(node).kind();
            if (kind != Kind.LINEAR && kind != Kind.NORMALIZATION) {
                continue;
            }
            List<Value> learned = learned(node, kind, graph);
            learned.removeIf(weight -> !taken.add(weight));
            waiting.addAll(learned);
            if (kind == Kind.LINEAR && !waiting.isEmpty()) {
                layers.add(new LearnedLayer(node.name(), waiting));
                waiting.clear();
            }
        }
        return layers;
    }

    private static List<Value> learned(Node node, Kind kind, Graph graph) {
        List<Value> inputs = kind == Kind.NORMALIZATION
                ? node.inputs()
                        .subList(
                                0, Math.min(NORMALIZATION_WEIGHTS, node.inputs().size()))
                : node.inputs();
        return new ArrayList<>(inputs.stream()
                .filter(value -> graph.constant(value)
                        .filter(tensor -> tensor.elementType() == ElementType.FLOAT32 && tensor.elements() > 1)
                        .isPresent())
                .distinct()
                .toList());
    }
}
