package dev.vitrine.app.unit;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.unit.ChannelLayer;
import java.util.ArrayList;
import java.util.List;

/** Layers by their names on the command line. */
final class UnitLayers {
    /** The end of each stage of the network. */
    static final String ALL = "all";

    /** Every value that has channels. */
    private static final String EVERY = "every";

    private UnitLayers() {}

    static List<ChannelLayer> parse(List<String> words, Model model) {
        List<ChannelLayer> layers = new ArrayList<>();
        for (String word : words) {
            switch (word.strip()) {
                case ALL -> layers.addAll(ChannelLayer.stages(model));
                case EVERY -> layers.addAll(ChannelLayer.all(model));
                default -> layers.add(ChannelLayer.find(model, word.strip()));
            }
        }
        if (layers.isEmpty()) {
            throw VitrineException.usage("Model '" + model.name() + "' has no layer with channels; expected maps"
                    + " [N, C, height, width] or [N, C]. List the layers with: vitrine layers MODEL");
        }
        return layers.stream().distinct().toList();
    }
}
