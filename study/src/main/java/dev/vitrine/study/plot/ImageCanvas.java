package dev.vitrine.study.plot;

import dev.vitrine.lens.render.text.Lettering;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.AffineTransform;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.util.List;

/** Draws into a picture at a higher resolution than on a page; text is drawn as outlines of the bundled font. */
final class ImageCanvas implements Canvas {
    /** Picture pixels per page pixel. */
    static final double SCALE = 1.25;

    private static final Lettering TEXT = new Lettering(LETTERS * SCALE, new Color(0x4a4e55));
    private static final double ASCENT = 0.95;

    private final Graphics2D graphics;
    private final double left;
    private final double top;

    ImageCanvas(Graphics2D graphics, double left, double top) {
        this.graphics = graphics;
        this.left = left;
        this.top = top;
    }

    private double x(double x) {
        return left + SCALE * x;
    }

    private double y(double y) {
        return top + SCALE * y;
    }

    @Override
    public void line(Pen pen, List<Point> points) {
        Path2D path = new Path2D.Double();
        for (int index = 0; index < points.size(); index++) {
            Point point = points.get(index);
            if (index == 0) {
                path.moveTo(x(point.x()), y(point.y()));
            } else {
                path.lineTo(x(point.x()), y(point.y()));
            }
        }
        graphics.setColor(pen.ink().color());
        float width = (float) (SCALE * pen.width());
        float[] dashes = {(float) (SCALE * pen.dash()), (float) (SCALE * pen.gap())};
        graphics.setStroke(
                pen.isWhole()
                        ? new BasicStroke(width, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND)
                        : new BasicStroke(width, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1, dashes, 0));
        graphics.draw(path);
    }

    @Override
    public void rectangle(Ink ink, double x, double y, double width, double height) {
        graphics.setColor(ink.color());
        graphics.fill(new Rectangle2D.Double(x(x), y(y), SCALE * width, SCALE * height));
    }

    @Override
    public void dot(Ink ink, double x, double y, double radius) {
        graphics.setColor(ink.color());
        graphics.fill(new Ellipse2D.Double(x(x - radius), y(y - radius), 2 * SCALE * radius, 2 * SCALE * radius));
    }

    @Override
    public void words(Anchor anchor, double x, double baseline, String words) {
        double shift = switch (anchor) {
            case START -> 0;
            case MIDDLE -> TEXT.width(words) / 2;
            case END -> TEXT.width(words);
        };
        TEXT.draw(graphics, words, x(x) - shift, y(baseline) - TEXT.size() * ASCENT);
    }

    @Override
    public void rising(double x, double y, String words) {
        AffineTransform before = graphics.getTransform();
        graphics.translate(x(x), y(y));
        graphics.rotate(-Math.PI / 4);
        TEXT.draw(graphics, words, -TEXT.width(words), -TEXT.size() * ASCENT);
        graphics.setTransform(before);
    }

    @Override
    public void named(String name, Runnable drawing) {
        drawing.run();
    }
}
