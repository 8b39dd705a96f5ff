package dev.vitrine.app.training;

import dev.vitrine.app.folder.OpenSource;
import dev.vitrine.app.folder.OutputFolder;
import dev.vitrine.app.model.CardOptions;
import dev.vitrine.app.model.ShortNames;
import dev.vitrine.app.setting.SettingOptions;
import dev.vitrine.app.study.StudyRun;
import dev.vitrine.app.terminal.Stop;
import dev.vitrine.app.terminal.Terminal;
import dev.vitrine.engine.file.Claim;
import dev.vitrine.lens.data.PictureSource;
import dev.vitrine.lens.model.Model;
import dev.vitrine.study.growth.GrowthReport;
import dev.vitrine.study.growth.GrowthSettings;
import dev.vitrine.study.growth.GrowthStudy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code vitrine growth}: how a network developed over the checkpoints of its training. */
@Command(
        name = "growth",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "Shows how a network developed, from checkpoints of its training.",
        description = {
            "%nShows at each checkpoint, for chosen channels, the top-1 picture and its deconvnet projection; the"
                    + " filters of the first layer; the similarity of each layer to its final state; dead"
                    + " channels. Writes a page (growth.html), pictures, and the numbers (growth.json).%n",
            "  vitrine growth training/checkpoints --data pictures.zip",
            "  vitrine growth epoch-1.onnx epoch-5.onnx epoch-30.onnx --data pictures/ --unit conv3:17,conv3:40%n"
        })
public final class GrowthCommand implements Callable<Integer> {
    @Parameters(
            paramLabel = "CHECKPOINT",
            arity = "1..*",
            description = "ONNX files in the order of the training, or a folder of them, which is sorted by name.")
    private List<Path> checkpoints;

    @Option(
            names = "--data",
            paramLabel = "FOLDER|ZIP",
            required = true,
            description = "Pictures to run the network on.")
    private Path data;

    @Option(
            names = "--layer",
            paramLabel = "L",
            split = ",",
            description = "Layers whose channels are drawn. Default: 4 with height and width, from the first to the"
                    + " last.")
    private List<String> layers = new ArrayList<>();

    @Option(
            names = "--unit",
            paramLabel = "L:C",
            split = ",",
            description = "Channels to draw, such as conv3:17. Default: some of each layer, sampled by seed.")
    private List<String> units = new ArrayList<>();

    @Option(
            names = {"-o", "--out"},
            paramLabel = "FOLDER",
            defaultValue = "growth",
            description = "Output folder. Default: ${DEFAULT-VALUE}.")
    private Path out;

    @Mixin
    private CardOptions cards;

    @Mixin
    private SettingOptions<GrowthSettings> settings = new SettingOptions<>(GrowthSettings.USUAL);

    private final Terminal terminal;
    private final Stop stop;

    public GrowthCommand(Terminal terminal, Stop stop) {
        this.terminal = terminal;
        this.stop = stop;
    }

    @Override
    public Integer call() {
        GrowthSettings chosen = settings.chosen();
        CheckpointFiles files = new CheckpointFiles(checkpoints);
        try (PictureSource source = OpenSource.of(data, terminal);
                Claim claim = OutputFolder.take(out, terminal)) {
            if (chosen.pictures() < source.size()) {
                terminal.err()
                        .println("note: " + chosen.pictures() + " of " + source.size()
                                + " pictures are used; use --pictures for more.");
            }
            GrowthStudy study =
                    new GrowthStudy(files.opened(cards, terminal, stop, this::named), source, layers, units, chosen);
            return new StudyRun(terminal, stop, out)
                    .of(
                            StudyRun.NO_SESSION,
                            study,
                            outcome -> GrowthReport.of(study, outcome, files.model(), data, files.facts()));
        }
    }

    private void named(Model model) {
        ShortNames.ofUnits(units, model, terminal);
        ShortNames.ofLayers(layers, model, terminal);
    }
}
