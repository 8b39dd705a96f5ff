package dev.vitrine.app.unit;

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
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.unit.ChannelLayer;
import dev.vitrine.study.unit.filter.FilterStudy;
import dev.vitrine.study.unit.page.FilterReport;
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

/** {@code vitrine filters}: the weights of a layer as pictures. */
@Command(
        name = "filters",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "Draws the filters of a layer.",
        description = {
            "%nThe filters of the first layer are drawn in color, with a measure of noise (Geary's C: near 0"
                    + " smooth, near 1 random). Deeper filters are drawn by input channel, and as their weights in"
                    + " pixel"
                    + " space along the linear path: rectifiers omitted, max pooling replaced by average pooling. For"
                    + " a fully"
                    + " connected layer on pixels, these are the templates of its classes.%n",
            "  vitrine filters",
            "  vitrine filters net.onnx --layer conv4 --most 32%n"
        })
public final class FiltersCommand implements Callable<Integer> {
    @Parameters(
            paramLabel = "[MODEL]",
            arity = "0..1",
            hideParamSyntax = true,
            description = "The network (instead of --model).")
    private List<String> words = new ArrayList<>();

    @Option(
            names = {"-l", "--layer"},
            paramLabel = "LAYER",
            description = "A layer by name. Default: the first convolution or matrix product.")
    private Optional<String> name;

    @Mixin
    private SettingOptions<FilterStudy.Settings> settings = new SettingOptions<>(FilterStudy.Settings.USUAL);

    @Option(
            names = {"-o", "--out"},
            paramLabel = "FOLDER",
            defaultValue = "filters",
            description = "Output folder. Default: ${DEFAULT-VALUE}.")
    private Path out;

    @Mixin
    private ModelOptions models;

    private final Terminal terminal;
    private final Stop stop;

    public FiltersCommand(Terminal terminal, Stop stop) {
        this.terminal = terminal;
        this.stop = stop;
    }

    @Override
    public Integer call() {
        FilterStudy.Settings chosen = settings.chosen();
        models.after(words, 0);
        try (OpenModel open = models.open(terminal, stop);
                Claim claim = OutputFolder.take(out, terminal)) {
            Model model = open.model();
            ShortNames.ofLayers(name.stream().toList(), model, terminal);
            ChannelLayer layer =
                    name.map(text -> ChannelLayer.find(model, text)).orElseGet(() -> FilterStudy.usualLayer(model));
            FilterStudy study = new FilterStudy(model, layer, chosen);
            StudyRun run = new StudyRun(terminal, stop, out);
            FilterReport report =
                    new FilterReport(open.session(), study, ModelFacts.of(model, Map.of()), run.watcher());
            return run.of(
                    open.session(), study, report, found -> report.noise(found).ifPresent(terminal.out()::println));
        }
    }
}
