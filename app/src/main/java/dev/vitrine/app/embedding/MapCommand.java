package dev.vitrine.app.embedding;

import dev.vitrine.app.folder.OpenSource;
import dev.vitrine.app.folder.OutputFolder;
import dev.vitrine.app.model.ModelFacts;
import dev.vitrine.app.model.ModelOptions;
import dev.vitrine.app.model.OpenModel;
import dev.vitrine.app.model.ShortNames;
import dev.vitrine.app.setting.ListedOptions;
import dev.vitrine.app.study.StudyRun;
import dev.vitrine.app.terminal.Stop;
import dev.vitrine.app.terminal.Terminal;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.file.Claim;
import dev.vitrine.lens.data.PictureSource;
import dev.vitrine.lens.embedding.Layout;
import dev.vitrine.lens.embedding.layout.Layouts;
import dev.vitrine.lens.unit.ChannelLayer;
import dev.vitrine.study.embedding.CodeExtraction;
import dev.vitrine.study.embedding.CodeLayers;
import dev.vitrine.study.embedding.CodeReport;
import dev.vitrine.study.embedding.Pooling;
import dev.vitrine.study.map.Column;
import dev.vitrine.study.map.MapReport;
import dev.vitrine.study.map.MapStudy;
import dev.vitrine.study.map.TableColumns;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code vitrine map}: pictures laid out by the activations of layers, as a page. */
@Command(
        name = "map",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "Lays pictures out by the activations of layers.",
        description = {
            "%nWrites a page on which to walk (index.html), the map for print (map.png, map.svg), its coordinates (map.csv"
                    + " and one .npy per layer), and by which properties each layer groups the pictures (map.json).%n",
            "  vitrine map --model net.onnx --data photos.zip --layer conv5 --method tsne",
            "  vitrine map --model mnist-cnn --data digits.gz --layer conv1,conv2 --color slant%n"
        })
public final class MapCommand implements Callable<Integer> {
    @Option(
            names = "--data",
            paramLabel = "FOLDER|ZIP|IDX",
            required = true,
            description = "Pictures, in one folder per class where there are classes.")
    private Path data;

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
            converter = CodesCommand.PoolingWords.class,
            description = "Pooling of each activation map: mean, max, or the whole map. Default: ${DEFAULT-VALUE}.")
    private Pooling pooling;

    @Option(
            names = "--method",
            paramLabel = "METHOD",
            defaultValue = "pca",
            description = "pca, lda, tsne or umap. Default: ${DEFAULT-VALUE}.")
    private String method;

    @Option(
            names = "--color",
            paramLabel = "PROPERTY",
            defaultValue = "class",
            description = "Property by which points are colored first. Default: ${DEFAULT-VALUE}.")
    private String color;

    @Option(
            names = "--table",
            paramLabel = "FILE.csv",
            description = "Further properties: titles, then a line for each picture, which begins with its name.")
    private Optional<Path> table;

    @Option(names = "--seed", paramLabel = "N", defaultValue = "0", description = "Random seed. Default: 0.")
    private long seed;

    @Option(
            names = {"-o", "--out"},
            paramLabel = "FOLDER",
            defaultValue = "map",
            description = "Output folder. Default: ${DEFAULT-VALUE}.")
    private Path out;

    @Mixin
    private final ListedOptions<Layout> settings = new ListedOptions<>(Layouts.ALL, Layout::id);

    @Mixin
    private ModelOptions models;

    private final Terminal terminal;
    private final Stop stop;

    public MapCommand(Terminal terminal, Stop stop) {
        this.terminal = terminal;
        this.stop = stop;
    }

    @Override
    public Integer call() {
        Layout layout = settings.onto(Layouts.find(method));
        try (PictureSource source = OpenSource.of(data, terminal);
                OpenModel open = models.open(terminal, stop);
                Claim claim = OutputFolder.take(out, terminal)) {
            ShortNames.ofLayers(layers, open.model(), terminal);
            List<ChannelLayer> chosen = ChannelLayers.of(open.model(), layers).stream()
                    .map(layer -> CodeLayers.activated(open.model(), layer))
                    .distinct()
                    .toList();
            Path codes = out.resolve("codes");
            MapStudy study = new MapStudy(
                    open.model(),
                    source,
                    chosen,
                    pooling,
                    layout,
                    table.map(file -> TableColumns.read(file, source)).orElse(List.of()),
                    seed,
                    codes);
            Map<String, String> facts = ModelFacts.of(open.model(), Map.of("method", layout.id()));
            int status = new StudyRun(terminal, stop, out).of(open.session(), study, outcome -> {
                requireColor(outcome.result().columns().stream().map(Column::id).toList());
                return new MapReport(outcome, source, color, facts);
            });
            CodeReport.clean(new CodeExtraction(open.model(), source, chosen, pooling, codes));
            return status;
        }
    }

    private void requireColor(List<String> known) {
        if (!known.contains(color) && !color.equals("class")) {
            throw VitrineException.usage("--color " + color + ": expected one of " + String.join(", ", known) + ".");
        }
    }
}
