package dev.vitrine.lens.render.color;

import dev.vitrine.lens.render.text.Lettering;
import java.awt.Color;
import java.awt.Graphics2D;
import java.util.List;

/** A color bar labeled with the scores at its ends. */
public record ColorBar(ColorMap colors, Scale scale) implements Key {
    private static final int THICKNESS = 12;
    private static final int LABEL_GAP = 8;
    private static final Lettering LABEL = new Lettering(11, new Color(0x3a3d42));
    private static final Lettering NOTE = new Lettering(10, new Color(0x767a80));

    @Override
    public int height(int width) {
        int labels = areBeside(width)
                ? 1
                : LABEL.wrap(lowLabel(), width).size()
                        + LABEL.wrap(highLabel(), width).size();
        return THICKNESS + 4 + labels * LABEL.lineHeight() + notes(width).size() * NOTE.lineHeight();
    }

    private List<String> notes(int width) {
        return NOTE.wrap(scale.words(), width);
    }

    /** Whether the labels of both ends, and of the middle if present, fit in one line. */
    private boolean areBeside(int width) {
        double middle = scale.polarity() == Polarity.SIGNED ? LABEL.width("0") / 2 : 0;
        double longer = Math.max(LABEL.width(lowLabel()), LABEL.width(highLabel()));
        return longer + middle + LABEL_GAP / 2.0 <= width / 2.0;
    }

    @Override
    public String words() {
        return scale.words();
    }

    @Override
    public void draw(Graphics2D graphics, int left, int top, int width) {
        for (int x = 0; x < width; x++) {
            graphics.setColor(new Color(colors.rgb(x / Math.max(1, width - 1.0))));
            graphics.fillRect(left + x, top, 1, THICKNESS);
        }
        int below = top + THICKNESS + 3;
        String low = lowLabel();
        String high = highLabel();
        int line = below;
        if (areBeside(width)) {
            LABEL.draw(graphics, low, left, line);
            LABEL.draw(graphics, high, left + width - LABEL.width(high), line);
            if (scale.polarity() == Polarity.SIGNED) {
                LABEL.draw(graphics, "0", left + (width - LABEL.width("0")) / 2, line);
            }
            line += LABEL.lineHeight();
        } else {
            for (String part : LABEL.wrap(low, width)) {
                LABEL.draw(graphics, part, left, line);
                line += LABEL.lineHeight();
            }
            for (String part : LABEL.wrap(high, width)) {
                LABEL.draw(graphics, part, left + width - LABEL.width(part), line);
                line += LABEL.lineHeight();
            }
        }
        for (String note : notes(width)) {
            NOTE.draw(graphics, note, left, line);
            line += NOTE.lineHeight();
        }
    }

    public String lowLabel() {
        return Scale.number(scale.low()) + (scale.polarity() == Polarity.SIGNED ? " against" : "");
    }

    public String highLabel() {
        return (scale.polarity() == Polarity.SIGNED ? "for +" : "") + Scale.number(scale.high());
    }
}
