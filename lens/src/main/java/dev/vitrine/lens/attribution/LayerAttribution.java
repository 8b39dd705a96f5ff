package dev.vitrine.lens.attribution;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.model.anatomy.Anatomy;
import dev.vitrine.lens.model.anatomy.LayerMaps;
import dev.vitrine.lens.objective.Objective;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A method with one value per position of a layer. */
public interface LayerAttribution extends Attribution {
    String LAYER = "layer whose maps are weighted";
    String LAST = "the last with height and width before the head";

    /** The layer by name; by default the last one before the head. */
    Optional<String> layer();

    /** The layer on a model, or a usage error if its values have no positions in the picture. */
    default LayerMaps maps(Model model) {
        Anatomy layers = model.anatomy();
        return layer().map(name -> maps(layers, model, layers.find(name))).orElseGet(layers::lastMaps);
    }

    /**
     * The layer on a model for an objective: by default, if the objective reads a layer inside the network, the last
     * spatial layer at or before that. A usage error if the objective does not depend on the layer.
     */
    default LayerMaps maps(Model model, Objective objective) {
        List<Value> read = objective.layers();
        if (read.isEmpty()) {
            return maps(model);
        }
        Anatomy layers = model.anatomy();
        LayerMaps maps = layer().map(name -> maps(layers, model, layers.find(name)))
                .orElseGet(() -> layers.lastMaps(read.get(read.size() - 1)));
        if (read.stream().noneMatch(end -> layers.reaches(maps.value(), end))) {
            throw VitrineException.usage("Layer '" + maps.value() + "' has no influence on " + objective.description()
                    + ", which does not depend on it. Choose a layer at or before '" + read.get(0)
                    + "', or omit the layer.");
        }
        return maps;
    }

    private static LayerMaps maps(Anatomy layers, Model model, Value value) {
        return layers.maps(value)
                .orElseThrow(() -> VitrineException.usage("Layer '" + value + "' is "
                        + model.graph().types().get(value)
                        + "; expected maps with height and width, or spatial tokens. Choose an earlier"
                        + " one: vitrine layers MODEL"));
    }

    /** The same method at another layer. */
    Attribution withLayer(String name);

    @Override
    default Attribution settled(Model model, Objective objective) {
        LayerMaps maps = maps(model, objective);
        return objective.layers().isEmpty() || layer().isPresent()
                ? this
                : withLayer(maps.value().name());
    }

    @Override
    default Map<String, String> optionsOn(Model model) {
        Map<String, String> options = new LinkedHashMap<>();
        options.put("layer", maps(model).value().name());
        options().forEach(options::putIfAbsent);
        return options;
    }

    @Override
    default long[] shape(Model model) {
        LayerMaps maps = maps(model);
        return new long[] {1, 1, maps.height(), maps.width()};
    }
}
