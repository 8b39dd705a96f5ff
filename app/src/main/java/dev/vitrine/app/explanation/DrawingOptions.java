package dev.vitrine.app.explanation;

import dev.vitrine.app.terminal.Version;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.lens.attribution.Attribution;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.render.PixelPainter;
import dev.vitrine.lens.render.Smoothing;
import dev.vitrine.study.explanation.DrawingPlan;
import dev.vitrine.study.explanation.DrawingPlan.Arrays;
import dev.vitrine.study.page.SanityFindings;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalDouble;
import picocli.CommandLine.Option;

/** Options for drawing explanations; they do not change the values. */
final class DrawingOptions {
    private static final int LARGEST = 8;

    @Option(
            names = "--smooth",
            paramLabel = "PIXELS",
            defaultValue = "0",
            description = "Standard deviation of a Gaussian blur of attributions drawn in color, which makes isolated"
                    + " pixels visible (deconvnet, guided-backprop). Default: ${DEFAULT-VALUE}.")
    private double smooth;

    @Option(
            names = "--contrast",
            paramLabel = "SHARE",
            description = "Fraction of the nonzero values of these pictures within the color range, above 0 and at most"
                    + " 1, such as 0.9; larger values are clipped. Default: 0.995 of all values.")
    private Double contrast;

    @Option(
            names = "--scale",
            paramLabel = "N",
            defaultValue = "1",
            description =
                    "Enlarge the pictures of sheets N times. Default: ${DEFAULT-VALUE}, at least 320 pixels wide.")
    private int scale;

    @Option(names = "--npy", description = "Also write each attribution as a NumPy array.")
    private boolean npy;

    @Option(
            names = "--reduce",
            paramLabel = "KIND",
            description = "How color channels become a picture: sum, maximum (of magnitudes) or color. Default:"
                    + " depends on the method.")
    private Optional<Attribution.Reduction> reduction;

    @Option(
            names = "--trust",
            paramLabel = "FILE|FOLDER",
            description =
                    "Results of 'vitrine trust' on this model, shown beside each method. Default: trust.json in the"
                            + " output folder or in a folder 'trust' beside it, if it is for this model.")
    private Optional<Path> trust;

    /** A usage error if a value is out of bounds. */
    DrawingPlan plan(Path out, Model model) {
        String sha256 = model.sha256().toString();
        SanityFindings findings = trust.map(given -> SanityFindings.of(given, sha256))
                .orElseGet(() -> SanityFindings.beside(out, sha256));
        return new DrawingPlan(
                out, reduction, npy ? Arrays.WRITTEN : Arrays.LEFT_OUT, painter(), scale(), findings, Version.maker());
    }

    private PixelPainter painter() {
        if (!(smooth >= 0 && Double.isFinite(smooth))) {
            throw VitrineException.usage("--smooth: found " + smooth + ", expected 0 or more");
        }
        if (contrast != null && !(contrast > 0 && contrast <= 1)) {
            throw VitrineException.usage("--contrast: found " + contrast + ", expected a fraction above 0, at most 1");
        }
        return new PixelPainter(
                new Smoothing(smooth), contrast == null ? OptionalDouble.empty() : OptionalDouble.of(contrast));
    }

    private int scale() {
        if (scale < 1 || scale > LARGEST) {
            throw VitrineException.usage("--scale: found " + scale + ", expected 1 to " + LARGEST);
        }
        return scale;
    }
}
