package dev.vitrine.app.word;

import dev.vitrine.lens.word.WordFile;
import dev.vitrine.lens.word.WordVectors;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The word vectors that a command reads. */
@Command
final class VectorOptions {
    @Option(
            names = "--vectors",
            paramLabel = "FILE",
            required = true,
            description = "Word vectors: word2vec's text or binary format, or GloVe's text, also compressed by gzip.")
    private Path file;

    @Option(
            names = "--vocabulary",
            paramLabel = "N",
            defaultValue = "300000",
            description = "Words that are used, the first of the file. Default: ${DEFAULT-VALUE}.")
    private int vocabulary;

    WordVectors read() {
        return WordFile.read(file, vocabulary);
    }
}
