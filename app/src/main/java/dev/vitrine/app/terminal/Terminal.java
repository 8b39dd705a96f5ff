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
 * Output of the program: results go to {@code out}, everything else to {@code err}. Control characters in names from
 * files are shown as their code points.
 *
 * @param columns width of the terminal, or of a page if {@code out} is not a terminal
 */
public record Terminal(PrintStream out, PrintStream err, Liveliness liveliness, int columns) {
    /** Whether output is interactive. */
    public enum Liveliness {
        WATCHED,
        QUIET
    }

    private static final int PAGE_COLUMNS = 120;
    private static final int NARROWEST = 40;
    private static final String CLEAR = "\r\u001b[K";

    /** Every text is printed as {@link VisibleText}. */
    public Terminal {
        out = PrintableStream.of(out);
        err = PrintableStream.of(err);
    }

    /** For help and other pages laid out by the program, to {@code out}. */
    public PrintWriter pages() {
        return PrintableStream.of(out).pages();
    }

    /** As {@link #pages}, to {@code err}. */
    public PrintWriter errorPages() {
        return PrintableStream.of(err).pages();
    }

    /** Replaces the current line on the terminal, truncated to its width; an empty text erases it. */
    void status(String text) {
        PrintableStream stream = PrintableStream.of(err);
        String shown = VisibleText.line(text);
        int end = Math.min(shown.length(), columns - 1);
        stream.command(CLEAR + shown.substring(0, end));
        stream.flush();
    }

    /** A stream that records why it failed, which {@link PrintStream} does not. */
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

        /** Why writing failed; a closed pipe, as with {@code head}, is not a failure. */
        public Optional<IOException> failure() {
            return failure.filter(e -> !String.valueOf(e.getMessage()).contains("Broken pipe"));
        }
    }

    /** The terminal of the process; the launcher sets system properties that describe it. */
    public static Terminal ofProcess(OutputStream out, OutputStream err) {
        boolean watched = Boolean.getBoolean("vitrine.watched");
        return new Terminal(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                watched ? Liveliness.WATCHED : Liveliness.QUIET,
                Math.max(NARROWEST, Integer.getInteger("vitrine.columns", PAGE_COLUMNS)));
    }
}
