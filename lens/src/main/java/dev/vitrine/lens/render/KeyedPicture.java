package dev.vitrine.lens.render;

import dev.vitrine.lens.render.color.Key;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.util.List;

/** A picture with its key below it, for a cell of a {@link Montage}. */
public final class KeyedPicture {
    /** Width in pixels that the text of a key needs. */
    private static final int NARROWEST = 224;

    private static final int HIGHEST = 2048;
    private static final int GAP = 6;
    private static final Color PAPER = new Color(0xfbfbf9);

    private KeyedPicture() {}

    /** The picture, enlarged by an integer factor if narrower than its key, and the key. */
    public static BufferedImage of(BufferedImage picture, Key key) {
        BufferedImage shown = wide(picture);
        int width = shown.getWidth();
        int height = shown.getHeight();
        BufferedImage whole = paper(shown, height + GAP + key.height(width));
        Graphics2D graphics = whole.createGraphics();
        try {
            key.draw(graphics, 0, height + GAP, width);
        } finally {
            graphics.dispose();
        }
        return whole;
    }

    /** Cells of equal height, so that pictures with and without a key are aligned. */
    public static List<Montage.Cell> aligned(List<Montage.Cell> cells) {
        List<Montage.Cell> wide = cells.stream()
                .map(cell -> new Montage.Cell(wide(cell.picture()), cell.caption()))
                .toList();
        int height =
                wide.stream().mapToInt(cell -> cell.picture().getHeight()).max().orElseThrow();
        return wide.stream()
                .map(cell -> new Montage.Cell(paper(cell.picture(), height), cell.caption()))
                .toList();
    }

    private static BufferedImage wide(BufferedImage picture) {
        int wanted = (NARROWEST + picture.getWidth() - 1) / picture.getWidth();
        int factor = Math.max(1, Math.min(wanted, HIGHEST / picture.getHeight()));
        return HeatmapPainter.resized(
                picture, factor * picture.getWidth(), factor * picture.getHeight(), Resampling.NEAREST);
    }

    /** The picture at the top of a canvas of its width. */
    private static BufferedImage paper(BufferedImage picture, int height) {
        BufferedImage paper = new BufferedImage(picture.getWidth(), height, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = paper.createGraphics();
        try {
            graphics.setColor(PAPER);
            graphics.fillRect(0, 0, paper.getWidth(), height);
            graphics.drawImage(picture, 0, 0, null);
        } finally {
            graphics.dispose();
        }
        return paper;
    }
}
