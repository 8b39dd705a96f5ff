package dev.vitrine.app.synthesis;

import dev.vitrine.app.setting.SettingOptions;
import dev.vitrine.lens.visualization.StyleTransfer;
import dev.vitrine.lens.visualization.optimization.OptimizerChoice;
import dev.vitrine.study.synthesis.Frames;
import dev.vitrine.study.synthesis.SynthesisFiles;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options shared by style transfer and texture synthesis. */
final class StyleOptions {
    /** Default length of the longer side of the result. */
    static final int LONGEST = 256;

    @Option(
            names = "--style-layer",
            paramLabel = "LAYER",
            description = "Comma-separated style layers. Default: the last of each size of" + " maps but the smallest.")
    private List<String> styleLayers = new ArrayList<>();

    @Option(names = "--gif", description = "Write the optimization as an animated GIF.")
    private boolean gif;

    @Mixin
    private SettingOptions<OptimizerChoice> optimizers = SettingOptions.titled("Optimizer", OptimizerChoice.NONE);

    /** The requested style layers. */
    List<String> named() {
        return styleLayers;
    }

    Frames.Kept frames() {
        return gif ? Frames.Kept.SOME : Frames.Kept.NONE;
    }

    Set<SynthesisFiles.Way> ways() {
        return gif ? Set.of(SynthesisFiles.Way.ANIMATION) : Set.of();
    }

    /** A method with the requested optimizer. */
    StyleTransfer onto(StyleTransfer method, StyleTransfer.Colors colors) {
        return method.with(optimizers.chosen().or(method.optimizer()), colors);
    }
}
