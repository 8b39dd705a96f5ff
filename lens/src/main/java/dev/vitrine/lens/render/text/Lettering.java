package dev.vitrine.lens.render.text;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.util.ArrayList;
import java.util.List;

/**
 * Text of one size and color, in the bundled font.
 *
 * @param size pixels per em
 */
public record Lettering(double size, Color color) {
    private static final String ELLIPSIS = "…";
    /** Maximum number of lines; longer texts are truncated. */
    private static final int MOST_LINES = 8;

    private static final double LINE_HEIGHT = 1.35;
    private static final double ASCENT = 0.95;

    public int lineHeight() {
        return (int) Math.ceil(size * LINE_HEIGHT);
    }

    public double width(String text) {
        return Typeface.DEJAVU_SANS.width(text, size);
    }

    /** One line with its top left corner at (x, y). */
    public void draw(Graphics2D graphics, String text, double x, double y) {
        graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
        graphics.setColor(color);
        graphics.fill(Typeface.DEJAVU_SANS.outline(plain(text), size, x, Math.round(y + size * ASCENT)));
    }

    /** Wrapped to as many lines as needed, up to {@value #MOST_LINES}. */
    public List<String> wrap(String text, double width) {
        return wrap(text, width, MOST_LINES);
    }

    /** Wrapped to at most the given number of lines; truncation is shown by an ellipsis. */
    public List<String> wrap(String text, double width, int lines) {
        List<String> wrapped = new ArrayList<>();
        String rest = plain(text).strip();
        while (!rest.isEmpty() && wrapped.size() < lines - 1) {
            int end = fitting(rest, width);
            if (end < rest.length()) {
                int space = rest.lastIndexOf(' ', end);
                end = space > 0 ? space : end;
            }
            wrapped.add(rest.substring(0, end).strip());
            rest = rest.substring(end).strip();
        }
        if (!rest.isEmpty()) {
            wrapped.add(ellipsised(rest, width).strip());
        }
        return wrapped;
    }

    /** The text if it fits, else its beginning and an ellipsis. */
    public String ellipsised(String text, double width) {
        String plain = plain(text);
        if (width(plain) <= width) {
            return plain;
        }
        int end = fitting(plain, width - width(ELLIPSIS));
        return plain.substring(0, end).strip() + ELLIPSIS;
    }

    private int fitting(String text, double width) {
        int end = 0;
        while (end < text.length()) {
            int next = text.offsetByCodePoints(end, 1);
            if (width(text.substring(0, next)) > width) {
                break;
            }
            end = next;
        }
        boolean nothing = end == 0 && !text.isEmpty();
        return nothing ? text.offsetByCodePoints(0, 1) : end;
    }

    private static String plain(String text) {
        return VisibleText.page(text.replaceAll("\\s+", " "));
    }
}
