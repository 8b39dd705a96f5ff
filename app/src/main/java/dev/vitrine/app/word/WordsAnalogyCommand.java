package dev.vitrine.app.word;

import dev.vitrine.app.study.StudyRun;
import dev.vitrine.app.terminal.Stop;
import dev.vitrine.app.terminal.Terminal;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.lens.word.Analogies;
import dev.vitrine.lens.word.WordVectors;
import dev.vitrine.study.Watcher;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code vitrine words analogy}: what is to a word as a second is to a third. */
@Command(
        name = "analogy",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "Answers questions such as: man is to king as woman is to what?",
        description = {
            "%nOf three words, or of a file of questions, with the share of right answers by section. Questions with a"
                    + " word outside the vocabulary are skipped and counted.%n",
            "  vitrine words analogy man king woman --vectors vectors.bin",
            "  vitrine words analogy --questions questions-words.txt --vocabulary 30000 --vectors vectors.bin%n"
        })
final class WordsAnalogyCommand implements Callable<Integer> {
    private static final int THREE = 3;
    private static final int ANSWERS = 5;

    @Parameters(paramLabel = "WORD", arity = "0..*", description = "Three words.")
    private List<String> words = List.of();

    @Option(
            names = "--questions",
            paramLabel = "FILE",
            description = "Questions: lines of four words, the last the expected answer, and headings with a colon.")
    private Optional<Path> questions;

    @Option(
            names = "--score",
            paramLabel = "SCORE",
            defaultValue = "add",
            description = "add (3CosAdd) or multiply (3CosMul). Default: ${DEFAULT-VALUE}.")
    private Analogies.Score score;

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
                            : "; expected three, such as" + " man king woman, or --questions FILE."));
        }
        if (questions.isPresent()) {
            Analogies asked = Analogies.read(questions.get());
            print(asked, vectors.read());
        } else {
            for (WordVectors.Near answer : Analogies.answers(vectors.read(), words, score, ANSWERS)) {
                terminal.out().println(String.format(Locale.ROOT, "  %.3f  %s", answer.cosine(), answer.word()));
            }
        }
        return 0;
    }

    private void print(Analogies asked, WordVectors known) {
        Watcher watcher = new StudyRun(terminal, stop, Path.of(".")).watcher();
        watcher.begin("questions", 1);
        List<Analogies.Section> sections;
        try {
            sections = asked.on(known, score, watcher);
        } finally {
            watcher.end();
        }
        int right = 0;
        int all = 0;
        int skipped = 0;
        for (Analogies.Section section : sections) {
            right += section.right();
            all += section.asked();
            skipped += section.skipped();
            line(section.name(), section.right(), section.asked(), section.skipped());
        }
        line("all", right, all, skipped);
    }

    private void line(String name, int right, int asked, int skipped) {
        String share = asked == 0 ? "   none" : String.format(Locale.ROOT, "%5.1f %%", 100.0 * right / asked);
        terminal.out()
                .println(String.format(
                        Locale.ROOT, "  %s  %s: %d of %d right, %d skipped", share, name, right, asked, skipped));
    }
}
