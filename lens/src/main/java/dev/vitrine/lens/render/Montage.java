package dev.vitrine.lens.render;

import dev.vitrine.lens.render.text.Lettering;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Captioned pictures in a grid with a given number of columns. */
public record Montage(List<Cell> cells, int columns) {
    /** One picture with its caption lines. */
    public record Cell(BufferedImage picture, String caption) {}

    private static final int GAP = 10;
    /** Columns of small pictures are widened up to this, so that captions break between words and stay short. */
    private static final int NARROW_CAPTION = 160;

    /** Longer side of a picture that is legible on a slide. */
    private static final int LEAST = 200;

    /** Limit on the pixels of all pictures, to fit in memory. */
    private static final long MOST = 24_000_000;

    private static final int WANTED_LINES = 5;

    /** Maximum number of caption lines. */
    private static final int CAPTION_LINES = 8;

    private static final Color PAPER = new Color(0xfbfbf9);
    private static final Lettering CAPTION = new Lettering(12, new Color(0x3a3d42));

    public Montage {
        cells = List.copyOf(cells);
        if (cells.isEmpty() || columns < 1) {
            throw new IllegalArgumentException(cells.size() + " pictures in " + columns + " columns");
        }
    }

    /**
     * Every cell has the size of the largest picture, which is enlarged by an integer factor to {@link #LEAST} pixels
     * if the whole stays within {@link #MOST}; smaller ones are enlarged by an integer factor and centered.
     */
    public BufferedImage image() {
        int factor = factor();
        int cellWidth = factor
                * cells.stream().mapToInt(cell -> cell.picture.getWidth()).max().orElseThrow();
        int cellHeight = factor
                * cells.stream()
                        .mapToInt(cell -> cell.picture.getHeight())
                        .max()
                        .orElseThrow();
        double longest = cells.stream()
                .mapToDouble(cell -> Math.max(
                        CAPTION.width(cell.caption) / WANTED_LINES,
                        Stream.of(cell.caption.split("\\s+"))
                                .mapToDouble(CAPTION::width)
                                .max()
                                .orElse(0)))
                .max()
                .orElseThrow();
        int columnWidth = Math.max(cellWidth, (int) Math.ceil(Math.min(NARROW_CAPTION, longest)));
        List<List<String>> captions = new ArrayList<>();
        for (Cell cell : cells) {
            captions.add(CAPTION.wrap(cell.caption, columnWidth, CAPTION_LINES));
        }
        int lines = captions.stream().mapToInt(List::size).max().orElseThrow();
        int rowHeight = cellHeight + lines * CAPTION.lineHeight() + GAP + (lines > 0 ? 4 : 0);
        int across = Math.min(columns, cells.size());
        int rows = (cells.size() + columns - 1) / columns;
        BufferedImage montage = new BufferedImage(
                GAP + across * (columnWidth + GAP), GAP + rows * rowHeight, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = montage.createGraphics();
        try {
            graphics.setColor(PAPER);
            graphics.fillRect(0, 0, montage.getWidth(), montage.getHeight());
            for (int index = 0; index < cells.size(); index++) {
                int left = GAP + index % columns * (columnWidth + GAP);
                int top = GAP + index / columns * rowHeight;
                BufferedImage shown = enlarged(cells.get(index).picture, cellWidth, cellHeight);
                graphics.drawImage(
                        shown,
                        left + (columnWidth - shown.getWidth()) / 2,
                        top + (cellHeight - shown.getHeight()) / 2,
                        null);
                for (int line = 0; line < captions.get(index).size(); line++) {
                    CAPTION.draw(
                            graphics,
                            captions.get(index).get(line),
                            left,
                            top + cellHeight + 4 + line * CAPTION.lineHeight());
                }
            }
        } finally {
            graphics.dispose();
        }
        return montage;
    }

    private int factor() {
        int width =
                cells.stream().mapToInt(cell -> cell.picture.getWidth()).max().orElseThrow();
        int height =
                cells.stream().mapToInt(cell -> cell.picture.getHeight()).max().orElseThrow();
        int factor = (LEAST + Math.max(width, height) - 1) / Math.max(width, height);
        while (factor > 1 && (long) factor * factor * width * height * cells.size() > MOST) {
            factor--;
        }
        return factor;
    }

    private static BufferedImage enlarged(BufferedImage picture, int width, int height) {
        int factor = Math.min(width / picture.getWidth(), height / picture.getHeight());
        return HeatmapPainter.resized(
                picture, picture.getWidth() * factor, picture.getHeight() * factor, Resampling.NEAREST);
    }
}
