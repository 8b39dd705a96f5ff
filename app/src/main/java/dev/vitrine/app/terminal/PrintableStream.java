package dev.vitrine.app.terminal;

import dev.vitrine.lens.render.text.VisibleText;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A stream that prints every text as {@link VisibleText}; each call prints a line or a part of one. */
final class PrintableStream extends PrintStream {
    /** Bold, underline, color and so on: the only control sequences in pages. */
    private static final Pattern STYLE = Pattern.compile("\u001b\\[[\\d;]{0,20}m");

    private final PrintStream target;

    private PrintableStream(PrintStream target) {
        super(target, true, StandardCharsets.UTF_8);
        this.target = target;
    }

    static PrintableStream of(PrintStream target) {
        return target instanceof PrintableStream already ? already : new PrintableStream(target);
    }

    /** Text with control sequences. */
    void command(String text) {
        super.print(text);
    }

    /** For pages of several lines that the program lays out. */
    PrintWriter pages() {
        return new PrintWriter(
                new Writer() {
                    @Override
                    public void write(char[] characters, int offset, int length) {
                        command(page(new String(characters, offset, length)));
                    }

                    @Override
                    public void write(String text, int offset, int length) {
                        command(page(text.substring(offset, offset + length)));
                    }

                    @Override
                    public void flush() {
                        target.flush();
                    }

                    @Override
                    public void close() {
                        target.flush();
                    }
                },
                true);
    }

    private static String page(String text) {
        StringBuilder shown = new StringBuilder();
        Matcher style = STYLE.matcher(text);
        int end = 0;
        while (style.find()) {
            shown.append(VisibleText.page(text.substring(end, style.start()))).append(style.group());
            end = style.end();
        }
        return shown.append(VisibleText.page(text.substring(end))).toString();
    }

    @Override
    public void print(String text) {
        super.print(VisibleText.line(String.valueOf(text)));
    }

    @Override
    public void print(Object object) {
        print(String.valueOf(object));
    }

    @Override
    public void print(char character) {
        print(String.valueOf(character));
    }

    @Override
    public void print(char[] characters) {
        print(String.valueOf(characters));
    }
}
