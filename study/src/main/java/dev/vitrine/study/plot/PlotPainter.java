package dev.vitrine.study.plot;

import dev.vitrine.lens.render.text.Lettering;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;

/** Draws a {@link LinePlot} as a picture: title, lines, key, caption. */
final class PlotPainter {
    private static final int WIDTH = 1100;
    private static final int HEIGHT = 480;
    private static final int LEFT = 70;
    private static final int RIGHT = 30;
    private static final int BOTTOM = 60;
    private static final int MARGIN = 20;
    private static final int LONGEST_TICK = 300;
    private static final float[] BROKEN = {9, 5};
    private static final float[] DOTTED = {3, 5};
    private static final Color PAPER = new Color(0xfbfbf9);
    private static final Color RULE = new Color(0xdedbd3);
    private static final Color LIMIT = new Color(0xb3261e);
    private static final Color CONTROL = new Color(0x6a6e75);
    private static final Lettering TITLE = new Lettering(20, new Color(0x1a1c1f));
    private static final Lettering TEXT = new Lettering(14, new Color(0x3a3d42));
    private static final Lettering TICK = new Lettering(13, new Color(0x5b6068));

    /** Those of the style sheet, on light paper. */
    private static final List<Color> COLOURS = List.of(
            new Color(0x0072b2),
            new Color(0xd55e00),
            new Color(0x009e73),
            new Color(0xcc79a7),
            new Color(0xb58900),
            new Color(0x56b4e9),
            new Color(0x5b3fa0),
            new Color(0x7a4a1e));

    private final LinePlot plot;
    private final List<String> caption = new ArrayList<>();
    private final List<String> title;
    private final int top;

    PlotPainter(LinePlot plot, List<String> caption) {
        this.plot = plot;
        caption.forEach(line -> this.caption.addAll(TEXT.wrap(line, WIDTH - 2 * MARGIN)));
        this.title = TITLE.wrap(plot.title(), WIDTH - 2 * MARGIN);
        this.top = MARGIN + title.size() * TITLE.lineHeight() + 14;
    }

    /** Where a line's sign and name stand in the key. */
    private record Place(int x, int row, List<String> name) {}

    BufferedImage image() {
        List<Place> key = key();
        int rows = key.stream()
                .mapToInt(place -> place.row() + place.name().size())
                .max()
                .orElse(0);
        int keyTop = top + HEIGHT + BOTTOM;
        int captionTop = keyTop + rows * (TEXT.lineHeight() + 4) + 8;
        int height = captionTop + caption.size() * TEXT.lineHeight() + MARGIN;
        BufferedImage image = new BufferedImage(WIDTH, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        try {
            graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
            graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
            graphics.setColor(PAPER);
            graphics.fillRect(0, 0, WIDTH, height);
            for (int index = 0; index < title.size(); index++) {
                TITLE.draw(graphics, title.get(index), MARGIN, MARGIN + index * TITLE.lineHeight());
            }
            axes(graphics);
            for (LinePlot.Line line : plot.lines()) {
                line(graphics, line);
            }
            for (int index = 0; index < key.size(); index++) {
                Place place = key.get(index);
                LinePlot.Line line = plot.lines().get(index);
                int y = keyTop + place.row() * (TEXT.lineHeight() + 4);
                stroke(graphics, line.style());
                graphics.draw(new Line2D.Double(place.x(), y + 10, place.x() + 34, y + 10));
                for (int part = 0; part < place.name().size(); part++) {
                    TEXT.draw(graphics, place.name().get(part), place.x() + 42, y + part * (TEXT.lineHeight() + 4));
                }
            }
            for (int index = 0; index < caption.size(); index++) {
                TEXT.draw(graphics, caption.get(index), MARGIN, captionTop + index * TEXT.lineHeight());
            }
        } finally {
            graphics.dispose();
        }
        return image;
    }

    private List<Place> key() {
        List<Place> places = new ArrayList<>();
        int x = LEFT;
        int row = 0;
        int below = 0;
        for (LinePlot.Line line : plot.lines()) {
            List<String> name = TEXT.wrap(line.name(), WIDTH - LEFT - RIGHT - 42);
            double longest = name.stream().mapToDouble(TEXT::width).max().orElse(0);
            int width = 42 + (int) Math.ceil(longest);
            if (x > LEFT && x + width > WIDTH - RIGHT) {
                x = LEFT;
                row = below;
            }
            places.add(new Place(x, row, name));
            below = Math.max(below, row + Math.max(1, name.size()));
            x += width + 28;
        }
        return places;
    }

    private void axes(Graphics2D graphics) {
        double step = plot.step();
        graphics.setStroke(new BasicStroke(1));
        for (double level = Math.ceil(plot.low() / step - 1e-9) * step; level <= plot.high() + 1e-9; level += step) {
            graphics.setColor(RULE);
            graphics.draw(new Line2D.Double(LEFT, y(level), WIDTH - RIGHT, y(level)));
            String text = LinePlot.level(level, step);
            TICK.draw(graphics, text, LEFT - 10 - TICK.width(text), y(level) - 9);
        }
        double free = LEFT;
        for (LinePlot.Place place : plot.places()) {
            String word = TICK.ellipsised(place.word(), LONGEST_TICK);
            double width = TICK.width(word);
            double left = Math.max(4, Math.min(WIDTH - 4 - width, x(place.at()) - width / 2));
            if (!place.word().isEmpty() && left >= free - width / 2) {
                TICK.draw(graphics, word, left, top + HEIGHT + 8);
                free = left + width + 6 + width / 2;
            }
        }
        String across = TEXT.ellipsised(plot.acrossLabel(), WIDTH - LEFT - RIGHT);
        TEXT.draw(graphics, across, (LEFT + WIDTH - RIGHT - TEXT.width(across)) / 2, top + HEIGHT + 30);
        if (plot.limit().isPresent()) {
            graphics.setColor(LIMIT);
            graphics.setStroke(new BasicStroke(1.6f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1, BROKEN, 0));
            double y = y(plot.limit().getAsDouble());
            graphics.draw(new Line2D.Double(LEFT, y, WIDTH - RIGHT, y));
        }
    }

    private static void stroke(Graphics2D graphics, int style) {
        boolean control = style == LinePlot.CONTROL;
        graphics.setColor(control ? CONTROL : COLOURS.get(style % COLOURS.size()));
        if (control || style >= LinePlot.COLOURS) {
            graphics.setStroke(new BasicStroke(
                    2.4f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1, control ? DOTTED : BROKEN, 0));
        } else {
            graphics.setStroke(new BasicStroke(2.6f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
        }
    }

    private void line(Graphics2D graphics, LinePlot.Line line) {
        if (line.values().isEmpty()) {
            return;
        }
        stroke(graphics, line.style());
        Path2D path = new Path2D.Double();
        for (int index = 0; index < line.values().size(); index++) {
            double x = x(plot.places().get(index).at());
            double y = y(line.values().get(index));
            if (index == 0) {
                path.moveTo(x, y);
            } else {
                path.lineTo(x, y);
            }
        }
        graphics.draw(path);
        graphics.setStroke(new BasicStroke(1.2f));
        for (int index = 0; index < line.spans().size(); index++) {
            double x = x(plot.places().get(index).at());
            LinePlot.Span span = line.spans().get(index);
            graphics.draw(new Line2D.Double(x, y(span.low()), x, y(span.high())));
        }
        if (line.style() != LinePlot.CONTROL && line.values().size() <= 80) {
            for (int index = 0; index < line.values().size(); index++) {
                double x = x(plot.places().get(index).at());
                graphics.fill(new Ellipse2D.Double(x - 3.5, y(line.values().get(index)) - 3.5, 7, 7));
            }
        }
    }

    private double x(double at) {
        double first = plot.places().get(0).at();
        double last = plot.places().get(plot.places().size() - 1).at();
        return LEFT + 14 + (WIDTH - LEFT - RIGHT - 28) * (last > first ? (at - first) / (last - first) : 0.5);
    }

    private double y(double value) {
        double clamped = Math.min(plot.high(), Math.max(plot.low(), value));
        return top + HEIGHT * (plot.high() - clamped) / (plot.high() - plot.low());
    }
}
