package dev.vitrine.study.grid;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/**
 * An image as JPEG tiles at halved sizes, from the full one (level 0) to one tile. Reads the image in strips from the top
 * and holds one strip of each level.
 */
final class TilePyramid {
    /** JPEG quality at which thumbnails show no blocks. */
    private static final float QUALITY = 0.85f;

    /** Receives tiles, each level from the top left. */
    @FunctionalInterface
    interface Tiles {
        void put(int level, int column, int row, byte[] jpeg) throws IOException;

        /** The rows of the tiles that come next; the strip is reused. */
        default void strip(int level, BufferedImage strip, int rows) throws IOException {}
    }

    private final int tile;
    private final Tiles tiles;
    private final List<Level> levels = new ArrayList<>();

    /**
     * @param tile side of a tile, even
     */
    TilePyramid(int width, int height, int tile, Tiles tiles) {
        if (tile % 2 != 0) {
            throw new IllegalArgumentException("tiles of " + tile + " pixels: expected an even number");
        }
        this.tile = tile;
        this.tiles = tiles;
        int w = width;
        int h = height;
        for (int level = 0; level < levels(width, height, tile); level++) {
            levels.add(new Level(level, w, h));
            w = (w + 1) / 2;
            h = (h + 1) / 2;
        }
    }

    /** Number of sizes of such an image. */
    static int levels(int width, int height, int tile) {
        int levels = 1;
        for (int side = Math.max(width, height); side > tile; side = (side + 1) / 2) {
            levels++;
        }
        return levels;
    }

    /**
     * Adds the next rows.
     *
     * @param strip as wide as the image, {@code TYPE_INT_RGB}
     */
    void add(BufferedImage strip, int rows) throws IOException {
        levels.get(0).add(pixels(strip), rows);
    }

    private static int[] pixels(BufferedImage image) {
        return ((DataBufferInt) image.getRaster().getDataBuffer()).getData();
    }

    private final class Level {
        private final int number;
        private final int width;
        private final int height;
        private final BufferedImage strip;
        private int filled;
        private int done;

        Level(int number, int width, int height) {
            this.number = number;
            this.width = width;
            this.height = height;
            this.strip = new BufferedImage(width, Math.min(tile, height), BufferedImage.TYPE_INT_RGB);
        }

        void add(int[] rows, int count) throws IOException {
            for (int next = 0; next < count; ) {
                int taken = Math.min(count - next, strip.getHeight() - filled);
                System.arraycopy(rows, next * width, pixels(strip), filled * width, taken * width);
                next += taken;
                filled += taken;
                if (filled == strip.getHeight() || done + filled == height) {
                    finish();
                }
            }
        }

        private void finish() throws IOException {
            int rows = filled;
            int row = done / tile;
            tiles.strip(number, strip, rows);
            List<byte[]> encoded = IntStream.range(0, (width + tile - 1) / tile)
                    .parallel()
                    .mapToObj(column -> {
                        int left = column * tile;
                        return jpeg(strip.getSubimage(left, 0, Math.min(tile, width - left), rows));
                    })
                    .toList();
            for (int column = 0; column < encoded.size(); column++) {
                tiles.put(number, column, row, encoded.get(column));
            }
            done += filled;
            filled = 0;
            if (number + 1 < levels.size()) {
                levels.get(number + 1).add(halved(rows), (rows + 1) / 2);
            }
        }

        /** Means of 2×2 pixels; those beyond the edge equal the last. */
        private int[] halved(int rows) {
            int[] source = pixels(strip);
            int half = (width + 1) / 2;
            int[] result = new int[half * ((rows + 1) / 2)];
            for (int y = 0; y < (rows + 1) / 2; y++) {
                int upper = 2 * y * width;
                int lower = Math.min(2 * y + 1, rows - 1) * width;
                for (int x = 0; x < half; x++) {
                    int right = Math.min(2 * x + 1, width - 1);
                    result[y * half + x] = mean(
                            source[upper + 2 * x], source[upper + right], source[lower + 2 * x], source[lower + right]);
                }
            }
            return result;
        }
    }

    private static int mean(int a, int b, int c, int d) {
        int red = (a >> 16 & 255) + (b >> 16 & 255) + (c >> 16 & 255) + (d >> 16 & 255) + 2 >> 2;
        int green = (a >> 8 & 255) + (b >> 8 & 255) + (c >> 8 & 255) + (d >> 8 & 255) + 2 >> 2;
        int blue = (a & 255) + (b & 255) + (c & 255) + (d & 255) + 2 >> 2;
        return red << 16 | green << 8 | blue;
    }

    private static byte[] jpeg(BufferedImage image) {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        try {
            ImageWriteParam settings = writer.getDefaultWriteParam();
            settings.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            settings.setCompressionQuality(QUALITY);
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (MemoryCacheImageOutputStream output = new MemoryCacheImageOutputStream(bytes)) {
                writer.setOutput(output);
                writer.write(null, new IIOImage(image, null, null), settings);
            }
            return bytes.toByteArray();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        } finally {
            writer.dispose();
        }
    }
}
