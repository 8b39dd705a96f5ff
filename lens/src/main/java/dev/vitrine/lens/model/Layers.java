package dev.vitrine.lens.model;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.lens.model.label.NearMisses;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The layers of a model by the names that people use. */
public final class Layers {
    /** Operators that add nothing to what they get; Grad-CAM was made for the maps before the last max pooling. */
    private static final Set<String> TRANSPARENT =
            Set.of("Identity", "Dropout", "Pad", "MaxPool", "QuantizeLinear", "DequantizeLinear");

    private static final Set<String> SIZES = Set.of("Shape", "Size");

    private static final Set<String> SCORING = Set.of("Conv");

    private static final int MOST_LISTED = 8;

    private final Model model;
    private final Map<Value, Node> producers;
    private final MapLayouts layouts;

    public Layers(Model model) {
        this.model = model;
        this.producers = model.graph().producers();
        this.layouts = new MapLayouts(model);
    }

    /** The outputs of all nodes that depend on the picture, in order. */
    public List<Value> all() {
        return dependent().stream().filter(this::isFloat).toList();
    }

    /** What is computed from the picture, whole numbers included. */
    private Set<Value> dependent() {
        Set<Value> dependent = new LinkedHashSet<>(List.of(model.input()));
        for (Node node : model.graph().nodes()) {
            if (!SIZES.contains(node.operator()) && node.inputs().stream().anyMatch(dependent::contains)) {
                node.outputs().stream().filter(Value::isPresent).forEach(dependent::add);
            }
        }
        dependent.remove(model.input());
        return dependent;
    }

    private boolean isFloat(Value value) {
        return model.graph()
                .type(value)
                .filter(type -> type.elementType() == ElementType.FLOAT32)
                .isPresent();
    }

    /** The layer that a name means: a value's name, or the name of the node that computes it. */
    public Value find(String name) {
        List<Value> layers = all();
        for (Value layer : layers) {
            if (layer.name().equals(name)) {
                return layer;
            }
        }
        for (Value layer : layers) {
            if (producers.get(layer).name().equals(name)) {
                return layer;
            }
        }
        List<String> close =
                NearMisses.ofPaths(name, layers.stream().map(Value::name).toList(), MOST_LISTED + 1);
        throw VitrineException.usage("No layer '" + name + "' in model '" + model.name() + "'. "
                + (close.isEmpty()
                        ? ""
                        : "Did you mean: "
                                + String.join(", ", close.subList(0, Math.min(MOST_LISTED, close.size())))
                                + (close.size() > MOST_LISTED ? ", …" : "") + "? ")
                + "See them all with: vitrine layers MODEL");
    }

    /** Whether a value is a stack of maps {@code f32[N,C,h,w]} with more than one place. */
    public boolean isSpatial(Value value) {
        TensorType type = model.graph().types().get(value);
        return type != null
                && type.rank() == 4
                && layouts.isChannelsFirst(value)
                && type.dimension(2).size() * type.dimension(3).size() > 1
                && type.dimension(2).isFixed()
                && type.dimension(3).isFixed();
    }

    /**
     * The last value that still has height and width before the head: the first one met on the way up from the class
     * scores. A convolution with one channel a class that only averaging and reshaping follow belongs to the head.
     */
    public Value lastSpatial() {
        Set<Value> dependent = dependent();
        Set<Value> seen = new LinkedHashSet<>();
        Deque<Value> open = new ArrayDeque<>(List.of(model.logits()));
        while (!open.isEmpty()) {
            Value value = open.remove();
            Node node = producers.get(value);
            if (isSpatial(value)) {
                return beforeHead(value).orElse(value);
            }
            node.inputs().stream()
                    .filter(input -> dependent.contains(input) && seen.add(input))
                    .forEach(open::add);
        }
        throw VitrineException.usage("Model '" + model.name()
                + "' has no layer with height and width; expected one for a class activation map. "
                + "Use a pixel method such as gradient or integrated-gradients.");
    }

    private Optional<Value> beforeHead(Value value) {
        Value current = value;
        boolean scored = false;
        while (producers.containsKey(current)) {
            Node node = producers.get(current);
            boolean scores = SCORING.contains(node.operator()) && hasClassChannels(current);
            boolean rectifiesScores = !scored && node.inputs().size() == 1 && hasClassChannels(current);
            if (!scored && scores) {
                scored = true;
            } else if (!TRANSPARENT.contains(node.operator()) && !(rectifiesScores && leadsToScores(node))) {
                break;
            }
            current = node.input(0);
        }
        return isSpatial(current) && !current.equals(model.input()) ? Optional.of(current) : Optional.empty();
    }

    private boolean leadsToScores(Node node) {
        Node before = producers.get(node.input(0));
        return before != null && SCORING.contains(before.operator()) && hasClassChannels(node.input(0));
    }

    private boolean hasClassChannels(Value value) {
        return model.graph().types().get(value).dimension(1).size() == model.classes();
    }
}
