package dev.vitrine.app.synthesis;

import dev.vitrine.app.setting.SettingOptions;
import dev.vitrine.app.terminal.Stop;
import dev.vitrine.app.terminal.Terminal;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.lens.data.Picture;
import dev.vitrine.lens.data.PictureReader;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.model.preprocessing.Preprocessing;
import dev.vitrine.lens.visualization.Caricature;
import dev.vitrine.study.synthesis.Exaggerating;
import dev.vitrine.study.synthesis.PictureStudy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code vitrine caricature}: exaggerates the features that layers find in a picture. */
@Command(
        name = "caricature",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "Exaggerates the features that layers of a network find in a picture.",
        description = {
            "%nStarts from noise and synthesizes a picture that strengthens every feature that a layer finds in the given"
                    + " one, in the same proportions. One picture per layer.%n",
            "  vitrine caricature cat.jpg",
            "  vitrine caricature cat.jpg --model net.onnx --layer conv3,conv5%n"
        })
public final class CaricatureCommand extends SynthesisCommand {
    @Parameters(paramLabel = "IMAGE", description = "A picture (JPEG, PNG, GIF, BMP, TIFF, WebP).")
    private Path image;

    @Option(
            names = "--layer",
            order = SynthesisCommand.SUBJECT,
            paramLabel = "LAYER",
            description = "Comma-separated layers. Default: the last layer of each map size.")
    private List<String> layers = new ArrayList<>();

    @Mixin
    private SettingOptions<Caricature> settings = new SettingOptions<>(Caricature.USUAL);

    private Picture whole;
    private Caricature method;

    public CaricatureCommand(Terminal terminal, Stop stop) {
        super(terminal, stop, "caricature");
    }

    @Override
    void prepare() {
        whole = PictureReader.read(image);
        method = settings.chosen();
    }

    @Override
    PictureStudy study(Model model) {
        List<Value> chosen = layers(layers, model, model.anatomy().scales());
        Preprocessing own = model.preprocessing();
        Picture picture = models().fitted(whole, Math.max(own.width(), own.height()));
        return new Exaggerating(model, image.getFileName().toString(), picture, chosen, method, seed());
    }
}
