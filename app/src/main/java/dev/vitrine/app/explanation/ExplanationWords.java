package dev.vitrine.app.explanation;

import dev.vitrine.app.terminal.Terminal;
import dev.vitrine.study.explanation.Explanations;
import java.nio.file.Path;
import java.util.Locale;

/** Prints explanations to the terminal. */
final class ExplanationWords {
    private ExplanationWords() {}

    static void tell(Explanations said, Path folder, Terminal terminal) {
        for (Explanations.Subject picture : said.pictures()) {
            terminal.out().println(picture.name());
            picture.top()
                    .forEach(bar ->
                            terminal.out().println(String.format(Locale.ROOT, "  %7s  %s", bar.words(), bar.label())));
            picture.boxes().forEach(box -> terminal.out().println("  " + box));
            picture.files().forEach(file -> terminal.out().println("  " + folder.resolve(file)));
            picture.notes().forEach(note -> terminal.err().println("note: " + picture.name() + ", " + note));
        }
    }
}
