package dev.vitrine.study.sanity;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.operator.Operator.Kind;
import dev.vitrine.engine.operator.OperatorTable;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.lens.model.Model;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The layers of a model that have learned weights. */
public final class WeightLayers {
    /** γ and β of a normalisation; the statistics after them were counted, not learned. */
    private static final int NORMALIZATION_WEIGHTS = 3;

    /**
     * A convolution or matrix product, with the normalisation that follows it.
     *
     * @param name of the node
     * @param weights constants; several layers may share one, the topmost has it then
     */
    public record Layer(String name, Set<Value> weights) {
        public Layer {
            weights = Set.copyOf(weights);
        }
    }

    private WeightLayers() {}

    /** From the class scores down to the picture. */
    public static List<Layer> fromTheTop(Model model) {
        Graph graph = model.graph();
        List<Layer> layers = new ArrayList<>();
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
                layers.add(new Layer(node.name(), waiting));
                waiting.clear();
            }
        }
        if (layers.isEmpty()) {
            throw VitrineException.usage("Model '" + model.name()
                    + "' has no layer with constant float32 weights to randomise; expected convolutions or matrix"
                    + " products. A quantised model must be exported in float32 first.");
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
