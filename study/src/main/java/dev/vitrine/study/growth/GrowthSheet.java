package dev.vitrine.study.growth;

import dev.vitrine.lens.render.text.Lettering;
import dev.vitrine.study.growth.Snapshot.UnitState;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** A sheet of drawings in rows, one column per checkpoint. */
final class GrowthSheet {
    private static final int MARGIN = 16;
    private static final int GAP = 4;
    private static final int ROW_GAP = 10;
    private static final int LABEL = 72;
    /** Minimum column width, so that names fit above small pictures. */
    private static final int NARROWEST = 48;

    /** Bounds in pixels: the longer side of a drawing, and the area of all drawings. */
    private static final int LEAST = 200;

    private static final long MOST = 24_000_000;
    private static final int MARK = 3;
    private static final Color PAPER = new Color(0xfbfbf9);
    private static final Color JUMP = new Color(0xd55e00);
    private static final Color NOTHING = new Color(0xe6e4de);
    private static final Lettering TITLE = new Lettering(17, new Color(0x1a1c1f));
    private static final Lettering TEXT = new Lettering(12, new Color(0x3a3d42));

    private final GrowthReport report;

    GrowthSheet(GrowthReport report) {
        this.report = report;
    }

    /** A drawing; a missing one is drawn gray. */
    private record Cell(Optional<BufferedImage> picture, Step step) {}

    /** Whether a drawing shows the same picture as the previous one. */
    private enum Step {
        SAME,
        JUMP
    }

    private record Row(String label, List<Cell> cells, int gap) {}

    /** For each channel of a layer, the projections above the corresponding parts of the pictures. */
    BufferedImage features(String layer) {
        List<Row> rows = new ArrayList<>();
        List<UnitState> first = report.snapshots().get(0).units();
        for (int unit = 0; unit < first.size(); unit++) {
            if (!first.get(unit).layer().equals(layer)) {
                continue;
            }
            int index = unit;
            rows.add(new Row(Integer.toString(first.get(unit).channel()), cells(index, Drawing.PROJECTION), GAP));
            rows.add(new Row("", cells(index, Drawing.PATCH), ROW_GAP));
        }
        return sheet(
                "Strongest responses of channels of " + layer + " over the training",
                report.snapshots().stream().map(Snapshot::name).toList(),
                rows,
                List.of(
                        report.model() + ", pictures of " + report.data()
                                + ". For each channel (number at the left), the deconvnet projection of its strongest"
                                + " neuron, above the part of the picture in its receptive field.",
                        "A bar marks a change of the strongest picture. Gray: no picture activates the channel.",
                        "Each projection is on its own scale."));
    }

    private enum Drawing {
        PROJECTION,
        PATCH
    }

    private List<Cell> cells(int unit, Drawing drawing) {
        return IntStream.range(0, report.snapshots().size())
                .mapToObj(index -> {
                    UnitState state = report.snapshots().get(index).units().get(unit);
                    Optional<BufferedImage> picture =
                            drawing == Drawing.PROJECTION ? state.projection() : Optional.of(state.patch());
                    return new Cell(picture, report.jumps(index, unit) ? Step.JUMP : Step.SAME);
                })
                .toList();
    }

    /** The filters of the first layer side by side, one row per checkpoint. */
    BufferedImage filters() {
        List<Row> rows = report.snapshots().stream()
                .map(snapshot -> new Row(
                        snapshot.name(),
                        snapshot.filters().stream()
                                .map(filter -> new Cell(Optional.of(filter), Step.SAME))
                                .toList(),
                        GAP))
                .toList();
        List<String> numbers = IntStream.range(0, rows.get(0).cells().size())
                .mapToObj(Integer::toString)
                .toList();
        return sheet(
                "Filters of the first layer over the training",
                numbers,
                rows,
                List.of(report.model() + ". In the colors of the input, each on its own scale; mid-gray is 0."));
    }

    private BufferedImage sheet(String title, List<String> headings, List<Row> rows, List<String> caption) {
        int drawn = rows.stream()
                .flatMap(row -> row.cells().stream())
                .flatMap(cell -> cell.picture().stream())
                .mapToInt(picture -> Math.max(picture.getWidth(), picture.getHeight()))
                .max()
                .orElse(64);
        int columns = headings.size();
        int factor = factor(drawn, (long) columns * rows.size());
        int side = factor * drawn;
        int step = Math.max(side, NARROWEST) + GAP;
        List<List<String>> names =
                headings.stream().map(name -> TEXT.wrap(name, step - GAP)).toList();
        int nameLines = names.stream().mapToInt(List::size).max().orElse(1);
        int width = Math.max(640, 2 * MARGIN + LABEL + columns * step);
        List<String> heading = TITLE.wrap(title, width - 2 * MARGIN);
        int headingHeight = heading.size() * TITLE.lineHeight();
        List<String> lines = new ArrayList<>();
        caption.forEach(line -> lines.addAll(TEXT.wrap(line, width - 2 * MARGIN)));
        int top = MARGIN + headingHeight + 8 + nameLines * TEXT.lineHeight() + 4;
        int bottom = top;
        for (Row row : rows) {
            bottom += side + row.gap();
        }
        int height = bottom + 8 + lines.size() * TEXT.lineHeight() + MARGIN;
        BufferedImage sheet = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = sheet.createGraphics();
        try {
            graphics.setColor(PAPER);
            graphics.fillRect(0, 0, width, height);
            draw(graphics, TITLE, heading, MARGIN, MARGIN);
            for (int column = 0; column < columns; column++) {
                draw(graphics, TEXT, names.get(column), MARGIN + LABEL + column * step, MARGIN + headingHeight + 8);
            }
            int y = top;
            for (Row row : rows) {
                int fitting = Math.max(1, side / TEXT.lineHeight());
                List<String> label = TEXT.wrap(row.label(), LABEL - GAP, fitting);
                draw(graphics, TEXT, label, MARGIN, y + Math.max(0, (side - label.size() * TEXT.lineHeight()) / 2));
                for (int column = 0; column < columns; column++) {
                    draw(graphics, row.cells().get(column), MARGIN + LABEL + column * step, y, side, factor);
                }
                y += side + row.gap();
            }
            draw(graphics, TEXT, lines, MARGIN, bottom + 8);
        } finally {
            graphics.dispose();
        }
        return sheet;
    }

    private static void draw(Graphics2D graphics, Lettering lettering, List<String> lines, int x, int y) {
        for (int index = 0; index < lines.size(); index++) {
            lettering.draw(graphics, lines.get(index), x, y + index * lettering.lineHeight());
        }
    }

    /** The largest scale within the bounds on a drawing and on the sheet. */
    private static int factor(int side, long cells) {
        int factor = (LEAST + side - 1) / side;
        while (factor > 1 && (long) factor * factor * side * side * cells > MOST) {
            factor--;
        }
        return factor;
    }

    private static void draw(Graphics2D graphics, Cell cell, int x, int y, int side, int factor) {
        if (cell.picture().isEmpty()) {
            graphics.setColor(NOTHING);
            graphics.fillRect(x, y, side, side);
        }
        cell.picture().ifPresent(picture -> {
            int width = factor * picture.getWidth();
            int height = factor * picture.getHeight();
            graphics.drawImage(picture, x + (side - width) / 2, y + (side - height) / 2, width, height, null);
        });
        if (cell.step() == Step.JUMP) {
            graphics.setColor(JUMP);
            graphics.fillRect(x - MARK, y, MARK, side);
        }
    }
}
