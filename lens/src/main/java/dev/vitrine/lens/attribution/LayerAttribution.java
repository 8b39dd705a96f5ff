package dev.vitrine.lens.attribution;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.lens.model.Layers;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.objective.Objective;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A method with one number for each place of a layer. */
public interface LayerAttribution extends Attribution {
    /** The layer by name; the last one before the head where left out. */
    Optional<String> layer();

    /** The layer on a model, or a usage error if it has no height and width. */
    default Value layer(Model model) {
        Layers layers = new Layers(model);
        return maps(layers, model, layer().map(layers::find).orElseGet(layers::lastSpatial));
    }

    /**
     * The layer on a model for an objective: where it is left open and the objective reads a layer inside the network, the
     * last maps at or before that. A usage error if the objective does not depend on the layer.
     */
    default Value layer(Model model, Objective objective) {
        List<Value> read = objective.layers();
        if (read.isEmpty()) {
            return layer(model);
        }
        Layers layers = new Layers(model);
        Value value = maps(
                layers,
                model,
                layer().map(layers::find).orElseGet(() -> layers.lastSpatial(read.get(read.size() - 1))));
        if (read.stream().noneMatch(end -> layers.reaches(value, end))) {
            throw VitrineException.usage("Layer '" + value + "' has no influence on " + objective.description()
                    + ": it does not lie before it. Choose a layer at or before '" + read.get(0)
                    + "', or leave the layer out.");
        }
        return value;
    }

    private static Value maps(Layers layers, Model model, Value value) {
        if (!layers.isSpatial(value)) {
            throw VitrineException.usage("Layer '" + value + "' is "
                    + model.graph().types().get(value)
                    + "; expected maps with height and width. Choose an earlier one: vitrine layers MODEL");
        }
        return value;
    }

    /** The same method at another layer. */
    Attribution withLayer(String name);

    @Override
    default Attribution settled(Model model, Objective objective) {
        Value value = layer(model, objective);
        return objective.layers().isEmpty() || layer().isPresent() ? this : withLayer(value.name());
    }

    @Override
    default Map<String, String> options() {
        return layer().map(name -> Map.of("layer", name)).orElse(Map.of());
    }

    @Override
    default Map<String, String> optionsOn(Model model) {
        Map<String, String> options = new LinkedHashMap<>();
        options.put("layer", layer(model).name());
        options().forEach(options::putIfAbsent);
        return options;
    }

    @Override
    default long[] shape(Model model) {
        long[] maps = model.graph().types().get(layer(model)).shape();
        return new long[] {1, 1, maps[2], maps[3]};
    }
}
