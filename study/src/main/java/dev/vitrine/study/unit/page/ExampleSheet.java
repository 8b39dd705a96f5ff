package dev.vitrine.study.unit.page;

import dev.vitrine.study.unit.example.ExamplePainter.Drawn;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.util.List;

/** Examples as one picture: patches in rows of three, with their projections to the right. */
public final class ExampleSheet {
    private static final int ACROSS = 3;
    private static final int GAP = 2;
    private static final Color PAPER = new Color(0xe6e4de);

    private ExampleSheet() {}

    /** @param side of a tile in pixels */
    public static BufferedImage image(List<Drawn> examples, int side) {
        int rows = Math.max(1, (examples.size() + ACROSS - 1) / ACROSS);
        int block = ACROSS * (side + GAP);
        boolean projected = examples.stream().anyMatch(one -> one.projection().isPresent());
        BufferedImage sheet = new BufferedImage(
                projected ? 2 * block + 3 * GAP : block - GAP, rows * (side + GAP) - GAP, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = sheet.createGraphics();
        try {
            graphics.setColor(PAPER);
            graphics.fillRect(0, 0, sheet.getWidth(), sheet.getHeight());
            for (int index = 0; index < examples.size(); index++) {
                int left = index % ACROSS * (side + GAP);
                int top = index / ACROSS * (side + GAP);
                draw(graphics, examples.get(index).patch(), left, top, side);
                examples.get(index)
                        .projection()
                        .ifPresent(projection -> draw(graphics, projection, left + block + 4 * GAP, top, side));
            }
        } finally {
            graphics.dispose();
        }
        return sheet;
    }

    private static void draw(Graphics2D graphics, BufferedImage picture, int left, int top, int side) {
        double factor = (double) side / Math.max(picture.getWidth(), picture.getHeight());
        int width = (int) Math.round(picture.getWidth() * factor);
        int height = (int) Math.round(picture.getHeight() * factor);
        graphics.drawImage(picture, left + (side - width) / 2, top + (side - height) / 2, width, height, null);
    }
}
