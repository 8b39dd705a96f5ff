package dev.vitrine.app.unit;

import dev.vitrine.app.folder.OpenSource;
import dev.vitrine.app.folder.OutputFolder;
import dev.vitrine.app.model.ModelFacts;
import dev.vitrine.app.model.ModelOptions;
import dev.vitrine.app.model.OpenModel;
import dev.vitrine.app.model.ShortNames;
import dev.vitrine.app.terminal.Choices;
import dev.vitrine.app.terminal.ProgressLine;
import dev.vitrine.app.terminal.Stop;
import dev.vitrine.app.terminal.Terminal;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.file.Claim;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.data.Npy;
import dev.vitrine.lens.data.PictureSource;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.model.ReceptiveField;
import dev.vitrine.lens.unit.ChannelLayer;
import dev.vitrine.lens.unit.Summary;
import dev.vitrine.study.unit.example.ExamplePainter;
import dev.vitrine.study.unit.example.ExampleSearch;
import dev.vitrine.study.unit.example.ExampleStore;
import dev.vitrine.study.unit.example.Examples;
import dev.vitrine.study.unit.example.Likeness;
import dev.vitrine.study.unit.example.Probe;
import dev.vitrine.study.unit.page.ExamplesPage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code vitrine examples}: what excites every channel most and least, over many pictures. */
@Command(
        name = "examples",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "Finds the pictures that each channel answers to most and least.",
        description = {
            "%nOne pass over a folder or zip archive for every channel of every chosen layer. Writes examples.parquet, a"
                    + " row an example, which 'vitrine unit' and other programs read, and examples.html with patches and"
                    + " projections of some channels. Ctrl-C keeps what is done; the same command goes on from there.%n",
            "  vitrine examples photos.zip",
            "  vitrine examples net.onnx photos/ --layer conv4 --random 64 --summary mean%n"
        })
public final class ExamplesCommand implements Callable<Integer> {
    private static final long NANOS_BETWEEN_SAVES = 20_000_000_000L;
    private static final int TILE = 66;

    @Parameters(
            paramLabel = "[MODEL] FOLDER|ZIP",
            arity = "1..2",
            hideParamSyntax = true,
            description = "The network, in place of --model, and pictures.")
    private List<String> words = new ArrayList<>();

    @Option(
            names = {"-l", "--layer"},
            paramLabel = "LAYER",
            split = ",",
            defaultValue = "all",
            description = "Layers by name; 'all' for each step of the network after its rectifier; 'every' for every"
                    + " value that has channels, which takes about twice as long. Default: ${DEFAULT-VALUE}.")
    private List<String> layers;

    @Option(
            names = "--top",
            paramLabel = "K",
            defaultValue = "9",
            description = "Strongest examples of each channel. Default: ${DEFAULT-VALUE}.")
    private int top;

    @Option(
            names = "--bottom",
            paramLabel = "K",
            defaultValue = "9",
            description = "Weakest examples of each channel. Default: ${DEFAULT-VALUE}.")
    private int bottom;

    @Option(
            names = "--summary",
            paramLabel = "KIND",
            defaultValue = "maximum",
            description = "By what of its map a channel ranks pictures: maximum, mean or absolute-maximum. Default:"
                    + " ${DEFAULT-VALUE}.")
    private Summary summary;

    @Option(
            names = "--random",
            paramLabel = "N",
            defaultValue = "0",
            description =
                    "Along N random directions of each chosen layer too, and how alike their pictures are compared"
                            + " to those of units.")
    private int random;

    @Option(
            names = "--directions",
            paramLabel = "FILE.npy",
            description = "Along these directions of the one chosen layer too: f32[D,C], a row a direction.")
    private Optional<Path> directions;

    @Option(
            names = "--draw",
            paramLabel = "N",
            defaultValue = "4",
            description = "Channels of each layer that the page shows, evenly taken. Default: ${DEFAULT-VALUE}.")
    private int drawn;

    @Option(names = "--seed", paramLabel = "N", defaultValue = "0", description = "Of random directions. Default: 0.")
    private long seed;

    @Option(
            names = {"-o", "--out"},
            paramLabel = "FOLDER",
            defaultValue = "examples",
            description = "Where to write. Default: ${DEFAULT-VALUE}.")
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
        if (random < 0 || drawn < 0) {
            throw VitrineException.usage("--random " + random + ", --draw " + drawn + ": expected 0 or more.");
        }
        Path pictures = Path.of(models.after(words, 1).get(0));
        try (PictureSource source = OpenSource.of(pictures, terminal);
                OpenModel open = models.open(terminal, stop);
                Claim claim = OutputFolder.take(out, terminal)) {
            return new Work(pictures, source, open).run();
        }
    }

    private final class Work {
        private final Path pictures;
        private final PictureSource source;
        private final OpenModel open;
        private final Model model;
        private final Path store = out.resolve("examples.parquet");
        private final ExampleSearch.Settings settings;
        private final List<ChannelLayer> chosen;
        private long saved = System.nanoTime();

        Work(Path pictures, PictureSource source, OpenModel open) {
            this.pictures = pictures;
            this.source = source;
            this.open = open;
            this.model = open.model();
            this.chosen = UnitLayers.parse(layers, model);
            ShortNames.ofLayers(layers, model, terminal);
            List<Probe> probes = new ArrayList<>();
            chosen.forEach(layer -> probes.add(Probe.of(layer)));
            if (random > 0) {
                chosen.forEach(layer -> probes.add(Probe.random(layer, random, seed)));
            }
            directions.ifPresent(path -> probes.add(given(path)));
            this.settings = new ExampleSearch.Settings(probes, top, bottom, summary);
        }

        private Probe given(Path path) {
            if (chosen.size() != 1) {
                throw VitrineException.usage(
                        "--directions: found " + chosen.size() + " layers; expected one. Name it with --layer.");
            }
            Tensor rows = Npy.read(path);
            ChannelLayer layer = chosen.get(0);
            if (rows.rank() != 2 || rows.dimension(1) != layer.channels()) {
                throw VitrineException.usage("--directions " + path + ": found " + rows + "; expected FLOAT32[D, "
                        + layer.channels() + "], a row a direction of layer '" + layer.name() + "'.");
            }
            return Probe.along(layer.name() + " along " + path.getFileName(), layer, rows.toFloats());
        }

        int run() {
            Examples examples = Files.exists(store)
                    ? ExampleStore.read(store, model, source, settings)
                    : ExampleSearch.begin(settings);
            if (examples.done() > 0) {
                terminal.err()
                        .println("note: " + store + " holds " + examples.done() + " of " + source.size()
                                + " pictures; it goes on from there.");
            }
            ProgressLine progress = new ProgressLine(terminal, source.size());
            progress.begin("pictures", source.size());
            try {
                new ExampleSearch(open.session(), source).resume(examples, (done, all) -> {
                    stop.check();
                    progress.report(done, all);
                    if (System.nanoTime() - saved > NANOS_BETWEEN_SAVES) {
                        ExampleStore.write(store, examples, model, source);
                        saved = System.nanoTime();
                    }
                });
            } catch (CancellationException | VitrineException problem) {
                if (stop.status() == 0) {
                    throw problem;
                }
                stop.noticed();
                ExampleStore.write(store, examples, model, source);
                progress.end();
                terminal.err()
                        .println("Stopped after " + examples.done() + " of " + source.size() + " pictures. " + store
                                + " keeps them; the same command goes on from there.");
                throw new CancellationException("stopped");
            } finally {
                progress.end();
            }
            examples.unreadable().values().forEach(problem -> terminal.err().println("vitrine: " + problem));
            ExampleStore.write(store, examples, model, source);
            terminal.out().println(store);
            List<String> notes = likeness(examples);
            if (drawn > 0) {
                Path page = out.resolve("examples.html");
                page(examples, notes).write(page);
                terminal.out().println(page);
            }
            int unreadable = examples.unreadable().size();
            if (unreadable > 0) {
                terminal.err().println("note: " + unreadable + " of " + source.size() + " pictures could not be read.");
            }
            return unreadable == 0 ? 0 : 1;
        }

        private ExamplesPage page(Examples examples, List<String> notes) {
            Map<?, ReceptiveField> fields = ReceptiveField.of(model);
            List<ExamplesPage.Layer> sections = new ArrayList<>();
            ProgressLine progress = new ProgressLine(terminal, settings.probes().size());
            for (int index = 0; index < settings.probes().size(); index++) {
                Probe probe = settings.probes().get(index);
                progress.begin("drawing " + probe.name(), 1);
                ExamplePainter painter = new ExamplePainter(open.session(), source, probe, TILE);
                int count = Math.min(drawn, probe.channels());
                List<ExamplesPage.Channel> channels = new ArrayList<>();
                for (int one = 0; one < count; one++) {
                    stop.check();
                    int channel = (int) ((long) one * probe.channels() / count);
                    channels.add(new ExamplesPage.Channel(
                            (probe.directions().isPresent() ? "direction " : "channel ") + channel,
                            painter.draw(channel, examples.strongest(index, channel)),
                            painter.draw(channel, examples.weakest(index, channel))));
                }
                String about = probe.channels() + (probe.directions().isPresent() ? " directions, " : " channels, ")
                        + probe.layer().height() + "×" + probe.layer().width() + " places, each of which sees "
                        + fields.get(probe.layer().value()).size() + " pixels";
                sections.add(new ExamplesPage.Layer(probe.name(), about, channels));
            }
            progress.end();
            return new ExamplesPage(model.name(), sections, notes, facts(examples));
        }

        /** How alike the strongest pictures of units are, and those of directions of the same layer. */
        private List<String> likeness(Examples examples) {
            if (settings.probes().stream().allMatch(probe -> probe.directions().isEmpty()) || top < 2) {
                return List.of();
            }
            List<String> notes = new ArrayList<>();
            List<Double> alike = Likeness.of(examples, open.session(), source);
            for (int index = 0; index < alike.size(); index++) {
                Probe probe = settings.probes().get(index);
                String line = probe.name() + ": the strongest pictures of "
                        + (probe.directions().isPresent() ? "a direction" : "a unit") + " are alike by "
                        + String.format(Locale.ROOT, "%.3f", alike.get(index));
                notes.add(line + " (mean correlation of the class scores of two of them).");
                terminal.out().println("  " + line);
            }
            return notes;
        }

        private Map<String, String> facts(Examples examples) {
            Map<String, String> facts = new LinkedHashMap<>();
            facts.put("pictures", source.size() + " of " + pictures.getFileName());
            facts.put(
                    "could not be read", Integer.toString(examples.unreadable().size()));
            facts.put("ranked by", Choices.word(summary) + " over places; of equals the picture that comes first");
            facts.putAll(ModelFacts.of(model, Map.of()));
            return facts;
        }
    }
}
