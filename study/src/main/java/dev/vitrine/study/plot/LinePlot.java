package dev.vitrine.study.plot;

import dev.vitrine.study.page.Html;
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
    public static final int COLOURS = 8;

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

    /** How wide a plot stands on its page. */
    public enum Breadth {
        /** Several side by side. */
        NARROW(420, 250),
        /** Alone. */
        BROAD(880, 330);

        private final int width;
        private final int height;

        Breadth(int width, int height) {
            this.width = width;
            this.height = height;
        }

        int width() {
            return width;
        }

        int height() {
            return height;
        }
    }

    public String svg() {
        return svg(Breadth.NARROW);
    }

    public String svg(Breadth breadth) {
        return new PlotSvg(this, breadth).svg();
    }

    /** Distance between the levels that are marked. */
    double step() {
        double range = high - low;
        if (range > 0.2 && range <= 2.01) {
            return range > 1.01 ? 0.5 : range > 0.45 ? 0.25 : 0.1;
        }
        double ten = Math.pow(10, Math.floor(Math.log10(range)));
        return range / ten > 5 ? ten * 2 : range / ten > 2 ? ten : ten / 2;
    }

    static String level(double level, double step) {
        double rounded = Math.rint(level / step) * step + 0.0;
        int digits = step >= 0.25 ? 2 : (int) Math.ceil(-Math.log10(step) - 1e-9);
        return String.format(Locale.ROOT, "%." + digits + "f", rounded)
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

    public static String key(String style, String name) {
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
}
