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
import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.file.Claim;
import dev.vitrine.lens.data.PicturePaths;
import dev.vitrine.lens.unit.UnitName;
import dev.vitrine.study.unit.example.ExampleStore;
import dev.vitrine.study.unit.page.UnitReport;
import dev.vitrine.study.unit.portrait.UnitStudy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code vitrine unit}: what one unit responds to. */
@Command(
        name = "unit",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "Shows on one page what a unit responds to.",
        description = {
            "%nWith pictures: those that activate it most and least, the distribution of its activations, where it is"
                    + " active,"
                    + " the classes and the channels of its layer that correlate with it, and its strongest inputs."
                    + " With --store,"
                    + " the examples come from a file of 'vitrine examples' instead of a pass over the pictures."
                    + " Without either: its weights.%n",
            "  vitrine unit conv4:17 --data photos/",
            "  vitrine unit net.onnx conv4:17 --data photos.zip --store examples/examples.parquet%n"
        })
public final class UnitCommand implements Callable<Integer> {
    @Parameters(
            paramLabel = "[MODEL] LAYER:CHANNEL[,ROW,COLUMN]",
            arity = "1..2",
            hideParamSyntax = true,
            description = "The network (instead of --model), and a channel or one of its neurons.")
    private List<String> words = new ArrayList<>();

    @Option(
            names = {"-d", "--data"},
            paramLabel = "FOLDER|ZIP",
            description = "Pictures.")
    private Optional<Path> data;

    @Option(
            names = "--store",
            paramLabel = "FILE.parquet",
            description = "Results of 'vitrine examples' on the same pictures.")
    private Optional<Path> store;

    @Mixin
    private SettingOptions<UnitStudy.Settings> settings = new SettingOptions<>(UnitStudy.Settings.USUAL);

    @Option(
            names = {"-o", "--out"},
            paramLabel = "FOLDER",
            defaultValue = "unit",
            description = "Output folder. Default: ${DEFAULT-VALUE}.")
    private Path out;

    @Mixin
    private ModelOptions models;

    private final Terminal terminal;
    private final Stop stop;

    public UnitCommand(Terminal terminal, Stop stop) {
        this.terminal = terminal;
        this.stop = stop;
    }

    @Override
    public Integer call() {
        if (store.isPresent() && data.isEmpty()) {
            throw VitrineException.usage("--store: found no --data; expected the pictures of the store.");
        }
        UnitStudy.Settings chosen = settings.chosen();
        String name = models.after(words, 1).get(0);
        try (PicturePaths pictures = OpenSource.of(data.stream().toList(), terminal);
                OpenModel open = models.open(terminal, stop)) {
            UnitName unit = UnitName.parse(name, open.model());
            ShortNames.ofUnits(List.of(name), open.model(), terminal);
            if (unit.channel().isEmpty()) {
                throw ofLayer(unit);
            }
            UnitStudy study = new UnitStudy(
                    open.model(),
                    unit,
                    data.map(path -> pictures),
                    store.map(file -> ExampleStore.layer(file, open.session(), pictures, unit.layer())),
                    chosen);
            UnitReport report = new UnitReport(open.session(), study, ModelFacts.of(open.model(), Map.of()));
            try (Claim claim = OutputFolder.takeFile(report.page(out), terminal)) {
                return new StudyRun(terminal, stop, out, report.stem()).of(open.session(), study, report, found -> {});
            }
        }
    }

    private VitrineException ofLayer(UnitName unit) {
        String layer = unit.layer().name();
        int channels = unit.layer().channels();
        return VitrineException.usage("Unit '" + layer + "': found a layer of " + channels
                + " channels; expected one, such as " + layer + ":0. For all of them: vitrine examples "
                + models.words() + "PICTURES --layer " + layer + " --draw " + channels);
    }
}
