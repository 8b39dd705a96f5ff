package dev.vitrine.study.plot;

import java.util.List;
import java.util.Locale;

/**
 * Horizontal bars for shares, each with a confidence interval and a marker for a second share.
 *
 * @param bar meaning of the bars
 * @param mark meaning of the markers
 * @param limit share marked by a dotted line, and its meaning
 */
public record BarPlot(String title, String bar, String mark, Limit limit, List<Row> rows) implements Plot {
    /**
     * @param share 0..1
     * @param marked 0..1
     */
    public record Row(String name, double share, LinePlot.Span span, double marked) {
        /** The largest value in the row. */
        double end() {
            return Math.max(marked, Math.max(share, span.high()));
        }
    }

    public record Limit(String name, double share) {}

    private static final Ink BAR = Ink.SERIES_0;
    private static final Ink MARK = Ink.SERIES_1;
    private static final Pen LIMIT = Pen.dotted(Ink.MARK, 1.5);
    private static final Pen SPAN = Pen.whole(Ink.MARK, 1.2);
    private static final Pen GRID = Pen.whole(Ink.GRID, 1);

    private static final double TOP = 6;
    private static final double LONGEST_NAME = 330;
    private static final double VALUES = 56;
    private static final double LINE = 14;
    private static final double FEET = 26;

    /** Up to this number of rows are spaced generously, more of them closely. */
    private static final int FEW = 20;

    public BarPlot {
        rows = List.copyOf(rows);
    }

    /** End of the scale: the smallest round share that fits all values. */
    private double high() {
        double most = Math.max(
                limit.share(), rows.stream().mapToDouble(Row::end).max().orElse(1));
        for (double high : new double[] {0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8}) {
            if (most <= high) {
                return high;
            }
        }
        return 1;
    }

    private static String percent(double share, double high) {
        return String.format(Locale.ROOT, high <= 0.02 ? "%.2f %%" : "%.1f %%", 100 * share);
    }

    private static String tick(double share) {
        return String.format(Locale.ROOT, "%.2f", 100 * share).replaceAll("\\.?0+$", "") + " %";
    }

    private double rowHeight() {
        return rows.size() <= FEW ? 36 : 20;
    }

    private List<String> name(Row row) {
        return Canvas.MEASURE.wrap(row.name(), LONGEST_NAME, rows.size() <= FEW ? 2 : 1);
    }

    private double left() {
        return 12
                + rows.stream()
                        .flatMap(row -> name(row).stream())
                        .mapToDouble(Canvas.MEASURE::width)
                        .max()
                        .orElse(0);
    }

    @Override
    public double height(Breadth breadth) {
        return TOP + rows.size() * rowHeight() + FEET;
    }

    @Override
    public void draw(Canvas canvas, Breadth breadth) {
        double high = high();
        double left = left();
        double scale = (breadth.width() - left - VALUES) / high;
        double foot = height(breadth) - FEET;
        for (int quarter = 0; quarter <= 4; quarter++) {
            double share = high * quarter / 4;
            canvas.line(GRID, left + scale * share, TOP, left + scale * share, foot);
            canvas.words(Canvas.Anchor.MIDDLE, left + scale * share, foot + 18, tick(share));
        }
        for (int index = 0; index < rows.size(); index++) {
            Row row = rows.get(index);
            double middle = TOP + (index + 0.5) * rowHeight();
            String words = percent(row.share(), high);
            canvas.named(row.name() + ": " + words, () -> {
                List<String> name = name(row);
                for (int line = 0; line < name.size(); line++) {
                    double baseline = middle + 4 + LINE * (line - (name.size() - 1) / 2.0);
                    canvas.words(Canvas.Anchor.END, left - 10, baseline, name.get(line));
                }
                double half = Math.min(8, rowHeight() / 2 - 3);
                canvas.rectangle(BAR, left, middle - half, scale * row.share(), 2 * half);
                canvas.line(
                        SPAN,
                        left + scale * row.span().low(),
                        middle,
                        left + scale * row.span().high(),
                        middle);
                canvas.rectangle(MARK, left + scale * row.marked() - 1.5, middle - half - 2, 3, 2 * half + 4);
                canvas.words(Canvas.Anchor.START, left + scale * row.end() + 8, middle + 4, words);
            });
        }
        canvas.line(LIMIT, left + scale * limit.share(), TOP, left + scale * limit.share(), foot);
    }

    @Override
    public List<Sign> signs() {
        return List.of(
                new Sign(bar, canvas -> canvas.rectangle(BAR, 0, 0, Sign.WIDTH, Sign.HEIGHT)),
                new Sign(mark, canvas -> canvas.rectangle(MARK, 10, 0, 3, Sign.HEIGHT)),
                Sign.line(limit.name(), LIMIT));
    }
}
