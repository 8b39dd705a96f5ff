package dev.vitrine.app.perturbation;

import dev.vitrine.app.method.Baselines;
import dev.vitrine.lens.attribution.Baseline;
import dev.vitrine.lens.model.Model;
import picocli.CommandLine.Option;

/** The fill of the occluder. */
public final class CoverOptions {
    @Option(
            names = {"--value", "--baseline"},
            paramLabel = "WHAT",
            defaultValue = "gray",
            description =
                    "Fill of the occluder: black, gray, white, a color as #rrggbb, zero or another number in the network's"
                            + " own units, mean (the picture's mean color), blur, noise, or an .npy file in the shape of the"
                            + " model's input. Default: ${DEFAULT-VALUE}.")
    private String value;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "0",
            description = "Random seed of the noise; the same seed gives the same bytes. Default: ${DEFAULT-VALUE}.")
    private long seed;

    Baseline of(Model model) {
        return Baselines.parse(value, model, seed);
    }
}
