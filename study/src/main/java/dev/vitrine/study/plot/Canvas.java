package dev.vitrine.study.plot;

import dev.vitrine.lens.render.text.Lettering;
import java.awt.Color;
import java.util.List;

/** Drawing surface of plots: lines, areas and text, in page pixels from the top left. */
interface Canvas {
    /** Pixels per em. */
    double LETTERS = 11;

    /** Upper bound of the text width; a page's own font may be narrower. */
    Lettering MEASURE = new Lettering(LETTERS, Color.BLACK);

    record Point(double x, double y) {}

    /** Text alignment relative to its anchor. */
    enum Anchor {
        START,
        MIDDLE,
        END
    }

    void line(Pen pen, List<Point> points);

    default void line(Pen pen, double x1, double y1, double x2, double y2) {
        line(pen, List.of(new Point(x1, y1), new Point(x2, y2)));
    }

    void rectangle(Ink ink, double x, double y, double width, double height);

    void dot(Ink ink, double x, double y, double radius);

    /** A single line of text. */
    void words(Anchor anchor, double x, double baseline, String words);

    /** Text rotated by 45° that ends at this position. */
    void rising(double x, double y, String words);

    /** Names what is drawn next; shown as a tooltip on pages. */
    void named(String name, Runnable drawing);
}
