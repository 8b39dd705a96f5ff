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

/** {@code vitrine caricature}: what layers make of a picture, exaggerated. */
@Command(
        name = "caricature",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "Exaggerates what layers of a network find in a picture.",
        description = {
            "%nBegins with noise and makes a picture that holds more of all that a layer finds in the given one, in the"
                    + " same proportions. One picture a layer.%n",
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
            description = "Layers with commas between them. Default: the last of each size of maps.")
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
