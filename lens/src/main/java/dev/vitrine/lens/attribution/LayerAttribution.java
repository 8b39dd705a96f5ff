package dev.vitrine.lens.attribution;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.lens.model.Layers;
import dev.vitrine.lens.model.Model;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** A method with one number for each place of a layer. */
public interface LayerAttribution extends Attribution {
    /** The layer by name; the last one before the head where left out. */
    Optional<String> layer();

    /** The layer on a model, or a usage error if it has no height and width. */
    default Value layer(Model model) {
        Layers layers = new Layers(model);
        Value value = layer().map(layers::find).orElseGet(layers::lastSpatial);
        if (!layers.isSpatial(value)) {
            throw VitrineException.usage("Layer '" + value + "' is "
                    + model.graph().types().get(value)
                    + "; expected maps with height and width. Choose an earlier one: vitrine layers MODEL");
        }
        return value;
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
