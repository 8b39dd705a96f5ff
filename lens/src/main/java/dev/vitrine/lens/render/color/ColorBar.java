package dev.vitrine.lens.render.color;

import dev.vitrine.lens.render.text.Lettering;
import java.awt.Color;
import java.awt.Graphics2D;

/** The colours of a map in a row, with the scores that its ends stand for. */
public record ColorBar(ColorMap colours, Scale scale) implements Key {
    private static final int THICKNESS = 12;
    private static final Lettering LABEL = new Lettering(11, new Color(0x3a3d42));
    private static final Lettering NOTE = new Lettering(10, new Color(0x767a80));

    @Override
    public int height() {
        return THICKNESS + 4 + LABEL.lineHeight() + NOTE.lineHeight();
    }

    @Override
    public String words() {
        return scale.words();
    }

    @Override
    public void draw(Graphics2D graphics, int left, int top, int width) {
        for (int x = 0; x < width; x++) {
            graphics.setColor(new Color(colours.rgb(x / (width - 1.0))));
            graphics.fillRect(left + x, top, 1, THICKNESS);
        }
        int below = top + THICKNESS + 3;
        String low = lowLabel();
        String high = highLabel();
        LABEL.draw(graphics, low, left, below);
        LABEL.draw(graphics, high, left + width - LABEL.width(high), below);
        if (scale.polarity() == Polarity.SIGNED) {
            LABEL.draw(graphics, "0", left + (width - LABEL.width("0")) / 2, below);
        }
        String note = NOTE.ellipsised(scale.words(), width);
        NOTE.draw(graphics, note, left, below + LABEL.lineHeight());
    }

    public String lowLabel() {
        return Scale.number(scale.low()) + (scale.polarity() == Polarity.SIGNED ? " against" : "");
    }

    public String highLabel() {
        return (scale.polarity() == Polarity.SIGNED ? "for +" : "") + Scale.number(scale.high());
    }
}
