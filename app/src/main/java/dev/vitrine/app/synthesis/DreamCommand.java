package dev.vitrine.app.synthesis;

import dev.vitrine.app.model.ShortNames;
import dev.vitrine.app.objective.ObjectiveOptions;
import dev.vitrine.app.setting.SettingOptions;
import dev.vitrine.app.terminal.Stop;
import dev.vitrine.app.terminal.Terminal;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.lens.data.Picture;
import dev.vitrine.lens.data.PictureReader;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.objective.MeanSquare;
import dev.vitrine.lens.objective.Objective;
import dev.vitrine.lens.objective.WeightedSum;
import dev.vitrine.lens.visualization.DeepDream;
import dev.vitrine.study.synthesis.Dreaming;
import dev.vitrine.study.synthesis.PictureStudy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code vitrine dream}: DeepDream, which amplifies what a network sees in a picture. */
@Command(
        name = "dream",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "DeepDream: amplifies what a layer or channel sees in a picture.",
        description = {
            "%nOnly the part of the network up to the layer must accept the size of the picture. The bundled network"
                    + " has 32 classes; a network with a thousand classes (--model) gives richer results.%n",
            "  vitrine dream clouds.jpg",
            "  vitrine dream clouds.jpg --model net.onnx --layer conv5 --octaves 5 --size 800",
            "  vitrine dream clouds.jpg --model net.onnx --unit conv5:12%n"
        })
public final class DreamCommand extends SynthesisCommand {
    private static final int LONGEST = 1024;

    @Parameters(paramLabel = "IMAGE", description = "A picture (JPEG, PNG, GIF, BMP, TIFF, WebP).")
    private Path image;

    @Option(
            names = "--layer",
            order = SynthesisCommand.SUBJECT,
            paramLabel = "LAYER",
            description =
                    "Layer whose mean square activation is maximized; comma-separated for several. Default: the last"
                            + " layer before the"
                            + " smallest maps.")
    private List<String> layers = new ArrayList<>();

    @Option(
            names = "--unit",
            order = SynthesisCommand.SUBJECT,
            paramLabel = "LAYER:CHANNEL[,ROW,COLUMN]",
            description = "Channel or neuron to maximize, instead of whole layers; may be repeated.")
    private List<String> units = new ArrayList<>();

    @Mixin
    private SettingOptions<DeepDream> settings = new SettingOptions<>(DeepDream.USUAL);

    private Picture whole;
    private DeepDream method;

    public DreamCommand(Terminal terminal, Stop stop) {
        super(terminal, stop, "dream");
    }

    @Override
    void prepare() {
        whole = PictureReader.read(image);
        method = settings.chosen();
    }

    @Override
    PictureStudy study(Model model) {
        ShortNames.ofUnits(units, model, terminal());
        Picture picture = models().fitted(whole, Math.min(LONGEST, Math.max(whole.width(), whole.height())));
        return new Dreaming(model, image.getFileName().toString(), picture, objective(model), method, seed());
    }

    private Objective objective(Model model) {
        if (!units.isEmpty() && !layers.isEmpty()) {
            throw VitrineException.usage("Found --unit beside --layer; expected one or the other.");
        }
        List<Objective> all = new ArrayList<>();
        units.forEach(unit -> all.add(ObjectiveOptions.unit(model, unit)));
        if (units.isEmpty()) {
            layers(layers, model, List.of(model.anatomy().content())).forEach(layer -> all.add(new MeanSquare(layer)));
        }
        return all.size() == 1 ? all.get(0) : WeightedSum.of(all);
    }
}
