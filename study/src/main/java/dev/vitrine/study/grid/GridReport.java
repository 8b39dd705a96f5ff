package dev.vitrine.study.grid;

import dev.vitrine.lens.attribution.Progress;
import dev.vitrine.lens.data.OutputFile;
import dev.vitrine.lens.data.PictureList;
import dev.vitrine.lens.embedding.MapQuality;
import dev.vitrine.lens.render.file.Png;
import dev.vitrine.lens.render.file.PngStream;
import dev.vitrine.study.Outcome;
import dev.vitrine.study.Report;
import dev.vitrine.study.StudyJson;
import dev.vitrine.study.Watcher;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A grid of pictures as {@code grid.html}, {@code grid.png} and {@code grid.json}.
 *
 * @param side of a thumbnail in pixels, even
 * @param subject what the map is of, for the title
 * @param watcher of the drawing
 * @param facts provenance
 */
public record GridReport(PictureList pictures, int side, String subject, Watcher watcher, Map<String, String> facts)
        implements Report<PlacedPictures> {
    /** Side of a tile, nearly. */
    private static final int TILE = 512;

    /** A larger image is written at a fraction of its size. */
    private static final long MOST_PIXELS = 100_000_000;

    @Override
    public List<Path> write(Outcome<PlacedPictures> outcome, Path folder) {
        PlacedPictures placed = outcome.result();
        GridSheet sheet = new GridSheet(placed, pictures, side);
        Path page = folder.resolve("grid.html");
        Path image = folder.resolve("grid.png");
        Path summary = folder.resolve("grid.json");
        watcher.begin("drawing", 1);
        try {
            // Each picture is decoded once, for both files.
            OutputFile.write(page, html -> OutputFile.write(image, png -> draw(outcome, sheet, html, png)));
        } finally {
            watcher.end();
        }
        OutputFile.write(summary, StudyJson.text(placed));
        return List.of(page, image, summary);
    }

    private void draw(Outcome<PlacedPictures> outcome, GridSheet sheet, OutputStream html, OutputStream png)
            throws IOException {
        int tile = side * Math.max(1, TILE / side);
        int level = 0;
        int width = sheet.width();
        int height = sheet.height();
        while ((long) width * height > MOST_PIXELS) {
            width = (width + 1) / 2;
            height = (height + 1) / 2;
            level++;
        }
        int drawn = level;
        try (PngStream image = new PngStream(png, width, height, Png.facts("Title", subject))) {
            page(outcome, sheet, tile).write(html, tiles -> {
                TilePyramid pyramid = new TilePyramid(sheet.width(), sheet.height(), tile, new TilePyramid.Tiles() {
                    @Override
                    public void put(int at, int column, int row, byte[] jpeg) throws IOException {
                        tiles.put(at, column, row, jpeg);
                    }

                    @Override
                    public void strip(int at, BufferedImage strip, int rows) throws IOException {
                        if (at == drawn) {
                            image.write(strip, rows);
                        }
                    }
                });
                sheet.draw(strip -> pyramid.add(strip, side), progress(outcome));
            });
            image.finish();
        }
    }

    /** A result that was stopped is drawn to the end. */
    private Progress progress(Outcome<PlacedPictures> outcome) {
        return outcome.isPartial()
                ? Progress.NONE
                : (done, total) -> {
                    watcher.report(done, total);
                    watcher.check();
                };
    }

    private GridPage page(Outcome<PlacedPictures> outcome, GridSheet sheet, int tile) {
        PlacedPictures placed = outcome.result();
        List<String> about = new ArrayList<>();
        about.add(String.format(
                Locale.ROOT,
                "%d pictures in %d × %d cells, on average %.1f cells from their places on the map.",
                placed.pictures().size(),
                placed.columns(),
                placed.rows(),
                placed.displacement()));
        placed.quality().map(GridReport::words).ifPresent(about::add);
        return new GridPage(
                subject,
                about,
                outcome.missing().map(done -> "Stopped after " + done + "."),
                GridPage.Sheet.of(placed, side, tile, TilePyramid.levels(sheet.width(), sheet.height(), tile)),
                facts);
    }

    private static String words(MapQuality quality) {
        return String.format(
                Locale.ROOT,
                "Trustworthiness of the map %.3f; it keeps %.0f %% of the 10 nearest neighbors.",
                quality.trustworthiness(),
                100 * quality.preservation());
    }
}
