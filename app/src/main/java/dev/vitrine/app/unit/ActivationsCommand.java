package dev.vitrine.app.unit;

import dev.vitrine.app.folder.OpenSource;
import dev.vitrine.app.folder.OutputFolder;
import dev.vitrine.app.model.ModelFacts;
import dev.vitrine.app.model.ModelOptions;
import dev.vitrine.app.model.OpenModel;
import dev.vitrine.app.model.ShortNames;
import dev.vitrine.app.setting.SettingOptions;
import dev.vitrine.app.study.StudyRun;
import dev.vitrine.app.terminal.Stop;
import dev.vitrine.app.terminal.Terminal;
import dev.vitrine.engine.file.Claim;
import dev.vitrine.lens.data.PicturePaths;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.unit.ChannelLayer;
import dev.vitrine.study.unit.activation.ActivationStudy;
import dev.vitrine.study.unit.page.ActivationReport;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code vitrine activations}: the feature maps of layers for one picture. */
@Command(
        name = "activations",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "Draws the feature maps of layers for one picture.",
        description = {
            "%nWrites a page on which hovering shows the value and the receptive field of a position, and a picture"
                    + " a layer.%n",
            "  vitrine activations cat.jpg",
            "  vitrine activations cat.jpg --model net.onnx --layer conv2,conv4 --order strongest%n"
        })
public final class ActivationsCommand implements Callable<Integer> {
    @Parameters(paramLabel = "IMAGE", description = "A picture.")
    private Path image;

    @Option(
            names = {"-l", "--layer"},
            paramLabel = "LAYER",
            split = ",",
            defaultValue = "all",
            description =
                    "Layers by name, or 'all' for the end of each stage that has maps. Default:" + " ${DEFAULT-VALUE}.")
    private List<String> layers;

    @Mixin
    private SettingOptions<ActivationStudy.Shown> shown = new SettingOptions<>(ActivationStudy.Shown.USUAL);

    @Option(
            names = {"-o", "--out"},
            paramLabel = "FOLDER",
            defaultValue = "activations",
            description = "Output folder. Default: ${DEFAULT-VALUE}.")
    private Path out;

    @Mixin
    private ModelOptions models;

    private final Terminal terminal;
    private final Stop stop;

    public ActivationsCommand(Terminal terminal, Stop stop) {
        this.terminal = terminal;
        this.stop = stop;
    }

    @Override
    public Integer call() {
        ActivationStudy.Shown how = shown.chosen();
        try (PicturePaths picture = OpenSource.of(List.of(image), terminal);
                OpenModel open = models.open(terminal, stop);
                Claim claim = OutputFolder.take(out, terminal)) {
            ActivationStudy study = new ActivationStudy(open.model(), picture, chosen(open.model()), how);
            return new StudyRun(terminal, stop, out)
                    .of(
                            open.session(),
                            study,
                            new ActivationReport(study, ModelFacts.of(open.model(), Map.of())),
                            found -> {});
        }
    }

    private List<ChannelLayer> chosen(Model model) {
        List<ChannelLayer> named = UnitLayers.parse(layers, model);
        ShortNames.ofLayers(layers, model, terminal);
        boolean several = layers.stream().anyMatch(word -> word.strip().equals(UnitLayers.ALL));
        return several ? named.stream().filter(ChannelLayer::isSpatial).toList() : named;
    }
}
