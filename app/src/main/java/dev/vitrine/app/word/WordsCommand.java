package dev.vitrine.app.word;

import dev.vitrine.app.terminal.Stop;
import dev.vitrine.app.terminal.Terminal;
import dev.vitrine.engine.VitrineException;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code vitrine words}: word vectors. */
@Command(
        name = "words",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "Trains word vectors, and shows what they know.",
        description = {
            "%n  vitrine words train text.txt --output vectors.bin",
            "  vitrine words neighbors --words king,queen --vectors vectors.bin",
            "  vitrine words analogy --words man,king,woman --vectors vectors.bin%n"
        })
public final class WordsCommand implements Callable<Integer> {
    private WordsCommand() {}

    /** The command with its subcommands. */
    public static CommandLine of(Terminal terminal, Stop stop) {
        return new CommandLine(new WordsCommand())
                .addSubcommand(new WordsTrainCommand(terminal, stop))
                .addSubcommand(new WordsNeighborsCommand(terminal))
                .addSubcommand(new WordsAnalogyCommand(terminal, stop));
    }

    @Override
    public Integer call() {
        throw VitrineException.usage("Found no subcommand of 'vitrine words'; expected train, neighbors or analogy.");
    }
}
