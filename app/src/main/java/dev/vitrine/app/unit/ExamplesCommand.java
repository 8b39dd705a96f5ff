package dev.vitrine.app.unit;

import dev.vitrine.app.folder.OpenSource;
import dev.vitrine.app.folder.OutputFolder;
import dev.vitrine.app.model.ModelFacts;
import dev.vitrine.app.model.ModelOptions;
import dev.vitrine.app.model.OpenModel;
import dev.vitrine.app.setting.SettingOptions;
import dev.vitrine.app.study.StudyRun;
import dev.vitrine.app.terminal.Bound;
import dev.vitrine.app.terminal.Stop;
import dev.vitrine.app.terminal.Terminal;
import dev.vitrine.engine.file.Claim;
import dev.vitrine.lens.data.PictureSource;
import dev.vitrine.study.unit.example.ExampleSearch;
import dev.vitrine.study.unit.example.ExampleStore;
import dev.vitrine.study.unit.page.ExamplesReport;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code vitrine examples}: the pictures that activate each channel most and least. */
@Command(
        name = "examples",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "Finds the pictures that activate each channel most and least.",
        description = {
            "%nOne pass over a folder or zip archive covers every channel of the chosen layers. Writes"
                    + " examples.parquet, one"
                    + " row per example, which 'vitrine unit' and other programs read, and examples.html with patches"
                    + " and"
                    + " projections of some channels. Ctrl-C keeps the results so far; the same command resumes.%n",
            "  vitrine examples photos.zip",
            "  vitrine examples net.onnx photos/ --layer conv4 --random 64 --summary mean%n"
        })
public final class ExamplesCommand implements Callable<Integer> {
    @Parameters(
            paramLabel = "[MODEL] FOLDER|ZIP",
            arity = "1..2",
            hideParamSyntax = true,
            description = "The network (instead of --model) and the pictures.")
    private List<String> words = new ArrayList<>();

    @Mixin
    private ProbeOptions probes;

    @Mixin
    private SettingOptions<ExampleSearch.Settings> settings = new SettingOptions<>(ExampleSearch.Settings.USUAL);

    @Option(
            names = "--draw",
            paramLabel = "N",
            defaultValue = "4",
            description = "Number of channels per layer on the page, evenly spaced. Default: ${DEFAULT-VALUE}.")
    private int drawn;

    @Option(
            names = {"-o", "--out"},
            paramLabel = "FOLDER",
            defaultValue = "examples",
            description = "Output folder. Default: ${DEFAULT-VALUE}.")
    private Path out;

    @Mixin
    private ModelOptions models;

    private final Terminal terminal;
    private final Stop stop;

    public ExamplesCommand(Terminal terminal, Stop stop) {
        this.terminal = terminal;
        this.stop = stop;
    }

    @Override
    public Integer call() {
        Bound.atLeast(0, "--draw", drawn);
        Path pictures = Path.of(models.after(words, 1).get(0));
        try (PictureSource source = OpenSource.of(pictures, terminal);
                OpenModel open = models.open(terminal, stop);
                Claim claim = OutputFolder.take(out, terminal)) {
            ExampleSearch search =
                    new ExampleSearch(open.model(), source, probes.of(open.model(), terminal), settings.chosen());
            StudyRun run = new StudyRun(terminal, stop, out);
            ExamplesReport report = new ExamplesReport(
                    open.session(),
                    search,
                    drawn,
                    pictures.getFileName().toString(),
                    ModelFacts.of(open.model(), Map.of()),
                    run.watcher());
            return run.of(
                    open.session(),
                    ExampleStore.answered(out.resolve("examples.parquet"), search),
                    report,
                    examples -> report.likeness(examples)
                            .forEach(line -> terminal.out().println("  " + line)));
        }
    }
}
