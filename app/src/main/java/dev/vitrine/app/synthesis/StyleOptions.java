package dev.vitrine.app.synthesis;

import dev.vitrine.engine.graph.Value;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.visualization.StyleTransfer;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What style transfer and texture synthesis share. */
final class StyleOptions {
    /** Longer side of the result where nobody says it. */
    static final int LONGEST = 256;

    @Option(
            names = "--style-layer",
            paramLabel = "LAYER",
            description = "Layers whose textures count, with commas between them. Default: the last of each size of"
                    + " maps but the smallest.")
    private List<String> styleLayers = new ArrayList<>();

    @Option(names = "--gif", description = "Write how the picture grew as an animated GIF.")
    private boolean gif;

    @Mixin
    private OptimizerOptions optimizers;

    List<Value> styleLayers(Model model) {
        return SynthesisOptions.layers(styleLayers, model, model.anatomy().textures());
    }

    /** Layers whose textures count, as a person named them. */
    List<String> named() {
        return styleLayers;
    }

    boolean isAnimated() {
        return gif;
    }

    /** A method with the optimizer that a person chose. */
    StyleTransfer onto(StyleTransfer method, StyleTransfer.Colours colours) {
        return method.with(optimizers.optimizer(method.optimizer()), colours);
    }
}
