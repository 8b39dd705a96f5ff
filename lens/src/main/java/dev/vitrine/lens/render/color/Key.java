package dev.vitrine.lens.render.color;

import java.awt.Graphics2D;

/** A color key shown below a picture. */
public sealed interface Key permits ColorBar, ClassKey {
    /** Height of what {@link #draw} draws at a given width. */
    int height(int width);

    void draw(Graphics2D graphics, int left, int top, int width);

    /** The key in words, for a file's metadata. */
    String words();
}
