package dev.vitrine.study.map;

import dev.vitrine.lens.render.color.ColorMap;
import dev.vitrine.lens.render.text.Lettering;
import dev.vitrine.study.page.Html;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Ellipse2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * A map for print: a panel for each layer from input to output, points colored by a property, and what the colors mean.
 *
 * @param radius of a point
 */
public record MapPlot(int width, int height, double radius, List<Panel> panels, List<Sign> signs) {
    private static final int MARGIN = 24;
    private static final int TITLE = 26;
    private static final int ALONE = 900;
    private static final int SEVERAL = 420;
    private static final int ACROSS = 4;
    private static final int SIGN = 190;
    private static final int LINE = 22;

    /** Categories with a color of their own: Okabe and Ito's colors and two more. */
    private static final List<String> NAMED = List.of(
            "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#b58900", "#56b4e9", "#5b3fa0", "#7a4a1e", "#1a1c1f",
            "#8f9f1e");

    private static final String OTHER = "#b4b4b4";
    private static final int AMOUNTS = 5;
    private static final Lettering TEXT = new Lettering(13, new Color(0x1a1c1f));

    public record Dot(double x, double y, String color) {}

    public record Panel(String title, double left, double top, List<Dot> dots) {}

    /** An entry of the legend. */
    public record Sign(String name, int x, int y, String color) {}

    static MapPlot of(PictureMap map, String color) {
        Column column = map.columns().stream()
                .filter(known -> known.id().equals(color))
                .findFirst()
                .orElse(Column.numbers("", "", new double[map.names().size()]));
        int count = map.layers().size();
        int side = count == 1 ? ALONE : SEVERAL;
        int across = Math.min(ACROSS, count);
        List<Panel> panels = new ArrayList<>();
        for (int index = 0; index < count; index++) {
            panels.add(panel(
                    map.layers().get(index),
                    column,
                    MARGIN + index % across * (side + MARGIN),
                    MARGIN + TITLE + index / across * (side + MARGIN + TITLE),
                    side));
        }
        int width = MARGIN + across * (side + MARGIN);
        int top = MARGIN + (count + across - 1) / across * (side + MARGIN + TITLE) + LINE;
        List<Sign> signs = signs(column, width, top);
        int height = signs.stream().mapToInt(Sign::y).max().orElse(top) + MARGIN;
        double radius =
                Math.max(1, Math.min(4, 0.15 * side / Math.sqrt(map.names().size())));
        return new MapPlot(width, height, radius, panels, signs);
    }

    private static Panel panel(LayerMap layer, Column column, int left, int top, int side) {
        double[] low = {Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY};
        double[] high = {Double.NEGATIVE_INFINITY, Double.NEGATIVE_INFINITY};
        for (int i = 0; i < layer.points().length; i++) {
            low[i % 2] = Math.min(low[i % 2], layer.points()[i]);
            high[i % 2] = Math.max(high[i % 2], layer.points()[i]);
        }
        double span = Math.max(1e-9, Math.max(high[0] - low[0], high[1] - low[1]));
        double scale = 0.96 * side / span;
        List<Dot> dots = new ArrayList<>();
        for (int point = 0; point < layer.points().length / 2; point++) {
            double x = layer.points()[2 * point] - (low[0] + high[0]) / 2;
            double y = layer.points()[2 * point + 1] - (low[1] + high[1]) / 2;
            dots.add(new Dot(
                    rounded(left + side / 2.0 + scale * x),
                    rounded(top + side / 2.0 - scale * y),
                    color(column, point)));
        }
        String told = layer.separability()
                .map(share -> String.format(Locale.ROOT, ", 10-NN accuracy %.1f %%", 100 * share))
                .orElse("");
        return new Panel(TEXT.ellipsised(layer.layer() + told, side), left, top, dots);
    }

    private static double rounded(double value) {
        return Math.round(10 * value) / 10.0;
    }

    private static String color(Column column, int point) {
        double value = column.values()[point];
        if (!Double.isFinite(value)) {
            return OTHER;
        }
        if (column.isOfWords()) {
            return value < NAMED.size() ? NAMED.get((int) value) : OTHER;
        }
        double[] ends = ends(column);
        return hex((value - ends[0]) / Math.max(1e-12, ends[1] - ends[0]));
    }

    private static String hex(double share) {
        return String.format(Locale.ROOT, "#%06x", ColorMap.CIVIDIS.rgb(share) & 0xffffff);
    }

    /** The 2nd and 98th percentile. */
    private static double[] ends(Column column) {
        double[] sorted =
                Arrays.stream(column.values()).filter(Double::isFinite).sorted().toArray();
        return sorted.length == 0
                ? new double[] {0, 1}
                : new double[] {
                    sorted[(int) (0.02 * (sorted.length - 1))], sorted[(int) Math.ceil(0.98 * (sorted.length - 1))]
                };
    }

    private static List<Sign> signs(Column column, int width, int top) {
        List<String[]> entries = new ArrayList<>();
        if (column.isOfWords()) {
            for (int word = 0; word < Math.min(NAMED.size(), column.words().size()); word++) {
                entries.add(new String[] {column.words().get(word), NAMED.get(word)});
            }
            if (column.words().size() > NAMED.size()) {
                entries.add(new String[] {column.words().size() - NAMED.size() + " others", OTHER});
            }
        } else if (!column.id().isEmpty()) {
            double[] ends = ends(column);
            for (int step = 0; step < AMOUNTS; step++) {
                double share = step / (AMOUNTS - 1.0);
                double value = ends[0] + share * (ends[1] - ends[0]);
                entries.add(new String[] {
                    (step == 0 ? column.id() + " " : "") + String.format(Locale.ROOT, "%.3g", value), hex(share)
                });
            }
        }
        int across = Math.max(1, (width - 2 * MARGIN) / SIGN);
        List<Sign> signs = new ArrayList<>();
        for (int index = 0; index < entries.size(); index++) {
            signs.add(new Sign(
                    TEXT.ellipsised(entries.get(index)[0], SIGN - 24.0),
                    MARGIN + index % across * SIGN,
                    top + index / across * LINE,
                    entries.get(index)[1]));
        }
        return signs;
    }

    String svg() {
        return Html.of(output -> JteplotGenerated.render(output, null, this));
    }

    BufferedImage image() {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        try {
            graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
            graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
            graphics.setColor(new Color(0xfbfbf9));
            graphics.fillRect(0, 0, width, height);
            for (Panel panel : panels) {
                TEXT.draw(graphics, panel.title(), panel.left(), panel.top() - TITLE + 4);
                for (Dot dot : panel.dots()) {
                    graphics.setColor(new Color(Integer.parseInt(dot.color().substring(1), 16)));
                    graphics.fill(new Ellipse2D.Double(dot.x() - radius, dot.y() - radius, 2 * radius, 2 * radius));
                }
            }
            for (Sign sign : signs) {
                graphics.setColor(new Color(Integer.parseInt(sign.color().substring(1), 16)));
                graphics.fill(new Ellipse2D.Double(sign.x() + 1, sign.y() - 5, 10, 10));
                TEXT.draw(graphics, sign.name(), sign.x() + 18, sign.y() - TEXT.lineHeight() / 2.0);
            }
        } finally {
            graphics.dispose();
        }
        return image;
    }
}
