package dev.vitrine.study.plot;

import dev.vitrine.lens.render.text.Lettering;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;

/** A plot as a picture for its own file: title, plot, legend and caption, stacked vertically. */
final class PlotSheet {
    private static final int MARGIN = 20;
    private static final int WIDTH = (int) (Plot.Breadth.FILE.width() * ImageCanvas.SCALE) + 2 * MARGIN;
    private static final int ROOM = WIDTH - 2 * MARGIN;
    private static final int GAP = 14;
    private static final int SIGN = 42;
    private static final int BETWEEN_NAMES = 28;
    private static final Color PAPER = new Color(0xfbfbf9);
    private static final Lettering TITLE = new Lettering(20, new Color(0x1a1c1f));
    private static final Lettering TEXT = new Lettering(14, new Color(0x3a3d42));
    private static final int LINE = TEXT.lineHeight() + 4;

    private final Plot plot;
    private final List<String> title;
    private final List<Entry> key = new ArrayList<>();
    private final List<String> caption = new ArrayList<>();

    PlotSheet(Plot plot, List<String> caption) {
        this.plot = plot;
        this.title = TITLE.wrap(plot.title(), ROOM);
        caption.forEach(line -> this.caption.addAll(TEXT.wrap(line, ROOM)));
        int x = 0;
        int row = 0;
        int below = 0;
        for (Plot.Sign sign : plot.signs()) {
            List<String> name = TEXT.wrap(sign.name(), ROOM - SIGN);
            int width = SIGN
                    + (int) Math.ceil(
                            name.stream().mapToDouble(TEXT::width).max().orElse(0));
            if (x > 0 && x + width > ROOM) {
                x = 0;
                row = below;
            }
            key.add(new Entry(sign, name, MARGIN + x, row));
            below = Math.max(below, row + Math.max(1, name.size()));
            x += width + BETWEEN_NAMES;
        }
    }

    /** A legend symbol, its name and its position. */
    private record Entry(Plot.Sign sign, List<String> name, int x, int row) {}

    BufferedImage image() {
        int top = MARGIN + title.size() * TITLE.lineHeight() + GAP;
        int keyTop = top + (int) Math.ceil(ImageCanvas.SCALE * plot.height(Plot.Breadth.FILE)) + GAP;
        int rows = key.stream()
                .mapToInt(entry -> entry.row() + entry.name().size())
                .max()
                .orElse(0);
        int captionTop = keyTop + rows * LINE + GAP;
        int height = captionTop + caption.size() * TEXT.lineHeight() + MARGIN;
        BufferedImage image = new BufferedImage(WIDTH, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        try {
            graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
            graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
            graphics.setColor(PAPER);
            graphics.fillRect(0, 0, WIDTH, height);
            lines(graphics, TITLE, title, MARGIN, MARGIN, TITLE.lineHeight());
            plot.draw(new ImageCanvas(graphics, MARGIN, top), Plot.Breadth.FILE);
            for (Entry entry : key) {
                int y = keyTop + entry.row() * LINE;
                entry.sign()
                        .drawing()
                        .on(new ImageCanvas(graphics, entry.x(), y + 10 - ImageCanvas.SCALE * Plot.Sign.HEIGHT / 2));
                lines(graphics, TEXT, entry.name(), entry.x() + SIGN, y, LINE);
            }
            lines(graphics, TEXT, caption, MARGIN, captionTop, TEXT.lineHeight());
        } finally {
            graphics.dispose();
        }
        return image;
    }

    private static void lines(Graphics2D graphics, Lettering letters, List<String> lines, int x, int y, int step) {
        for (int index = 0; index < lines.size(); index++) {
            letters.draw(graphics, lines.get(index), x, y + index * step);
        }
    }
}
