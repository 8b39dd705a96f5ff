package dev.vitrine.app.synthesis;

import dev.vitrine.engine.graph.Value;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.visualization.Stages;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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

    @Option(names = "--tv-weight", paramLabel = "W", description = "Weight of total variation. Default: 0.1.")
    private Optional<Double> variationWeight;

    @Option(names = "--gif", description = "Write how the picture grew as an animated GIF.")
    private boolean gif;

    @Mixin
    private OptimizerOptions optimizers;

    List<Value> styleLayers(Model model) {
        return SynthesisOptions.layers(styleLayers, model, Stages.textures(model));
    }

    /** Layers whose textures count, as a person named them. */
    List<String> named() {
        return styleLayers;
    }

    double variationWeight(double usual) {
        return variationWeight.orElse(usual);
    }

    boolean isAnimated() {
        return gif;
    }

    OptimizerOptions optimizers() {
        return optimizers;
    }
}
