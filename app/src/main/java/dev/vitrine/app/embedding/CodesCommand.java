package dev.vitrine.app.embedding;

import dev.vitrine.app.folder.OpenSource;
import dev.vitrine.app.folder.OutputFolder;
import dev.vitrine.app.model.ModelFacts;
import dev.vitrine.app.model.ModelOptions;
import dev.vitrine.app.model.OpenModel;
import dev.vitrine.app.model.ShortNames;
import dev.vitrine.app.study.StudyRun;
import dev.vitrine.app.terminal.Choices;
import dev.vitrine.app.terminal.Stop;
import dev.vitrine.app.terminal.Terminal;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.file.Claim;
import dev.vitrine.lens.data.PictureSource;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.unit.ChannelLayer;
import dev.vitrine.study.embedding.CodeExtraction;
import dev.vitrine.study.embedding.CodeLayers;
import dev.vitrine.study.embedding.CodeReport;
import dev.vitrine.study.embedding.Pooling;
import dev.vitrine.study.embedding.Positions;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code vitrine codes}: the activations of layers for every picture, as arrays. */
@Command(
        name = "codes",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "Writes the activations of layers for every picture as arrays.",
        description = {
            "%nWrites one array per layer, [pictures, channels]; pictures.csv with one line per row (picture, class,"
                    + " predicted class, confidence, loss); and, where the pictures are in one folder per class,"
                    + " labels.npy and classes.txt. 'vitrine embed' and 'neighbors' read them.%n",
            "  vitrine codes net.onnx photos.zip --layer conv4,conv5 --pool max%n"
        })
public final class CodesCommand implements Callable<Integer> {
    @Parameters(
            paramLabel = "[MODEL] FOLDER|ZIP",
            arity = "1..2",
            hideParamSyntax = true,
            description = "The network (instead of --model) and the pictures.")
    private List<String> words;

    @Option(
            names = {"-l", "--layer"},
            paramLabel = "LAYER",
            split = ",",
            required = true,
            description = "Layers by name, or 'all' for each stage of the network.")
    private List<String> layers;

    @Option(
            names = "--pool",
            paramLabel = "POOLING",
            defaultValue = "mean",
            converter = PoolingWords.class,
            description = "Pooling of each activation map: mean, max, whole (the whole map), or positions (a row for"
                    + " each position of the map). Default: ${DEFAULT-VALUE}.")
    private Pooling pooling;

    @Option(
            names = "--positions",
            paramLabel = "N",
            description = "With --pool positions: random positions per picture. Default: all.")
    private Optional<Integer> positions;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "0",
            description = "Random seed of the positions. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Option(
            names = "--before-activation",
            description = "Use the output of the layers before normalization and activation.")
    private boolean beforeActivation;

    @Option(
            names = {"-o", "--out"},
            paramLabel = "FOLDER",
            defaultValue = "codes",
            description = "Output folder. Default: ${DEFAULT-VALUE}.")
    private Path out;

    @Mixin
    private ModelOptions models;

    private final Terminal terminal;
    private final Stop stop;

    public CodesCommand(Terminal terminal, Stop stop) {
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
            CodeExtraction codes =
                    new CodeExtraction(open.model(), source, chosen(open.model()), pooling, places(), out);
            int status = new StudyRun(terminal, stop, out)
                    .of(open.session(), codes, new CodeReport(ModelFacts.of(open.model(), Map.of())), table -> {});
            CodeReport.clean(codes);
            return status;
        }
    }

    private Positions places() {
        if (positions.isPresent() && pooling != Pooling.POSITIONS) {
            throw VitrineException.usage("Found --positions without --pool positions; give both or neither.");
        }
        return new Positions(positions.map(OptionalInt::of).orElse(OptionalInt.empty()), seed);
    }

    private List<ChannelLayer> chosen(Model model) {
        return ChannelLayers.of(model, layers).stream()
                .map(layer -> beforeActivation ? layer : CodeLayers.activated(model, layer))
                .distinct()
                .toList();
    }

    /** The name on the command line. */
    static final class PoolingWords extends Choices.Words<Pooling> {
        PoolingWords() {
            super(Pooling.class);
        }
    }
}
