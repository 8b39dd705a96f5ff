package dev.vitrine.app.training;

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
import dev.vitrine.lens.data.PictureSource;
import dev.vitrine.lens.model.Model;
import dev.vitrine.study.Study;
import dev.vitrine.study.ablation.Ablation;
import dev.vitrine.study.ablation.AblationReport;
import dev.vitrine.study.ablation.AblationSettings;
import dev.vitrine.study.ablation.ChannelAblation;
import dev.vitrine.study.ablation.LayerAblation;
import dev.vitrine.study.picture.KnownPictures;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code vitrine ablate}: the error of a network without some of its layers or channels. */
@Command(
        name = "ablate",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "Removes layers or channels from a network and measures the error without them.",
        description = {
            "%nRemoves one layer at a time: bypassed where shapes allow, otherwise replaced by its mean. With"
                    + " --group: removes more and more channels of a layer, the most or the least important first. The"
                    + " folder of a picture names its class. With --change: removes or resizes layers of the"
                    + " network that a recipe describes, and trains each changed network from random weights, beside"
                    + " the"
                    + " unchanged one. Ctrl-C keeps the results so far; the same command resumes. Writes a page"
                    + " (ablation.html),"
                    + " a plot (ablation.png), and the numbers (ablation.json).%n",
            "  vitrine ablate --data pictures.zip",
            "  vitrine ablate --model net.onnx --data pictures/ --layer conv4,conv5 --group 16",
            "  vitrine ablate --recipe recipe.yaml --change 'remove conv3' --change 'conv2: 48, full4: 512'%n"
        })
public final class AblateCommand implements Callable<Integer> {
    @Mixin
    private LabeledOptions data;

    @Option(
            names = "--layer",
            paramLabel = "L",
            split = ",",
            description =
                    "Layers by the names that 'vitrine layers' lists. Default: all with weights before the head, and"
                            + " all blocks.")
    private List<String> layers = new ArrayList<>();

    @Option(
            names = "--group",
            paramLabel = "N|auto",
            converter = ChannelGroup.Reader.class,
            description = "Remove channels instead of layers, this many more at each step; auto for an eighth"
                    + " of the layer.")
    private Optional<ChannelGroup> group;

    @Mixin
    private RelearningOptions relearning;

    @Option(
            names = {"-o", "--out"},
            paramLabel = "FOLDER",
            defaultValue = "ablation",
            description = "Output folder. Default: ${DEFAULT-VALUE}.")
    private Path out;

    @Mixin
    private ModelOptions models;

    @Mixin
    private SettingOptions<AblationSettings> settings = new SettingOptions<>(AblationSettings.USUAL);

    private final Terminal terminal;
    private final Stop stop;

    public AblateCommand(Terminal terminal, Stop stop) {
        this.terminal = terminal;
        this.stop = stop;
    }

    @Override
    public Integer call() {
        relearning.check(group);
        data.check(1);
        if (relearning.isOfChanges()) {
            return relearning.train(data, layers, models, out, terminal, stop);
        }
        AblationSettings chosen = settings.chosen();
        try (PictureSource source = OpenSource.of(data.required(), terminal);
                OpenModel open = models.open(terminal, stop);
                Claim claim = OutputFolder.take(out, terminal)) {
            Model model = open.model();
            KnownPictures known = KnownPictures.of(data.of(source, relearning.seed()), model);
            known.folders().notes(model).forEach(note -> terminal.err().println("note: " + note));
            ShortNames.ofLayers(layers, model, terminal);
            Study<Ablation> study = group.isPresent()
                    ? new ChannelAblation(model, known, chosen, group.get().size(), layers)
                    : new LayerAblation(
                            model, known, chosen.fill(), layers, relearning.retraining(data.required(), out));
            Map<String, String> made = ModelFacts.of(model);
            return new StudyRun(terminal, stop, out)
                    .of(open.session(), study, told -> AblationReport.of(model, known, chosen, told, made));
        }
    }
}
