package dev.vitrine.study.plot;

import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/**
 * Lines over a common axis.
 *
 * @param places x positions shared by all lines, ascending, some with labels
 * @param low lower end of the y-axis
 * @param high upper end of the y-axis
 * @param limit a level to mark
 */
public record LinePlot(
        String title,
        String acrossLabel,
        List<Place> places,
        double low,
        double high,
        OptionalDouble limit,
        List<Line> lines)
        implements Plot {
    /** A position on the axis; an empty label leaves it unmarked. */
    public record Place(double at, String word) {}

    /** A confidence interval. */
    public record Span(double low, double high) {}

    /**
     * @param style 0.. for series, {@link #CONTROL} for the chance level
     * @param values one per position; a line that ends early has fewer
     * @param spans one per value, or none
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

    /** Number of lines with distinct colors; further lines repeat them, dashed. */
    public static final int COLORS = Ink.SERIES;

    private static final double TOP = 10;
    private static final double RIGHT = 12;
    private static final double INSET = 6;
    private static final double LABEL = 24;
    private static final double HORIZONTAL = 16;
    private static final double LONGEST_WORD = 130;
    /** Minimum spacing of rotated labels. */
    private static final double LINE = 14;
    /** Labels up to this length are numbers: some are omitted if they do not fit. */
    private static final int SHORT = 4;

    private static final double SINE = Math.sqrt(0.5);
    private static final double PIXELS_A_DOT = 14;

    public LinePlot {
        places = List.copyOf(places);
        lines = List.copyOf(lines);
    }

    /** Distance between the y-axis ticks. */
    private double step() {
        double range = high - low;
        if (range > 0.2 && range <= 2.01) {
            return range > 1.01 ? 0.5 : range > 0.45 ? 0.25 : 0.1;
        }
        double ten = Math.pow(10, Math.floor(Math.log10(range)));
        return range / ten > 5 ? ten * 2 : range / ten > 2 ? ten : ten / 2;
    }

    /** The y-axis ticks, lowest first. */
    private double[] levels() {
        double step = step();
        long first = (long) Math.ceil(low / step - 1e-9);
        long last = (long) Math.floor(high / step + 1e-9);
        return IntStream.rangeClosed(0, (int) (last - first))
                .mapToDouble(index -> (first + index) * step)
                .toArray();
    }

    private static String level(double level, double step) {
        int digits = step >= 0.25 ? 2 : (int) Math.ceil(-Math.log10(step) - 1e-9);
        return String.format(Locale.ROOT, "%." + Math.max(0, digits) + "f", level + 0.0)
                .replaceAll("(\\.\\d*?)0+$", "$1")
                .replaceAll("\\.$", "")
                .replace("-", "−");
    }

    /** The plot area for a given width. */
    private final class Axes {
        private final double left;
        private final double width;

        Axes(double width) {
            this.width = width;
            double step = step();
            double levels = 0;
            for (double level : levels()) {
                levels = Math.max(levels, Canvas.MEASURE.width(level(level, step)));
            }
            this.left = Math.max(levels + 12, isRising(width) ? longestWord() * SINE - INSET : 0);
        }

        double across(double at) {
            double first = places.get(0).at();
            double last = places.get(places.size() - 1).at();
            double share = last > first ? (at - first) / (last - first) : 0.5;
            return left + INSET + (width - left - RIGHT - 2 * INSET) * share;
        }
    }

    private static String shortened(Place place) {
        return Canvas.MEASURE.ellipsised(place.word(), LONGEST_WORD);
    }

    private double longestWord() {
        return places.stream()
                .mapToDouble(place -> Canvas.MEASURE.width(shortened(place)))
                .max()
                .orElse(0);
    }

    /** Whether long labels do not fit side by side. */
    private boolean isRising(double width) {
        boolean named = places.stream().anyMatch(place -> place.word().length() > SHORT);
        return named && places.size() * (longestWord() + 8) > width;
    }

    private double feet(double width) {
        return LABEL + (isRising(width) ? 10 + longestWord() * SINE : HORIZONTAL);
    }

    @Override
    public double height(Breadth breadth) {
        return breadth.height() + feet(breadth.width()) - LABEL - HORIZONTAL;
    }

    @Override
    public void draw(Canvas canvas, Breadth breadth) {
        Axes axes = new Axes(breadth.width());
        double foot = height(breadth) - feet(breadth.width());
        double right = breadth.width() - RIGHT;
        double step = step();
        for (double level : levels()) {
            double y = y(level, foot);
            canvas.line(Pen.whole(Ink.GRID, 1), axes.left, y, right, y);
            canvas.words(Canvas.Anchor.END, axes.left - 6, y + 4, level(level, step));
        }
        words(canvas, axes, foot);
        String label = Canvas.MEASURE.ellipsised(acrossLabel, right - axes.left);
        canvas.words(Canvas.Anchor.MIDDLE, (axes.left + right) / 2, height(breadth) - 6, label);
        limit.ifPresent(at -> canvas.line(Pen.broken(Ink.LIMIT, 1.4), axes.left, y(at, foot), right, y(at, foot)));
        lines.forEach(line -> canvas.named(line.name(), () -> line(canvas, axes, foot, line)));
    }

    /** An axis label and its extent. */
    private record Label(double at, String word, double left, double right) {}

    private Label label(Axes axes, Place place) {
        String word = shortened(place);
        double x = axes.across(place.at());
        if (isRising(axes.width)) {
            return new Label(x, word, x, x + LINE);
        }
        double width = Canvas.MEASURE.width(word);
        double left = Math.max(0, Math.min(axes.width - width, x - width / 2));
        return new Label(left + width / 2, word, left, left + width + 4);
    }

    private void words(Canvas canvas, Axes axes, double foot) {
        List<Label> labels = places.stream()
                .filter(place -> !place.word().isEmpty())
                .map(place -> label(axes, place))
                .toList();
        int every = 1;
        while (!fits(labels, every)) {
            every++;
        }
        for (int index = 0; index < labels.size(); index += every) {
            Label label = labels.get(index);
            if (isRising(axes.width)) {
                canvas.rising(label.at() + 3, foot + 12, label.word());
            } else {
                canvas.words(Canvas.Anchor.MIDDLE, label.at(), foot + HORIZONTAL, label.word());
            }
        }
    }

    private static boolean fits(List<Label> labels, int every) {
        return IntStream.iterate(every, index -> index < labels.size(), index -> index + every)
                .allMatch(index ->
                        labels.get(index).left() >= labels.get(index - every).right());
    }

    private static Pen pen(int style) {
        if (style == CONTROL) {
            return Pen.dotted(Ink.CONTROL, 2);
        }
        Ink ink = Ink.series(style);
        return style < COLORS ? Pen.whole(ink, 2) : Pen.broken(ink, 2);
    }

    private void line(Canvas canvas, Axes axes, double foot, Line line) {
        Pen pen = pen(line.style());
        List<Canvas.Point> points = IntStream.range(0, line.values().size())
                .mapToObj(index -> new Canvas.Point(
                        axes.across(places.get(index).at()), y(line.values().get(index), foot)))
                .toList();
        if (points.size() > 1) {
            canvas.line(pen, points);
        }
        for (int index = 0; index < line.spans().size(); index++) {
            Span span = line.spans().get(index);
            double x = points.get(index).x();
            canvas.line(Pen.whole(pen.ink(), 1), x, y(span.low(), foot), x, y(span.high(), foot));
        }
        if (line.style() != CONTROL && points.size() <= axes.width / PIXELS_A_DOT) {
            points.forEach(point -> canvas.dot(pen.ink(), point.x(), point.y(), 2.6));
        }
    }

    private double y(double value, double foot) {
        double clamped = Math.min(high, Math.max(low, value));
        return TOP + (foot - TOP) * (high - clamped) / (high - low);
    }

    @Override
    public List<Sign> signs() {
        return lines.stream()
                .map(line -> Sign.line(line.name(), pen(line.style())))
                .toList();
    }

    /** The legend symbol of a style, for plots that share a legend. */
    public static Sign sign(int style, String name) {
        return Sign.line(name, pen(style));
    }
}
