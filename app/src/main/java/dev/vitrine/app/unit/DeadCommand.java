package dev.vitrine.app.unit;

import dev.vitrine.app.folder.OpenSource;
import dev.vitrine.app.folder.OutputFolder;
import dev.vitrine.app.model.ModelFacts;
import dev.vitrine.app.model.ModelOptions;
import dev.vitrine.app.model.OpenModel;
import dev.vitrine.app.model.ShortNames;
import dev.vitrine.app.study.StudyRun;
import dev.vitrine.app.terminal.Stop;
import dev.vitrine.app.terminal.Table;
import dev.vitrine.app.terminal.Terminal;
import dev.vitrine.engine.file.Claim;
import dev.vitrine.lens.data.PictureSource;
import dev.vitrine.lens.model.Model;
import dev.vitrine.study.Outcome;
import dev.vitrine.study.unit.dead.DeadSearch;
import dev.vitrine.study.unit.dead.DeadUnits;
import dev.vitrine.study.unit.page.DeadPage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code vitrine dead}: channels that are never active. */
@Command(
        name = "dead",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "Finds channels that no picture, or almost none, activates.",
        description = {
            "%nWrites dead.html, dead.png and dead.json: for each channel the maximum, the mean, the share of values at"
                    + " or below 0, and the share of pictures that activate it.%n",
            "  vitrine dead photos/",
            "  vitrine dead net.onnx photos/%n"
        })
public final class DeadCommand implements Callable<Integer> {
    @Parameters(
            paramLabel = "[MODEL] FOLDER|ZIP",
            arity = "1..2",
            hideParamSyntax = true,
            description = "The network (instead of --model) and the pictures.")
    private List<String> words = new ArrayList<>();

    @Option(
            names = {"-l", "--layer"},
            paramLabel = "LAYER",
            split = ",",
            defaultValue = "all",
            description = "Layers by name, or 'all' for each stage of the network, after its rectifier. Default:"
                    + " ${DEFAULT-VALUE}.")
    private List<String> layers;

    @Option(
            names = {"-o", "--out"},
            paramLabel = "FOLDER",
            defaultValue = "dead",
            description = "Output folder. Default: ${DEFAULT-VALUE}.")
    private Path out;

    @Mixin
    private ModelOptions models;

    private final Terminal terminal;
    private final Stop stop;

    public DeadCommand(Terminal terminal, Stop stop) {
        this.terminal = terminal;
        this.stop = stop;
    }

    @Override
    public Integer call() {
        Path pictures = Path.of(models.after(words, 1).get(0));
        try (PictureSource source = OpenSource.of(pictures, terminal);
                OpenModel open = models.open(terminal, stop);
                Claim claim = OutputFolder.take(out, terminal)) {
            ShortNames.ofLayers(layers, open.model(), terminal);
            DeadSearch search = new DeadSearch(open.model(), source, UnitLayers.parse(layers, open.model()));
            return new StudyRun(terminal, stop, out)
                    .of(
                            open.session(),
                            search,
                            (outcome, folder) -> new DeadPage(
                                            open.model().name(),
                                            outcome.result(),
                                            facts(outcome, pictures, open.model()))
                                    .write(folder),
                            units -> Table.of(DeadPage.overview(units).table())
                                    .lines(terminal.columns())
                                    .forEach(terminal.out()::println));
        }
    }

    private static Map<String, String> facts(Outcome<DeadUnits> outcome, Path pictures, Model model) {
        Map<String, String> facts = new LinkedHashMap<>();
        outcome.missing().ifPresent(missing -> facts.put("partial", "stopped after " + missing));
        facts.put("pictures", outcome.result().pictures() + " of " + pictures.getFileName());
        facts.put("could not be read", Integer.toString(outcome.result().unreadable()));
        facts.putAll(ModelFacts.of(model, Map.of()));
        return facts;
    }
}
