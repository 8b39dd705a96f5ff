package dev.vitrine.app.word;

import dev.vitrine.app.terminal.Terminal;
import dev.vitrine.lens.word.WordVectors;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code vitrine words neighbors}: the nearest words. */
@Command(
        name = "neighbors",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "Lists the words nearest to words by cosine similarity.",
        description = "%n  vitrine words neighbors king queen --vectors vectors.bin%n")
final class WordsNeighborsCommand implements Callable<Integer> {
    @Parameters(paramLabel = "WORD", arity = "1..*", description = "Words of the vocabulary.")
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
        WordVectors known = vectors.read();
        List<Integer> asked = words.stream().map(known::index).toList();
        for (int word : asked) {
            terminal.out().println(known.words().get(word));
            for (WordVectors.Near near : known.nearest(known.vector(word), count, Set.of(word))) {
                terminal.out().println(String.format(Locale.ROOT, "  %.3f  %s", near.cosine(), near.word()));
            }
        }
        return 0;
    }
}
