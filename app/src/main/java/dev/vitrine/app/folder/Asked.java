package dev.vitrine.app.folder;

import dev.vitrine.app.terminal.Version;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.lens.data.Digest;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.model.card.CardText;
import dev.vitrine.lens.store.Question;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;

/** What a person asked for: the words of the command but for where to write, and the contents of files among them. */
public final class Asked {
    /** What is larger is a network or an archive, and known by its contents anyway. */
    private static final long LARGEST_BYTES = 1L << 26;

    private Asked() {}

    /**
     * @param format of what is stored
     */
    public static Question of(CommandSpec spec, int format) {
        List<String> words = new ArrayList<>(spec.commandLine().getParseResult().originalArgs());
        words.removeIf(spec.name()::equals);
        Question question = Question.of("vitrine " + spec.name(), format).with("version", Version.maker());
        boolean where = false;
        for (String word : words) {
            if (where || word.startsWith("--out=") || word.startsWith("-o") && !word.equals("-o")) {
                where = false;
            } else if (word.equals("--out") || word.equals("-o")) {
                where = true;
            } else {
                question = question.with("word", word + contents(word));
            }
        }
        return question;
    }

    /** The network as it is looked at, with its labels and all that its card says. */
    public static Question with(Question question, Model model) {
        return question.with(model).with("card", Digest.of(CardText.of(model.card())));
    }

    private static String contents(String word) {
        StringBuilder contents = new StringBuilder();
        for (String part : word.split("[=,]")) {
            try {
                Path file = Path.of(part);
                if (!part.isBlank() && Files.isRegularFile(file) && Files.size(file) <= LARGEST_BYTES) {
                    contents.append(' ').append(Digest.of(file));
                }
            } catch (InvalidPathException | IOException | VitrineException noFile) {
                // A word that is no file, or one that cannot be read.
            }
        }
        return contents.toString();
    }
}
