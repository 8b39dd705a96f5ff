package dev.vitrine.app.embedding;

import dev.vitrine.app.terminal.Choices;
import dev.vitrine.engine.runtime.Runner;
import dev.vitrine.lens.embedding.Codes;
import dev.vitrine.study.embedding.CodeLabels;
import dev.vitrine.study.embedding.Embedding;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** How codes are laid out, but for the settings of the method. */
@Command
final class EmbeddingOptions {
    @Option(
            names = "--labels",
            paramLabel = "FILE.npy",
            description =
                    "The class of each row, whole numbers [rows]; for lda, for umap --guidance labels, and for the"
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
            description =
                    "Reduce the codes to this many principal components first. Default: they are taken as they are.")
    private Optional<Integer> reduce;

    @Option(
            names = "--scale",
            paramLabel = "SCALE",
            defaultValue = "none",
            converter = ScaleWords.class,
            description =
                    "Scaling before: none, standardized (columns with mean 0 and variance 1), unit (rows of length 1,"
                            + " which makes Euclidean neighbors those of largest cosine). Default: ${DEFAULT-VALUE}.")
    private Embedding.Scale scale;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "0",
            description = "Of all that is drawn at random. Default: ${DEFAULT-VALUE}.")
    private long seed;

    Embedding of(Runner runner, Codes codes, LayoutOptions layouts) {
        return new Embedding(
                runner,
                codes,
                labels.map(path -> CodeLabels.read(path, codes.rows())),
                layouts.chosen(method),
                components,
                scale,
                reduce.map(OptionalInt::of).orElse(OptionalInt.empty()),
                seed);
    }

    /** As people type it. */
    private static final class ScaleWords extends Choices.Words<Embedding.Scale> {
        ScaleWords() {
            super(Embedding.Scale.class);
        }
    }
}
