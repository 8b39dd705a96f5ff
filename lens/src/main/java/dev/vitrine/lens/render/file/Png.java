package dev.vitrine.lens.render.file;

import dev.vitrine.lens.data.OutputFile;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/**
 * PNG files of 8 bits per channel, sRGB, with text: the same picture and text give the same bytes. W3C PNG, third
 * edition.
 */
public final class Png {
    private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
    private static final byte TRUECOLOR = 2;
    private static final byte TRUECOLOR_ALPHA = 6;
    private static final int LONGEST_KEYWORD = 79;

    private enum Filter {
        NONE,
        SUB,
        UP,
        AVERAGE,
        PAETH
    }

    /** Files a few per cent larger than at zlib's 9, in a fifth of the time. */
    private static final int EFFORT = 4;

    private Png() {}

    public static byte[] bytes(BufferedImage image) {
        return bytes(image, Map.of());
    }

    /**
     * With each entry of {@code text}, in its order, as a tEXt chunk, or iTXt where it is not Latin-1.
     *
     * @param text keywords of 1 to 79 Latin-1 characters to texts
     */
    public static byte[] bytes(BufferedImage image, Map<String, String> text) {
        boolean alpha = image.getColorModel().hasAlpha();
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.writeBytes(SIGNATURE);
        ByteBuffer header = ByteBuffer.allocate(13).putInt(image.getWidth()).putInt(image.getHeight());
        header.put((byte) 8).put(alpha ? TRUECOLOR_ALPHA : TRUECOLOR);
        chunk(file, "IHDR", header.array());
        chunk(file, "sRGB", new byte[] {0});
        text.forEach((keyword, value) ->
                text(file, keyword, value.replace("\r\n", "\n").replace("\0", "")));
        chunk(file, "IDAT", deflated(filtered(image, alpha ? 4 : 3)));
        chunk(file, "IEND", new byte[0]);
        return file.toByteArray();
    }

    public static void write(Path target, BufferedImage image, Map<String, String> text) {
        OutputFile.write(target, bytes(image, text));
    }

    private static void text(ByteArrayOutputStream file, String keyword, String value) {
        CharsetEncoder latin = StandardCharsets.ISO_8859_1.newEncoder();
        if (keyword.isEmpty() || keyword.length() > LONGEST_KEYWORD || !latin.canEncode(keyword)) {
            throw new IllegalArgumentException("PNG keyword '" + keyword + "', expected 1 to 79 Latin-1 characters");
        }
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        content.writeBytes(keyword.getBytes(StandardCharsets.ISO_8859_1));
        content.write(0);
        if (latin.canEncode(value)) {
            content.writeBytes(value.getBytes(StandardCharsets.ISO_8859_1));
            chunk(file, "tEXt", content.toByteArray());
        } else {
            // Not compressed, no language, no translated keyword.
            content.writeBytes(new byte[4]);
            content.writeBytes(value.getBytes(StandardCharsets.UTF_8));
            chunk(file, "iTXt", content.toByteArray());
        }
    }

    private static void chunk(ByteArrayOutputStream file, String type, byte[] content) {
        byte[] name = type.getBytes(StandardCharsets.ISO_8859_1);
        CRC32 check = new CRC32();
        check.update(name);
        check.update(content);
        file.writeBytes(ByteBuffer.allocate(4).putInt(content.length).array());
        file.writeBytes(name);
        file.writeBytes(content);
        file.writeBytes(ByteBuffer.allocate(4).putInt((int) check.getValue()).array());
    }

    /** Filters every row by the filter with the smallest sum of magnitudes, the first of equals. */
    private static byte[] filtered(BufferedImage image, int channels) {
        int stride = Math.multiplyExact(image.getWidth(), channels);
        ByteBuffer rows = ByteBuffer.allocate(Math.multiplyExact(image.getHeight(), stride + 1));
        byte[] above = new byte[channels + stride];
        byte[] row = new byte[channels + stride];
        byte[] candidate = new byte[stride];
        byte[] best = new byte[stride];
        for (int y = 0; y < image.getHeight(); y++) {
            read(image, y, channels, row);
            Filter chosen = Filter.NONE;
            int least = Integer.MAX_VALUE;
            for (Filter filter : Filter.values()) {
                int cost = filter(filter, row, above, channels, candidate);
                if (cost < least) {
                    least = cost;
                    chosen = filter;
                    byte[] beaten = best;
                    best = candidate;
                    candidate = beaten;
                }
            }
            rows.put((byte) chosen.ordinal()).put(best);
            byte[] read = row;
            row = above;
            above = read;
        }
        return rows.array();
    }

    /** A row's bytes after one pixel of zeros, the left neighbor of the first. */
    private static void read(BufferedImage image, int y, int channels, byte[] row) {
        int[] packed = packed(image, y);
        int at = channels;
        for (int pixel : packed) {
            row[at++] = (byte) (pixel >> 16);
            row[at++] = (byte) (pixel >> 8);
            row[at++] = (byte) pixel;
            if (channels == 4) {
                row[at++] = (byte) (pixel >> 24);
            }
        }
    }

    private static int[] packed(BufferedImage image, int y) {
        int width = image.getWidth();
        return switch (image.getType()) {
            // Read raw, without a color model lookup per pixel.
            case BufferedImage.TYPE_INT_RGB, BufferedImage.TYPE_INT_ARGB ->
                (int[]) image.getRaster().getDataElements(0, y, width, 1, new int[width]);
            default -> image.getRGB(0, y, width, 1, null, 0, width);
        };
    }

    /**
     * Writes a filtered row and returns its sum of magnitudes.
     *
     * @param row of this line and, as {@code above}, of the previous one, both after one pixel of zeros
     */
    private static int filter(Filter filter, byte[] row, byte[] above, int channels, byte[] result) {
        switch (filter) {
            case NONE -> System.arraycopy(row, channels, result, 0, result.length);
            case SUB -> {
                for (int i = 0; i < result.length; i++) {
                    result[i] = (byte) (row[i + channels] - row[i]);
                }
            }
            case UP -> {
                for (int i = 0; i < result.length; i++) {
                    result[i] = (byte) (row[i + channels] - above[i + channels]);
                }
            }
            case AVERAGE -> {
                for (int i = 0; i < result.length; i++) {
                    int average = ((row[i] & 0xff) + (above[i + channels] & 0xff)) >> 1;
                    result[i] = (byte) (row[i + channels] - average);
                }
            }
            case PAETH -> {
                for (int i = 0; i < result.length; i++) {
                    int predicted = paeth(row[i] & 0xff, above[i + channels] & 0xff, above[i] & 0xff);
                    result[i] = (byte) (row[i + channels] - predicted);
                }
            }
        }
        int sum = 0;
        for (byte value : result) {
            sum += Math.abs(value);
        }
        return sum;
    }

    /** The one of left, up and corner nearest to left + up − corner (Paeth). */
    private static int paeth(int left, int up, int upLeft) {
        int toLeft = Math.abs(up - upLeft);
        int toUp = Math.abs(left - upLeft);
        int toUpLeft = Math.abs(left + up - 2 * upLeft);
        if (toLeft <= toUp && toLeft <= toUpLeft) {
            return left;
        }
        return toUp <= toUpLeft ? up : upLeft;
    }

    private static byte[] deflated(byte[] data) {
        Deflater deflater = new Deflater(EFFORT);
        try {
            deflater.setInput(data);
            deflater.finish();
            ByteArrayOutputStream output = new ByteArrayOutputStream();
            byte[] buffer = new byte[1 << 16];
            while (!deflater.finished()) {
                int count = deflater.deflate(buffer);
                output.write(buffer, 0, count);
            }
            return output.toByteArray();
        } finally {
            deflater.end();
        }
    }
}
