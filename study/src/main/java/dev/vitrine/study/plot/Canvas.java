package dev.vitrine.study.plot;

import dev.vitrine.lens.render.text.Lettering;
import java.awt.Color;
import java.util.List;

/** What plots are drawn on: lines, areas and words, in pixels of a page from the top left. */
interface Canvas {
    /** Pixels an em. */
    double LETTERS = 11;

    /** How wide words are, at most; a page's own font may be narrower. */
    Lettering MEASURE = new Lettering(LETTERS, Color.BLACK);

    record Point(double x, double y) {}

    /** Which part of words lies at their place. */
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

    /** Words on one line. */
    void words(Anchor anchor, double x, double baseline, String words);

    /** Words that rise by half a right angle and end here. */
    void rising(double x, double y, String words);

    /** What is drawn has a name, which shows where a page is pointed at. */
    void named(String name, Runnable drawing);
}
