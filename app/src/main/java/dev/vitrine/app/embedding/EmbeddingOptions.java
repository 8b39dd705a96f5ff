package dev.vitrine.app.embedding;

import dev.vitrine.app.setting.ListedOptions;
import dev.vitrine.app.terminal.Choices;
import dev.vitrine.engine.runtime.Runner;
import dev.vitrine.lens.embedding.Codes;
import dev.vitrine.lens.embedding.Layout;
import dev.vitrine.lens.embedding.layout.Layouts;
import dev.vitrine.study.embedding.CodeLabels;
import dev.vitrine.study.embedding.Embedding;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Options of an embedding, except the settings of its method. */
@Command
final class EmbeddingOptions {
    @Option(
            names = "--labels",
            paramLabel = "FILE.npy",
            description = "Class of each row, integers [rows]; used by lda, by umap --guidance labels, and for the"
                    + " purity of neighborhoods.")
    private Optional<Path> labels;

    @Option(
            names = "--method",
            paramLabel = "METHOD",
            defaultValue = "pca",
            description = "pca, lda, tsne or umap. Default: ${DEFAULT-VALUE}.")
    private String method;

    @Option(
            names = "--components",
            paramLabel = "N",
            defaultValue = "2",
            description = "Dimensions of the map. Default: ${DEFAULT-VALUE}.")
    private int components;

    @Option(
            names = "--reduce",
            paramLabel = "N",
            description = "Reduce the codes to this many principal components first. Default: no reduction.")
    private Optional<Integer> reduce;

    @Option(
            names = "--scale",
            paramLabel = "SCALE",
            defaultValue = "none",
            converter = ScaleWords.class,
            description =
                    "Scaling applied first: none, standardized (columns with mean 0 and variance 1), unit (rows of length 1,"
                            + " so that the nearest rows are those with the largest cosine). Default: ${DEFAULT-VALUE}.")
    private Embedding.Scale scale;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "0",
            description = "Random seed. Default: ${DEFAULT-VALUE}.")
    private long seed;

    Embedding of(Runner runner, Codes codes, ListedOptions<Layout> layouts) {
        return new Embedding(
                runner,
                codes,
                labels.map(path -> CodeLabels.read(path, codes.rows())),
                layouts.onto(Layouts.find(method)),
                components,
                scale,
                reduce.map(OptionalInt::of).orElse(OptionalInt.empty()),
                seed);
    }

    /** The name on the command line. */
    private static final class ScaleWords extends Choices.Words<Embedding.Scale> {
        ScaleWords() {
            super(Embedding.Scale.class);
        }
    }
}
