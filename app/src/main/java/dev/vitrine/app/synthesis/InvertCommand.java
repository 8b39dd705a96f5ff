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

/** {@code vitrine invert}: how much of a picture each layer preserves. */
@Command(
        name = "invert",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "Reconstructs a picture from its activations: how much does each layer preserve?",
        description = {
            "%nOne reconstruction per layer, all on one strip (sheet.png), each with two errors: the distance between the"
                    + " activations, and the distance between the pictures.%n",
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
            description = "Comma-separated layers. Default: the input of each convolution, and the class scores.")
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
