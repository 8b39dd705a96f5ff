package dev.vitrine.app.synthesis;

import dev.vitrine.app.model.ModelOptions;
import dev.vitrine.app.model.OpenModel;
import dev.vitrine.app.setting.SettingOptions;
import dev.vitrine.app.terminal.Stop;
import dev.vitrine.app.terminal.Terminal;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.lens.data.Picture;
import dev.vitrine.lens.data.PictureReader;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.visualization.Inversion;
import dev.vitrine.study.synthesis.Inverting;
import dev.vitrine.study.synthesis.PictureStudy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code vitrine invert}: how much of a picture is left at each layer. */
@Command(
        name = "invert",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "Makes pictures that layers cannot tell from a given one: how much of it is still there?",
        description = {
            "%nOne picture a layer, all on one strip (sheet.png), with two errors each: how far the layer's answer is"
                    + " from its answer to the picture, and how far the made picture is from the picture.%n",
            "  vitrine invert cat.jpg",
            "  vitrine invert cat.jpg --model net.onnx --layer conv1,conv3,conv5 --steps 400%n"
        })
public final class InvertCommand extends SynthesisCommand {
    @Parameters(paramLabel = "IMAGE", description = "A picture (JPEG, PNG, GIF, BMP, TIFF, WebP).")
    private Path image;

    @Option(
            names = "--layer",
            order = SynthesisCommand.SUBJECT,
            paramLabel = "LAYER",
            description =
                    "Layers with commas between them. Default: what each convolution reads, and the class scores.")
    private List<String> layers = new ArrayList<>();

    @Mixin
    private SettingOptions<Inversion> settings = new SettingOptions<>(Inversion.USUAL);

    private Picture whole;
    private Inversion method;

    public InvertCommand(Terminal terminal, Stop stop) {
        super(terminal, stop, "inversion");
    }

    @Override
    void prepare() {
        whole = PictureReader.read(image);
        method = settings.chosen();
    }

    @Override
    OpenModel open(ModelOptions models) {
        return models.open(terminal(), stop());
    }

    @Override
    PictureStudy study(Model model) {
        List<Value> chosen = layers(layers, model, model.anatomy().steps());
        Picture view = model.preprocessing().view(whole);
        return new Inverting(model, image.getFileName().toString(), view, chosen, method, seed());
    }
}
