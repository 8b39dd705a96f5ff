package dev.vitrine.app.unit;

import dev.vitrine.app.folder.OpenSource;
import dev.vitrine.app.folder.OutputFolder;
import dev.vitrine.app.model.ModelOptions;
import dev.vitrine.app.model.OpenModel;
import dev.vitrine.app.model.ShortNames;
import dev.vitrine.app.terminal.ProgressLine;
import dev.vitrine.app.terminal.Stop;
import dev.vitrine.app.terminal.Terminal;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.file.Claim;
import dev.vitrine.lens.data.PictureSource;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.unit.UnitName;
import dev.vitrine.study.Stems;
import dev.vitrine.study.unit.example.ExampleStore;
import dev.vitrine.study.unit.example.Examples;
import dev.vitrine.study.unit.example.Probe;
import dev.vitrine.study.unit.portrait.Portrait;
import dev.vitrine.study.unit.portrait.PortraitStudy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code vitrine unit}: what one unit is looking for. */
@Command(
        name = "unit",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "Gathers on one page what a unit is looking for.",
        description = {
            "%nWith pictures: those that it answers to most and least, how strong and how often silent it is, where it looks,"
                    + " which classes and which channels of its layer rise with it, and what drives it. With a store of"
                    + " 'vitrine examples' these examples are taken from there, which spares the pass over the pictures."
                    + " Without either: its weights.%n",
            "  vitrine unit conv4:17 --data photos/",
            "  vitrine unit net.onnx conv4:17 --data photos.zip --store examples/examples.parquet%n"
        })
public final class UnitCommand implements Callable<Integer> {
    @Parameters(
            paramLabel = "[MODEL] LAYER:CHANNEL[,ROW,COLUMN]",
            arity = "1..2",
            hideParamSyntax = true,
            description = "The network, in place of --model, and a channel, or one neuron of it.")
    private List<String> words = new ArrayList<>();

    @Option(
            names = {"-d", "--data"},
            paramLabel = "FOLDER|ZIP",
            description = "Pictures.")
    private Optional<Path> data;

    @Option(
            names = "--store",
            paramLabel = "FILE.parquet",
            description = "What 'vitrine examples' found over the same pictures.")
    private Optional<Path> store;

    @Option(
            names = "--top",
            paramLabel = "K",
            defaultValue = "9",
            description = "Strongest and weakest examples. Default: ${DEFAULT-VALUE}.")
    private int top;

    @Option(
            names = "--steps",
            paramLabel = "N",
            defaultValue = "256",
            description = "Steps for the picture that is made to excite the channel; 0 for none. Default:"
                    + " ${DEFAULT-VALUE}.")
    private int steps;

    @Option(
            names = {"-o", "--out"},
            paramLabel = "FOLDER",
            defaultValue = "unit",
            description = "Where to write. Default: ${DEFAULT-VALUE}.")
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
        if (top < 1 || steps < 0) {
            throw VitrineException.usage(
                    "--top " + top + ", --steps " + steps + ": expected at least 1, and 0 or more.");
        }
        if (store.isPresent() && data.isEmpty()) {
            throw VitrineException.usage("--store: found no --data; expected the pictures that the store is of.");
        }
        String name = models.after(words, 1).get(0);
        if (data.isEmpty()) {
            try (OpenModel open = models.open(terminal, stop)) {
                UnitName unit = channel(name, open.model());
                return write(new UnitGathering(open, unit, stop), unit);
            }
        }
        try (PictureSource source = OpenSource.of(data.get(), terminal);
                OpenModel open = models.open(terminal, stop)) {
            UnitName unit = channel(name, open.model());
            UnitGathering gathering = new UnitGathering(open, unit, stop);
            if (store.isPresent()) {
                if (unit.place().isPresent()) {
                    throw VitrineException.usage("--store: found a unit at a row and a column, expected a channel; a"
                            + " store holds channels. Leave --store out.");
                }
                Examples examples = ExampleStore.layer(store.get(), open.model(), source, Probe.of(unit.layer()));
                gathering.take(source, examples);
            } else {
                gathering.take(source, portrait(open, source, unit));
            }
            return write(gathering, unit);
        }
    }

    private UnitName channel(String name, Model model) {
        UnitName unit = UnitName.parse(name, model);
        ShortNames.ofUnits(List.of(name), model, terminal);
        if (unit.channel().isEmpty()) {
            throw VitrineException.usage("Unit '" + name + "': found a layer of "
                    + unit.layer().channels()
                    + " channels; expected one, such as " + unit.layer().name()
                    + ":0. For all of them: vitrine examples "
                    + models.words() + "PICTURES --layer " + unit.layer().name() + " --draw "
                    + unit.layer().channels());
        }
        return unit;
    }

    private Portrait portrait(OpenModel open, PictureSource source, UnitName unit) {
        ProgressLine progress = new ProgressLine(terminal, 1);
        progress.begin("pictures", 1);
        try {
            Portrait portrait = new PortraitStudy(open.session(), source, unit, top).run((done, all) -> {
                stop.check();
                progress.report(done, all);
            });
            progress.end();
            portrait.unreadable().values().forEach(problem -> terminal.err().println("vitrine: " + problem));
            return portrait;
        } finally {
            progress.end();
        }
    }

    private int write(UnitGathering gathering, UnitName unit) {
        Path page = out.resolve("unit-" + Stems.slug(unit.words()) + ".html");
        try (Claim claim = OutputFolder.takeFile(page, terminal)) {
            return write(gathering, page);
        }
    }

    private int write(UnitGathering gathering, Path page) {
        if (steps > 0) {
            ProgressLine progress = new ProgressLine(terminal, 1);
            progress.begin("a picture that excites it", 1);
            try {
                gathering.synthesise(steps, (done, all) -> {
                    stop.check();
                    progress.report(done, all);
                });
            } finally {
                progress.end();
            }
        }
        gathering.page().write(page);
        terminal.out().println(page);
        return gathering.unreadable() == 0 ? 0 : 1;
    }
}
