package dev.vitrine.app.training;

import dev.vitrine.app.folder.OpenSource;
import dev.vitrine.app.folder.OutputFolder;
import dev.vitrine.app.model.ModelFacts;
import dev.vitrine.app.model.ModelOptions;
import dev.vitrine.app.model.OpenModel;
import dev.vitrine.app.model.ShortNames;
import dev.vitrine.app.setting.SettingOptions;
import dev.vitrine.app.study.StudyRun;
import dev.vitrine.app.terminal.Bound;
import dev.vitrine.app.terminal.Stop;
import dev.vitrine.app.terminal.Terminal;
import dev.vitrine.engine.file.Claim;
import dev.vitrine.lens.data.PictureSource;
import dev.vitrine.study.probe.ProbePlan;
import dev.vitrine.study.probe.ProbeReport;
import dev.vitrine.study.probe.ProbeStudy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code vitrine probe}: how well each layer of a network separates new classes. */
@Command(
        name = "probe",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "Measures how well the features of each layer transfer to a new set of classes.",
        description = {
            "%nComputes the features of each layer once for every picture, then fits a linear and a"
                    + " k-nearest-neighbor classifier to each layer and tests them on held-out pictures. The folder"
                    + " of a"
                    + " picture names its class. Writes a page (probe.html), a plot (probe.png), and the numbers"
                    + " (probe.json). Features are stored in the folder 'features' as NumPy arrays: a second"
                    + " run is fast, and an interrupted one resumes.%n",
            "  vitrine probe --data pictures.zip",
            "  vitrine probe --model net.onnx --data pictures/ --shots 1,5,15,30 --grid 1,2%n"
        })
public final class ProbeCommand implements Callable<Integer> {
    @Mixin
    private LabeledOptions data;

    @Option(
            names = "--layer",
            paramLabel = "L|all",
            split = ",",
            description = "Layers by the names that 'vitrine layers' lists. Default: the picture itself, activations,"
                    + " pooling and the class scores.")
    private List<String> layers = new ArrayList<>();

    @Option(
            names = "--grid",
            paramLabel = "N",
            split = ",",
            defaultValue = "1",
            description = "Cells per side over which maps are averaged; 1 is the mean of each map. Default:"
                    + " ${DEFAULT-VALUE}.")
    private List<Integer> grids;

    @Option(
            names = "--shots",
            paramLabel = "N",
            split = ",",
            description =
                    "Training pictures per class, such as 1,5,15,30; the rest are test pictures. Default: all but the"
                            + " share of --held-out.")
    private List<Integer> shots = new ArrayList<>();

    @Option(
            names = {"-o", "--out"},
            paramLabel = "FOLDER",
            defaultValue = "probe",
            description = "Output folder. Default: ${DEFAULT-VALUE}.")
    private Path out;

    @Mixin
    private ModelOptions models;

    @Mixin
    private SettingOptions<ProbePlan> settings = new SettingOptions<>(ProbePlan.USUAL);

    private final Terminal terminal;
    private final Stop stop;

    public ProbeCommand(Terminal terminal, Stop stop) {
        this.terminal = terminal;
        this.stop = stop;
    }

    @Override
    public Integer call() {
        grids.forEach(grid -> Bound.atLeastOne("--grid", grid));
        shots.forEach(count -> Bound.atLeastOne("--shots", count));
        data.check(2);
        ProbePlan plan = settings.chosen().with(grids, shots);
        try (PictureSource source = OpenSource.of(data.required(), terminal);
                OpenModel open = models.open(terminal, stop);
                Claim claim = OutputFolder.take(out, terminal)) {
            ProbeStudy study =
                    new ProbeStudy(open.model(), data.of(source, plan.seed()), plan, layers, out.resolve("features"));
            ShortNames.ofLayers(layers, open.model(), terminal);
            return new StudyRun(terminal, stop, out)
                    .of(
                            open.session(),
                            study,
                            outcome -> ProbeReport.of(study, outcome, data.without(), ModelFacts.of(open.model())));
        }
    }
}
