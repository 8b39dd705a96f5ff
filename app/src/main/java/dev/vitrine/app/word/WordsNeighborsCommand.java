package dev.vitrine.app.word;

import dev.vitrine.app.terminal.Terminal;
import dev.vitrine.lens.word.ScoredWord;
import dev.vitrine.lens.word.WordSearch;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code vitrine words neighbors}: the nearest words. */
@Command(
        name = "neighbors",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "Lists the words nearest to words by cosine similarity.",
        description = "%n  vitrine words neighbors --words king,queen --vectors vectors.bin%n")
final class WordsNeighborsCommand implements Callable<Integer> {
    @Option(
            names = "--words",
            paramLabel = "WORD",
            split = ",",
            required = true,
            description = "Words of the vocabulary.")
    private List<String> words;

    @Option(
            names = "--k",
            paramLabel = "N",
            defaultValue = "10",
            description = "Number of neighbors of each word. Default: ${DEFAULT-VALUE}.")
    private int count;

    @Mixin
    private VectorOptions vectors;

    private final Terminal terminal;

    WordsNeighborsCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        WordSearch search = vectors.search();
        for (String word : words) {
            List<ScoredWord> nearest = search.nearest(word, count);
            terminal.out().println(word);
            nearest.forEach(near ->
                    terminal.out().println(String.format(Locale.ROOT, "  %.3f  %s", near.score(), near.word())));
        }
        return 0;
    }
}
