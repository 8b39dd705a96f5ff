package dev.vitrine.app.word;

import dev.vitrine.lens.word.WordCase;
import dev.vitrine.lens.word.WordReader;
import dev.vitrine.lens.word.WordSearch;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The word vectors that a command searches. */
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
            description = "Words that are searched, the first of the file. Default: ${DEFAULT-VALUE}.")
    private int vocabulary;

    @Option(names = "--ignore-case", description = "Do not tell upper and lower case apart.")
    private boolean ignoresCase;

    WordSearch search() {
        return new WordSearch(
                WordReader.read(file, vocabulary), vocabulary, ignoresCase ? WordCase.IGNORED : WordCase.EXACT);
    }
}
