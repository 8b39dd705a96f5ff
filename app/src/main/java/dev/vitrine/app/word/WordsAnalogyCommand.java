package dev.vitrine.app.word;

import dev.vitrine.app.study.StudyRun;
import dev.vitrine.app.terminal.Stop;
import dev.vitrine.app.terminal.Terminal;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.lens.word.AnalogyAccuracy;
import dev.vitrine.lens.word.AnalogyObjective;
import dev.vitrine.lens.word.AnalogyQuestions;
import dev.vitrine.lens.word.WordSearch;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code vitrine words analogy}: what is to a word as a second is to a third. */
@Command(
        name = "analogy",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "Answers questions such as: man is to king as woman is to what?",
        description = {
            "%nOf three words, or of a file of questions, with the share of right answers by section. Questions with a"
                    + " word outside the vocabulary are skipped and counted.%n",
            "  vitrine words analogy --words man,king,woman --vectors vectors.bin",
            "  vitrine words analogy --questions questions-words.txt --vocabulary 30000 --vectors vectors.bin%n"
        })
final class WordsAnalogyCommand implements Callable<Integer> {
    private static final int THREE = 3;
    private static final int ANSWERS = 5;

    @Option(names = "--words", paramLabel = "WORD", split = ",", description = "Three words.")
    private List<String> words = List.of();

    @Option(
            names = "--questions",
            paramLabel = "FILE",
            description = "Questions: lines of four words, the last the expected answer, and headings with a colon.")
    private Optional<Path> questions;

    @Option(
            names = "--objective",
            paramLabel = "OBJECTIVE",
            defaultValue = "add",
            description = "add (3CosAdd) or multiply (3CosMul). Default: ${DEFAULT-VALUE}.")
    private AnalogyObjective objective;

    @Mixin
    private VectorOptions vectors;

    private final Terminal terminal;
    private final Stop stop;

    WordsAnalogyCommand(Terminal terminal, Stop stop) {
        this.terminal = terminal;
        this.stop = stop;
    }

    @Override
    public Integer call() {
        if (words.size() != (questions.isPresent() ? 0 : THREE)) {
            throw VitrineException.usage("Found " + words.size() + " words"
                    + (questions.isPresent()
                            ? " beside --questions; expected none."
                            : "; expected three, such as --words man,king,woman, or --questions FILE."));
        }
        if (questions.isPresent()) {
            print(AnalogyQuestions.read(questions.get()), vectors.search());
        } else {
            vectors.search()
                    .analogy(words.get(0), words.get(1), words.get(2), objective, ANSWERS)
                    .forEach(answer -> terminal.out()
                            .println(String.format(Locale.ROOT, "  %.3f  %s", answer.score(), answer.word())));
        }
        return 0;
    }

    private void print(AnalogyQuestions asked, WordSearch search) {
        List<AnalogyAccuracy> sections = new StudyRun(terminal, stop, Path.of("."))
                .watched("questions", watcher -> AnalogyAccuracy.of(asked, search, objective, watcher));
        sections.forEach(this::print);
        print(AnalogyAccuracy.total(sections));
    }

    private void print(AnalogyAccuracy section) {
        String share =
                section.answered() == 0 ? "   none" : String.format(Locale.ROOT, "%5.1f %%", 100 * section.accuracy());
        terminal.out()
                .println(String.format(
                        Locale.ROOT,
                        "  %s  %s: %d of %d right, %d skipped",
                        share,
                        section.section(),
                        section.correct(),
                        section.answered(),
                        section.skipped()));
    }
}
