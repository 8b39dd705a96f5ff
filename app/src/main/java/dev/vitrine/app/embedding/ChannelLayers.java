package dev.vitrine.app.embedding;

import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.unit.ChannelLayer;
import java.util.List;

/** Layers by the words of the command line. */
final class ChannelLayers {
    private ChannelLayers() {}

    /** Each by its name; {@code all} stands for each stage of the network. */
    static List<ChannelLayer> of(Model model, List<String> words) {
        return words.stream()
                .map(word -> word.equals("all")
                        ? ChannelLayer.stages(model)
                        : List.of(ChannelLayer.find(model, word.strip())))
                .flatMap(List::stream)
                .toList();
    }
}
