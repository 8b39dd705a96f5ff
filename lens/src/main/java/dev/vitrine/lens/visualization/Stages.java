package dev.vitrine.lens.visualization;

import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.operator.Operator;
import dev.vitrine.engine.operator.OperatorTable;
import dev.vitrine.lens.model.Layers;
import dev.vitrine.lens.model.Model;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The layers of a network that stand for it when nobody names one. */
public final class Stages {
    private Stages() {}

    /** The last stack of maps of each size, from the largest maps to the smallest; the head is left out. */
    public static List<Value> of(Model model) {
        Layers layers = new Layers(model);
        Value last = layers.lastSpatial();
        Map<List<Long>, Value> stages = new LinkedHashMap<>();
        for (Value layer : layers.all()) {
            if (layers.isSpatial(layer)) {
                TensorType type = model.graph().types().get(layer);
                List<Long> size =
                        List.of(type.dimension(2).size(), type.dimension(3).size());
                stages.remove(size);
                stages.put(size, layer);
            }
            if (layer.equals(last)) {
                break;
            }
        }
        return List.copyOf(stages.values());
    }

    /** The stages that hold textures: all but the last, which knows things rather than what they are made of. */
    public static List<Value> textures(Model model) {
        List<Value> stages = of(model);
        return stages.subList(0, Math.max(1, stages.size() - 1));
    }

    /** The stage that holds what is where: the last but one. */
    public static Value content(Model model) {
        List<Value> textures = textures(model);
        return textures.get(textures.size() - 1);
    }

    /** What each convolution or matrix product reads, in order, and the class scores at the end. */
    public static List<Value> steps(Model model) {
        Set<Value> known = new LinkedHashSet<>(new Layers(model).all());
        Set<Value> read = new LinkedHashSet<>();
        for (Node node : model.graph().nodes()) {
            boolean linear = OperatorTable.row(node).kind() == Operator.Kind.LINEAR;
            if (linear && known.contains(node.input(0))) {
                read.add(node.input(0));
            }
        }
        read.add(model.logits());
        return new ArrayList<>(read);
    }
}
