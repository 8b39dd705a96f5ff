package dev.vitrine.study.grid;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.lens.attribution.Progress;
import dev.vitrine.lens.data.Picture;
import dev.vitrine.lens.data.PictureList;
import dev.vitrine.lens.data.Region;
import dev.vitrine.lens.data.Resampler;
import dev.vitrine.lens.data.Resampling;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The thumbnails of a grid as one image, drawn a row of cells at a time, each picture decoded once.
 *
 * @param side of a cell, in pixels
 */
record GridSheet(PlacedPictures placed, PictureList pictures, int side) {
    /** The color of free cells. */
    private static final int EMPTY = 0xf6f5f2;

    /** Receives rows of cells, from the top; the image is reused. */
    @FunctionalInterface
    interface Strips {
        void put(BufferedImage strip) throws IOException;
    }

    int width() {
        return Math.multiplyExact(placed.columns(), side);
    }

    int height() {
        return Math.multiplyExact(placed.rows(), side);
    }

    void draw(Strips strips, Progress progress) throws IOException {
        Map<Integer, PlacedPictures.Placed> byCell = new HashMap<>();
        placed.pictures().forEach(picture -> byCell.put(picture.cell(), picture));
        BufferedImage strip = new BufferedImage(width(), side, BufferedImage.TYPE_INT_RGB);
        for (int row = 0; row < placed.rows(); row++) {
            int first = row * placed.columns();
            int[] pixels = new int[width() * side];
            Arrays.fill(pixels, EMPTY);
            IntStream.range(0, placed.columns())
                    .parallel()
                    .filter(column -> byCell.containsKey(first + column))
                    .forEach(column -> put(thumbnail(byCell.get(first + column)), pixels, column * side));
            strip.setRGB(0, 0, width(), side, pixels, 0, width());
            strips.put(strip);
            progress.report(row + 1, placed.rows());
        }
    }

    private void put(Picture thumbnail, int[] pixels, int left) {
        for (int y = 0; y < side; y++) {
            for (int x = 0; x < side; x++) {
                pixels[y * width() + left + x] = thumbnail.color(x, y);
            }
        }
    }

    /** The largest square in the middle of the picture. */
    private Picture thumbnail(PlacedPictures.Placed placed) {
        Picture picture;
        try {
            picture = pictures.read(placed.index()).withoutBands();
        } catch (VitrineException changed) {
            return Picture.filled(side, side, EMPTY);
        }
        int square = Math.min(picture.width(), picture.height());
        Region middle = new Region((picture.width() - square) / 2, (picture.height() - square) / 2, square, square);
        return Resampler.resize(
                picture.crop(middle), side, side, square < side ? Resampling.NEAREST : Resampling.BILINEAR);
    }
}
