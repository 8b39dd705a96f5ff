package dev.vitrine.app.terminal;

import dev.vitrine.lens.render.text.VisibleText;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Where the program speaks: results to {@code out}, everything else to {@code err}. The one place where names that come
 * from files reach a terminal: what would command it is shown by its code.
 *
 * @param columns width of the lines that {@code out} shows, or of a page where it is no terminal
 */
public record Terminal(PrintStream out, PrintStream err, Liveliness liveliness, int columns) {
    /** Whether somebody watches. */
    public enum Liveliness {
        WATCHED,
        QUIET
    }

    private static final int PAGE_COLUMNS = 120;
    private static final int NARROWEST = 40;
    private static final String CLEAR = "\r\u001b[K";

    /** What is said is {@link VisibleText}, whatever names it holds. */
    public Terminal {
        out = PrintableStream.of(out);
        err = PrintableStream.of(err);
    }

    /** For help and other pages of the program's own making that go to {@code out}. */
    public PrintWriter pages() {
        return PrintableStream.of(out).pages();
    }

    /** As {@link #pages}, to {@code err}. */
    public PrintWriter errorPages() {
        return PrintableStream.of(err).pages();
    }

    /** Replaces the line that stands on the terminal, cut to its width; an empty text takes it away. */
    void status(String text) {
        PrintableStream stream = PrintableStream.of(err);
        String shown = VisibleText.line(text);
        int end = Math.min(shown.length(), columns - 1);
        stream.command(CLEAR + shown.substring(0, end));
        stream.flush();
    }

    /** A stream that remembers why it failed, since {@link PrintStream} does not. */
    public static final class Remembering extends OutputStream {
        private final FileOutputStream target;
        private Optional<IOException> failure = Optional.empty();

        public Remembering(FileOutputStream target) {
            this.target = target;
        }

        @Override
        public void write(int value) throws IOException {
            write(new byte[] {(byte) value}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            try {
                target.write(bytes, offset, length);
            } catch (IOException e) {
                failure = failure.or(() -> Optional.of(e));
                throw e;
            }
        }

        /** Why writing failed; a reader that went away, as {@code head} does, is no failure. */
        public Optional<IOException> failure() {
            return failure.filter(e -> !String.valueOf(e.getMessage()).contains("Broken pipe"));
        }
    }

    /** The process's own; the launcher tells by system properties what kind of terminal it has. */
    public static Terminal ofProcess(OutputStream out, OutputStream err) {
        boolean watched = Boolean.getBoolean("vitrine.watched");
        return new Terminal(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                watched ? Liveliness.WATCHED : Liveliness.QUIET,
                Math.max(NARROWEST, Integer.getInteger("vitrine.columns", PAGE_COLUMNS)));
    }
}
