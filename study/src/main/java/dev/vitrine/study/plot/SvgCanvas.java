package dev.vitrine.study.plot;

import dev.vitrine.lens.render.text.VisibleText;
import gg.jte.html.escape.Escape;
import gg.jte.output.StringOutput;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Writes the content of an SVG element, in the colors of the page's style sheet; text stays text. */
final class SvgCanvas implements Canvas {
    private final StringBuilder svg = new StringBuilder();

    private SvgCanvas() {}

    /** Draws on a canvas. */
    @FunctionalInterface
    interface Drawing {
        void on(Canvas canvas);
    }

    static String drawn(Drawing drawing) {
        SvgCanvas canvas = new SvgCanvas();
        drawing.on(canvas);
        return canvas.svg.toString();
    }

    @Override
    public void line(Pen pen, List<Point> points) {
        String places = points.stream()
                .map(point -> number(point.x()) + "," + number(point.y()))
                .collect(Collectors.joining(" "));
        add("<polyline class=\"%s\" stroke-width=\"%s\"", pen.ink().style(), number(pen.width()));
        if (!pen.isWhole()) {
            add(" stroke-dasharray=\"%s %s\"", number(pen.dash()), number(pen.gap()));
        }
        add(" points=\"%s\"/>", places);
    }

    @Override
    public void rectangle(Ink ink, double x, double y, double width, double height) {
        add(
                "<rect class=\"%s\" x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\"/>",
                ink.style(), number(x), number(y), number(width), number(height));
    }

    @Override
    public void dot(Ink ink, double x, double y, double radius) {
        add("<circle class=\"%s\" cx=\"%s\" cy=\"%s\" r=\"%s\"/>", ink.style(), number(x), number(y), number(radius));
    }

    @Override
    public void words(Anchor anchor, double x, double baseline, String words) {
        add(
                "<text text-anchor=\"%s\" x=\"%s\" y=\"%s\">%s</text>",
                anchor.name().toLowerCase(Locale.ROOT), number(x), number(baseline), text(words));
    }

    @Override
    public void rising(double x, double y, String words) {
        add(
                "<text text-anchor=\"end\" transform=\"translate(%s %s) rotate(-45)\">%s</text>",
                number(x), number(y), text(words));
    }

    @Override
    public void named(String name, Runnable drawing) {
        add("<g><title>%s</title>", text(name));
        drawing.run();
        svg.append("</g>\n");
    }

    private void add(String format, Object... parts) {
        svg.append(String.format(Locale.ROOT, format, parts));
    }

    private static String text(String words) {
        StringOutput escaped = new StringOutput();
        Escape.htmlContent(VisibleText.page(words), escaped);
        return escaped.toString();
    }

    /** Rounded to at most one decimal. */
    static String number(double value) {
        String written = String.format(Locale.ROOT, "%.1f", value);
        return written.endsWith(".0") ? written.substring(0, written.length() - 2) : written;
    }
}
