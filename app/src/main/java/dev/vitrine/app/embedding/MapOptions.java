package dev.vitrine.app.embedding;

import dev.vitrine.app.model.ShortNames;
import dev.vitrine.app.setting.ListedOptions;
import dev.vitrine.app.terminal.Terminal;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.lens.data.PictureSource;
import dev.vitrine.lens.embedding.Layout;
import dev.vitrine.lens.embedding.layout.Layouts;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.unit.UnitName;
import dev.vitrine.study.Outcome;
import dev.vitrine.study.embedding.CodeLayers;
import dev.vitrine.study.embedding.Pooling;
import dev.vitrine.study.map.Column;
import dev.vitrine.study.map.MapStudy;
import dev.vitrine.study.map.MappedNetwork;
import dev.vitrine.study.map.PictureMap;
import dev.vitrine.study.map.TableColumns;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which pictures are laid out, by what, and how they are colored. */
@Command
final class MapOptions {
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

    @Option(
            names = "--unit",
            paramLabel = "LAYER:CHANNEL",
            description = "A channel by whose largest activation points can be colored; may be given several times.")
    private List<String> units = List.of();

    @Option(names = "--seed", paramLabel = "N", defaultValue = "0", description = "Random seed. Default: 0.")
    private long seed;

    @Mixin
    private final ListedOptions<Layout> settings = new ListedOptions<>(Layouts.ALL, Layout::id);

    Path data() {
        return data;
    }

    /**
     * @param codes where they are kept
     */
    MapStudy of(List<Model> models, PictureSource pictures, Path codes, Terminal terminal) {
        return new MapStudy(
                models.stream().map(model -> mapped(model, terminal)).toList(),
                pictures,
                pooling,
                settings.onto(Layouts.find(method)),
                table.map(file -> TableColumns.read(file, pictures)).orElse(List.of()),
                seed,
                codes);
    }

    private MappedNetwork mapped(Model model, Terminal terminal) {
        ShortNames.ofLayers(layers, model, terminal);
        return new MappedNetwork(
                model,
                ChannelLayers.of(model, layers).stream()
                        .map(layer -> CodeLayers.activated(model, layer))
                        .distinct()
                        .toList(),
                units.stream().map(unit -> UnitName.parse(unit, model)).toList());
    }

    /** The property by which points are colored first. */
    String color(Outcome<PictureMap> outcome) {
        List<String> known = outcome.result().columns().stream().map(Column::id).toList();
        if (!known.contains(color) && !color.equals("class")) {
            throw VitrineException.usage("--color " + color + ": expected one of " + String.join(", ", known) + ".");
        }
        return color;
    }
}
