package dev.vitrine.lens.report;

import dev.vitrine.lens.render.Html;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/**
 * Lines over a common axis, drawn as SVG in the page's own colours, or as a picture for a file of its own.
 *
 * @param places where the points of all lines lie, rising, with a word for some of them
 * @param low value at the foot
 * @param high value at the top
 * @param limit a level to be marked
 */
public record LinePlot(
        String title,
        String acrossLabel,
        List<Place> places,
        double low,
        double high,
        OptionalDouble limit,
        List<Line> lines) {
    /** A place on the axis; an empty word leaves it unmarked. */
    public record Place(double at, String word) {}

    /** Where a value may truly lie. */
    public record Span(double low, double high) {}

    /**
     * @param style 0.. for methods, {@link #CONTROL} for what stands for chance
     * @param values one a place; a line that ends early has fewer
     * @param spans one a value, or none
     */
    public record Line(String name, int style, List<Double> values, List<Span> spans) {
        public Line {
            values = List.copyOf(values);
            spans = List.copyOf(spans);
        }

        public Line(String name, int style, List<Double> values) {
            this(name, style, values, List.of());
        }
    }

    public static final int CONTROL = -1;

    /** Colours of the style sheet; more lines repeat them, broken. */
    static final int COLOURS = 8;

    private static final int WIDTH = 420;
    private static final int HEIGHT = 250;
    private static final int LEFT = 38;
    private static final int RIGHT = 12;
    private static final int TOP = 10;
    private static final int BOTTOM = 40;

    public LinePlot {
        places = List.copyOf(places);
        lines = List.copyOf(lines);
    }

    public static String style(int number) {
        if (number == CONTROL) {
            return "control";
        }
        return "s" + number % COLOURS + (number >= COLOURS ? " broken" : "");
    }

    public String svg() {
        StringBuilder svg = new StringBuilder();
        svg.append("<figure class=\"plot\"><figcaption>")
                .append(Html.text(title))
                .append("</figcaption>\n");
        svg.append("<svg viewBox=\"0 0 ").append(WIDTH).append(' ').append(HEIGHT);
        svg.append("\" role=\"img\" aria-label=\"").append(Html.text(title)).append("\">\n");
        double step = step();
        for (double level = Math.ceil(low / step - 1e-9) * step; level <= high + 1e-9; level += step) {
            String y = number(y(level));
            svg.append("<line class=\"grid\" x1=\"")
                    .append(LEFT)
                    .append("\" x2=\"")
                    .append(WIDTH - RIGHT);
            svg.append("\" y1=\"").append(y).append("\" y2=\"").append(y).append("\"/>");
            svg.append("<text class=\"tick\" text-anchor=\"end\" x=\"")
                    .append(LEFT - 6)
                    .append("\" y=\"");
            svg.append(number(y(level) + 4))
                    .append("\">")
                    .append(level(level, step))
                    .append("</text>\n");
        }
        for (Place place : places) {
            if (!place.word().isEmpty()) {
                // A long word under the last place would be cut off.
                String anchor =
                        x(place.at()) > WIDTH - 2 * RIGHT && place.word().length() > 3 ? "end" : "middle";
                svg.append("<text class=\"tick\" text-anchor=\"").append(anchor).append("\" x=\"");
                svg.append(number(x(place.at()) + (anchor.equals("end") ? RIGHT : 0)));
                svg.append("\" y=\"").append(HEIGHT - BOTTOM + 16).append("\">");
                svg.append(Html.text(place.word())).append("</text>\n");
            }
        }
        svg.append("<text class=\"axis\" text-anchor=\"middle\" x=\"").append((LEFT + WIDTH - RIGHT) / 2);
        svg.append("\" y=\"")
                .append(HEIGHT - 6)
                .append("\">")
                .append(Html.text(acrossLabel))
                .append("</text>\n");
        if (limit.isPresent()) {
            String y = number(y(limit.getAsDouble()));
            svg.append("<line class=\"limit\" x1=\"")
                    .append(LEFT)
                    .append("\" x2=\"")
                    .append(WIDTH - RIGHT);
            svg.append("\" y1=\"").append(y).append("\" y2=\"").append(y).append("\"/>\n");
        }
        lines.forEach(line -> line(svg, line));
        return svg.append("</svg></figure>\n").toString();
    }

    private void line(StringBuilder svg, Line line) {
        if (line.values().isEmpty()) {
            return;
        }
        svg.append("<g class=\"line ").append(style(line.style())).append("\"><title>");
        svg.append(Html.text(line.name())).append("</title><polyline points=\"");
        for (int index = 0; index < line.values().size(); index++) {
            svg.append(index > 0 ? " " : "").append(number(x(places.get(index).at())));
            svg.append(',').append(number(y(line.values().get(index))));
        }
        svg.append("\"/>");
        for (int index = 0; index < line.spans().size(); index++) {
            String x = number(x(places.get(index).at()));
            svg.append("<line class=\"span\" x1=\"")
                    .append(x)
                    .append("\" x2=\"")
                    .append(x);
            svg.append("\" y1=\"").append(number(y(line.spans().get(index).low())));
            svg.append("\" y2=\"")
                    .append(number(y(line.spans().get(index).high())))
                    .append("\"/>");
        }
        if (line.values().size() <= 24) {
            for (int index = 0; index < line.values().size(); index++) {
                svg.append("<circle r=\"2.4\" cx=\"")
                        .append(number(x(places.get(index).at())));
                svg.append("\" cy=\"")
                        .append(number(y(line.values().get(index))))
                        .append("\"/>");
            }
        }
        svg.append("</g>\n");
    }

    private double x(double at) {
        double first = places.get(0).at();
        double last = places.get(places.size() - 1).at();
        return LEFT + (WIDTH - LEFT - RIGHT) * (last > first ? (at - first) / (last - first) : 0.5);
    }

    private double y(double value) {
        double clamped = Math.min(high, Math.max(low, value));
        return TOP + (HEIGHT - TOP - BOTTOM) * (high - clamped) / (high - low);
    }

    /** Distance between the levels that are marked. */
    double step() {
        double range = high - low;
        if (range <= 2.01) {
            return range > 1.01 ? 0.5 : range > 0.45 ? 0.25 : 0.1;
        }
        double ten = Math.pow(10, Math.floor(Math.log10(range)));
        return range / ten > 5 ? ten * 2 : range / ten > 2 ? ten : ten / 2;
    }

    static String level(double level, double step) {
        double rounded = Math.rint(level / step) * step + 0.0;
        return String.format(Locale.ROOT, step < 0.25 ? "%.1f" : "%.2f", rounded)
                .replaceAll("(\\.\\d*?)0+$", "$1")
                .replaceAll("\\.$", "")
                .replace("-", "−");
    }

    /** A sign for each line with its name, as markup. */
    public String key() {
        StringBuilder key = new StringBuilder("<p class=\"key\">");
        lines.forEach(line -> key.append(key(style(line.style()), line.name())));
        return key.append("</p>\n").toString();
    }

    static String key(String style, String name) {
        return "<span class=\"" + style + "\"><svg viewBox=\"0 0 24 8\"><g class=\"line " + style
                + "\"><polyline points=\"0,4 24,4\"/></g></svg>" + Html.text(name) + "</span> ";
    }

    /**
     * Drawn with its key and a caption, for a file of its own.
     *
     * @param caption what the plot is of, a line each
     */
    public BufferedImage image(List<String> caption) {
        return new PlotPainter(this, caption).image();
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }
}
