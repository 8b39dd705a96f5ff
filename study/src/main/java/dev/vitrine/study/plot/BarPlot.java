package dev.vitrine.study.plot;

import dev.vitrine.lens.render.text.Lettering;
import dev.vitrine.study.page.Html;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A bar a row for shares, each with the interval in which the true value may lie and a mark for a second share, drawn as
 * SVG in the page's own colours, or as a picture for a file of its own.
 *
 * @param bar what the bars are
 * @param mark what the marks are
 * @param limit the share that a dotted line goes through, and what it is
 */
public record BarPlot(String title, String bar, String mark, Limit limit, List<Row> rows) {
    /**
     * @param share 0..1
     * @param marked 0..1
     */
    public record Row(String name, double share, LinePlot.Span span, double marked) {}

    public record Limit(String name, double share) {}

    private static final int WIDTH = 1100;
    private static final int MARGIN = 20;
    private static final int NAMES = 390;
    private static final int VALUES = 70;
    private static final int ROW = 42;
    private static final int THICK = 18;
    private static final int SIGN = 38;
    private static final int KEY_GAP = 28;
    private static final Color PAPER = new Color(0xfbfbf9);
    private static final Color RULE = new Color(0xdedbd3);
    private static final Color BAR = new Color(0x0072b2);
    private static final Color MARK = new Color(0xd55e00);
    private static final Color LIMIT = new Color(0x6a6e75);
    private static final Color INK = new Color(0x1a1c1f);
    private static final Lettering TITLE = new Lettering(20, INK);
    private static final Lettering TEXT = new Lettering(14, new Color(0x3a3d42));
    private static final Lettering TICK = new Lettering(13, new Color(0x5b6068));

    public BarPlot {
        rows = List.copyOf(rows);
    }

    /** The end of the scale: the least round share that holds everything. */
    private double high() {
        double most = Math.max(
                limit.share(),
                rows.stream()
                        .mapToDouble(row -> Math.max(
                                row.marked(), Math.max(row.share(), row.span().high())))
                        .max()
                        .orElse(1));
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

    public String svg() {
        int foot = 10 + rows.size() * ROW;
        StringBuilder svg = new StringBuilder("<figure class=\"plot broad\"><figcaption>" + Html.text(title)
                + "</figcaption>\n<svg viewBox=\"0 0 880 " + (foot + 26) + "\" role=\"img\" aria-label=\""
                + Html.text(title) + "\">\n");
        double high = high();
        double left = 290;
        double scale = (880 - left - 70) / high;
        for (int index = 0; index <= 4; index++) {
            double x = left + scale * high * index / 4;
            svg.append(line("grid", x, 6, x, foot)).append(text("middle", x, foot + 18, tick(high * index / 4)));
        }
        for (int index = 0; index < rows.size(); index++) {
            Row row = rows.get(index);
            double y = 10 + index * ROW + ROW / 2.0;
            svg.append("<g class=\"bar\"><title>").append(Html.text(row.name() + ": " + percent(row.share(), high)));
            svg.append("</title>");
            List<String> name = TICK.wrap(row.name(), 330, 2);
            for (int line = 0; line < name.size(); line++) {
                svg.append(text("end", left - 10, y + 4 + 15 * (line - (name.size() - 1) / 2.0), name.get(line)));
            }
            svg.append(rectangle("s0", left, y - 8, scale * row.share(), 16));
            svg.append(line(
                    "span",
                    left + scale * row.span().low(),
                    y,
                    left + scale * row.span().high(),
                    y));
            svg.append(rectangle("s1", left + scale * row.marked() - 1.5, y - 11, 3, 22));
            double end = Math.max(row.marked(), Math.max(row.share(), row.span().high()));
            svg.append(text("start", left + scale * end + 8, y + 4, percent(row.share(), high)))
                    .append("</g>\n");
        }
        double x = left + scale * limit.share();
        return svg.append(line("level", x, 6, x, foot))
                .append("</svg></figure>\n")
                .toString();
    }

    /** A sign for bars, marks and the line, as markup. */
    public String key() {
        return "<p class=\"key\"><span class=\"s0\"><svg viewBox=\"0 0 24 8\">" + rectangle("s0", 0, 0, 24, 8)
                + "</svg>" + Html.text(bar) + "</span> <span class=\"s1\"><svg viewBox=\"0 0 24 8\">"
                + rectangle("s1", 10, 0, 3, 8) + "</svg>" + Html.text(mark) + "</span> "
                + LinePlot.key("control", limit.name()) + "</p>\n";
    }

    private static String line(String kind, double x1, double y1, double x2, double y2) {
        return String.format(
                Locale.ROOT,
                "<line class=\"%s\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>",
                kind,
                x1,
                y1,
                x2,
                y2);
    }

    private static String rectangle(String colour, double x, double y, double width, double height) {
        return String.format(
                Locale.ROOT,
                "<rect class=\"%s\" fill=\"currentColor\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"/>",
                colour,
                x,
                y,
                width,
                height);
    }

    private static String text(String anchor, double x, double y, String words) {
        return String.format(
                Locale.ROOT,
                "<text class=\"tick\" text-anchor=\"%s\" x=\"%.1f\" y=\"%.1f\">%s</text>",
                anchor,
                x,
                y,
                Html.text(words));
    }

    /**
     * Drawn with its key and a caption, for a file of its own.
     *
     * @param caption what the plot is of, a line each
     */
    public BufferedImage image(List<String> caption) {
        List<String> lines = new ArrayList<>();
        caption.forEach(line -> lines.addAll(TEXT.wrap(line, WIDTH - 2 * MARGIN)));
        List<String> heading = TITLE.wrap(title, WIDTH - 2 * MARGIN);
        int top = MARGIN + heading.size() * TITLE.lineHeight() + 14;
        int foot = top + rows.size() * ROW;
        int keyTop = foot + 40;
        int captionTop = keyTop + keyHeight() + 14;
        int height = captionTop + lines.size() * TEXT.lineHeight() + MARGIN;
        BufferedImage image = new BufferedImage(WIDTH, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        try {
            graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
            graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
            graphics.setColor(PAPER);
            graphics.fillRect(0, 0, WIDTH, height);
            for (int index = 0; index < heading.size(); index++) {
                TITLE.draw(graphics, heading.get(index), MARGIN, MARGIN + index * TITLE.lineHeight());
            }
            bars(graphics, top, foot);
            key(graphics, keyTop);
            for (int index = 0; index < lines.size(); index++) {
                TEXT.draw(graphics, lines.get(index), MARGIN, captionTop + index * TEXT.lineHeight());
            }
        } finally {
            graphics.dispose();
        }
        return image;
    }

    private void bars(Graphics2D graphics, int top, int foot) {
        double high = high();
        double left = MARGIN + NAMES;
        double scale = (WIDTH - left - MARGIN - VALUES) / high;
        graphics.setStroke(new BasicStroke(1));
        for (int index = 0; index <= 4; index++) {
            double x = left + scale * high * index / 4;
            graphics.setColor(RULE);
            graphics.draw(new Line2D.Double(x, top, x, foot));
            String word = tick(high * index / 4);
            TICK.draw(graphics, word, x - TICK.width(word) / 2, foot + 8);
        }
        for (int index = 0; index < rows.size(); index++) {
            Row row = rows.get(index);
            double y = top + index * ROW + ROW / 2.0;
            List<String> name = TICK.wrap(row.name(), NAMES - 14 - MARGIN, 2);
            double nameTop = y - name.size() * TICK.lineHeight() / 2.0;
            for (int line = 0; line < name.size(); line++) {
                double x = left - 14 - TICK.width(name.get(line));
                TICK.draw(graphics, name.get(line), x, nameTop + line * TICK.lineHeight());
            }
            graphics.setColor(BAR);
            graphics.fill(new Rectangle2D.Double(left, y - THICK / 2.0, scale * row.share(), THICK));
            graphics.setColor(INK);
            graphics.setStroke(new BasicStroke(1.4f));
            graphics.draw(new Line2D.Double(
                    left + scale * row.span().low(),
                    y,
                    left + scale * row.span().high(),
                    y));
            graphics.setColor(MARK);
            graphics.fill(new Rectangle2D.Double(left + scale * row.marked() - 2, y - 13, 4, 26));
            double end = Math.max(row.marked(), Math.max(row.share(), row.span().high()));
            TEXT.draw(graphics, percent(row.share(), high), left + scale * end + 10, y - 10);
        }
        graphics.setColor(LIMIT);
        graphics.setStroke(dotted());
        double x = left + scale * limit.share();
        graphics.draw(new Line2D.Double(x, top, x, foot));
    }

    /** A sign of the key, and what it stands for where it has a line of its own. */
    private List<List<String>> keyLines() {
        double room = WIDTH - 2.0 * MARGIN - SIGN;
        return List.of(TEXT.wrap(bar, room), TEXT.wrap(mark, room), TEXT.wrap(limit.name(), room));
    }

    private boolean isKeyOneLine() {
        double width = 3.0 * (SIGN + KEY_GAP) + TEXT.width(bar) + TEXT.width(mark) + TEXT.width(limit.name());
        return width <= WIDTH - 2 * MARGIN;
    }

    private int keyHeight() {
        int lines = keyLines().stream().mapToInt(List::size).sum();
        return TEXT.lineHeight() * (isKeyOneLine() ? 1 : lines);
    }

    private void key(Graphics2D graphics, int top) {
        double x = MARGIN;
        int y = top;
        boolean together = isKeyOneLine();
        List<List<String>> all = keyLines();
        for (int index = 0; index < all.size(); index++) {
            sign(graphics, index, x, y);
            for (String line : all.get(index)) {
                TEXT.draw(graphics, line, x + SIGN, y);
                x += together ? SIGN + TEXT.width(line) + KEY_GAP : 0;
                y += together ? 0 : TEXT.lineHeight();
            }
        }
    }

    private static void sign(Graphics2D graphics, int index, double x, int y) {
        switch (index) {
            case 0 -> {
                graphics.setColor(BAR);
                graphics.fill(new Rectangle2D.Double(x, y + 3, 30, 14));
            }
            case 1 -> {
                graphics.setColor(MARK);
                graphics.fill(new Rectangle2D.Double(x + 13, y, 4, 20));
            }
            default -> {
                graphics.setColor(LIMIT);
                graphics.setStroke(dotted());
                graphics.draw(new Line2D.Double(x, y + 10, x + 30, y + 10));
            }
        }
    }

    private static BasicStroke dotted() {
        return new BasicStroke(2, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1, new float[] {3, 5}, 0);
    }
}
