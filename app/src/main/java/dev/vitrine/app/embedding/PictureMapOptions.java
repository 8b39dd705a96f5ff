package dev.vitrine.app.embedding;

import dev.vitrine.app.model.ShortNames;
import dev.vitrine.app.setting.ListedOptions;
import dev.vitrine.app.terminal.Choices;
import dev.vitrine.app.terminal.Terminal;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.lens.data.PictureList;
import dev.vitrine.lens.embedding.Layout;
import dev.vitrine.lens.embedding.layout.Layouts;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.unit.ChannelLayer;
import dev.vitrine.study.embedding.CodeLayers;
import dev.vitrine.study.embedding.Embedding;
import dev.vitrine.study.embedding.KeptCodes;
import dev.vitrine.study.grid.MapSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How pictures get their places: a layer's codes and the method that lays them out. */
@Command
final class PictureMapOptions {
    /** Components that t-SNE and UMAP are given, as is usual. */
    private static final int USUAL_REDUCED = 50;

    @Option(
            names = {"-l", "--layer"},
            paramLabel = "LAYER",
            description = "Layer whose activations are compared, after its normalization and activation.")
    private Optional<String> layer;

    @Option(
            names = "--method",
            paramLabel = "METHOD",
            defaultValue = "tsne",
            description = "pca, lda, tsne or umap. Default: ${DEFAULT-VALUE}.")
    private String method;

    @Option(
            names = "--reduce",
            paramLabel = "N",
            description = "Reduce wider codes to this many principal components first; 0 for all columns. Default: "
                    + USUAL_REDUCED + " for tsne and umap, 0 for pca and lda.")
    private Optional<Integer> reduce;

    @Option(
            names = "--scale",
            paramLabel = "SCALE",
            defaultValue = "none",
            converter = ScaleWords.class,
            description =
                    "Scaling applied first: none, standardized (columns with mean 0 and variance 1), unit (rows of"
                            + " length 1). Default: ${DEFAULT-VALUE}.")
    private Embedding.Scale scale;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "0",
            description = "Random seed. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Mixin
    private final ListedOptions<Layout> layouts = new ListedOptions<>(Layouts.ALL, Layout::id);

    /**
     * @param codes where they are kept
     */
    MapSource.LaidOut of(Model model, PictureList pictures, KeptCodes codes, Terminal terminal) {
        String name = layer.orElseThrow(() -> VitrineException.usage(
                "Found no --layer; expected the layer whose activations are compared. See the layers with: vitrine"
                        + " layers"));
        Layout layout = layouts.onto(Layouts.find(method));
        ShortNames.ofLayers(List.of(name), model, terminal);
        ChannelLayer found = CodeLayers.activated(model, ChannelLayer.find(model, name.strip()));
        boolean byNeighbors = method.equals("tsne") || method.equals("umap");
        int reduced = reduce.orElse(byNeighbors ? USUAL_REDUCED : 0);
        if (reduced < 0) {
            throw VitrineException.usage("--reduce " + reduced + ": expected at least 0.");
        }
        return new MapSource.LaidOut(
                model,
                pictures,
                found,
                layout,
                scale,
                reduced == 0 ? OptionalInt.empty() : OptionalInt.of(reduced),
                seed,
                codes);
    }

    /** The name on the command line. */
    private static final class ScaleWords extends Choices.Words<Embedding.Scale> {
        ScaleWords() {
            super(Embedding.Scale.class);
        }
    }
}
