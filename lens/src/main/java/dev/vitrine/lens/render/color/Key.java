package dev.vitrine.lens.render.color;

import java.awt.Graphics2D;

/** What the colors of a picture mean, told below it. */
public sealed interface Key permits ColorBar, ClassKey {
    /** Of what {@link #draw} draws in so much width. */
    int height(int width);

    void draw(Graphics2D graphics, int left, int top, int width);

    /** The same in words, for a file's own text. */
    String words();
}
