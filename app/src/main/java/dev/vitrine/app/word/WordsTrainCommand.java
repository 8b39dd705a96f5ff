package dev.vitrine.app.word;

import dev.vitrine.app.folder.OutputFolder;
import dev.vitrine.app.setting.SettingOptions;
import dev.vitrine.app.study.StudyRun;
import dev.vitrine.app.terminal.Stop;
import dev.vitrine.app.terminal.Terminal;
import dev.vitrine.engine.file.Claim;
import dev.vitrine.lens.word.Text;
import dev.vitrine.lens.word.WordFormat;
import dev.vitrine.lens.word.WordTraining;
import dev.vitrine.lens.word.WordWriter;
import dev.vitrine.study.Watcher;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code vitrine words train}: word vectors from a text. */
@Command(
        name = "train",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "Trains word vectors on a text (word2vec).",
        description = {
            "%nLetters and digits make words, in lower case; contexts end with the line. Ctrl-C writes the vectors so"
                    + " far.%n",
            "  vitrine words train text.txt.gz --output vectors.bin",
            "  vitrine words train text.txt --architecture cbow --size 300 --epochs 10 --output vectors.txt%n"
        })
final class WordsTrainCommand implements Callable<Integer> {
    @Parameters(paramLabel = "TEXT", description = "Text in UTF-8, also compressed by gzip.")
    private Path text;

    @Option(
            names = "--min-count",
            paramLabel = "N",
            defaultValue = "5",
            description = "Occurrences of a word that gets a vector. Default: ${DEFAULT-VALUE}.")
    private int least;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            required = true,
            description = "Output file: binary if it ends with .bin, text otherwise; word2vec's formats.")
    private Path output;

    @Mixin
    private SettingOptions<WordTraining> settings = new SettingOptions<>(WordTraining.USUAL);

    private final Terminal terminal;
    private final Stop stop;

    WordsTrainCommand(Terminal terminal, Stop stop) {
        this.terminal = terminal;
        this.stop = stop;
    }

    @Override
    public Integer call() {
        WordTraining training = settings.chosen();
        try (Claim claim = OutputFolder.takeFile(output, terminal)) {
            Text read = Text.read(text, least);
            StudyRun run = new StudyRun(terminal, stop, output);
            WordTraining.Trained trained = run.watched("words", watcher -> training.on(read, watcher));
            WordWriter.write(
                    trained.vectors(),
                    output.toString().endsWith(".bin") ? WordFormat.BINARY : WordFormat.TEXT,
                    output);
            if (trained.epochs() < training.epochs()) {
                Watcher watcher = run.watcher();
                watcher.stopping();
                watcher.note(String.format(
                        Locale.ROOT,
                        "Stopped after %.1f of %d epochs; the vectors so far are written.",
                        trained.epochs(),
                        training.epochs()));
            }
            terminal.out()
                    .println(String.format(
                            Locale.ROOT,
                            "  %d vectors of %d numbers, from %d words of text",
                            trained.vectors().words().size(),
                            trained.vectors().dimensions(),
                            read.length()));
            terminal.out().println(output);
            return 0;
        }
    }
}
