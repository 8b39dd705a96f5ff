package dev.vitrine.lens.render.file;

import dev.vitrine.lens.data.OutputFile;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/**
 * PNG files of 8 bits per channel, sRGB, with text: the same picture and text give the same bytes. W3C PNG, third
 * edition.
 */
public final class Png {
    private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
    static final byte TRUECOLOR = 2;
    private static final byte TRUECOLOR_ALPHA = 6;
    private static final int LONGEST_KEYWORD = 79;

    /** Files a few per cent larger than at zlib's 9, in a fifth of the time. */
    static final int EFFORT = 4;

    private Png() {}

    public static byte[] bytes(BufferedImage image) {
        return bytes(image, Map.of());
    }

    /**
     * Text that names the program, then more, in this order; a {@link Map#of} has another order in every run.
     *
     * @param more keywords, each followed by its text
     */
    public static Map<String, String> facts(String... more) {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("Software", "Vitrine");
        for (int index = 0; index < more.length; index += 2) {
            facts.put(more[index], more[index + 1]);
        }
        return facts;
    }

    /**
     * With each entry of {@code text}, in its order, as a tEXt chunk, or iTXt where it is not Latin-1.
     *
     * @param text keywords of 1 to 79 Latin-1 characters to texts
     */
    public static byte[] bytes(BufferedImage image, Map<String, String> text) {
        boolean alpha = image.getColorModel().hasAlpha();
        ByteArrayOutputStream file =
                head(image.getWidth(), image.getHeight(), alpha ? TRUECOLOR_ALPHA : TRUECOLOR, text);
        chunk(file, "IDAT", deflated(filtered(image, alpha ? 4 : 3)));
        chunk(file, "IEND", new byte[0]);
        return file.toByteArray();
    }

    /** All that comes before the pixels. */
    static ByteArrayOutputStream head(int width, int height, byte type, Map<String, String> text) {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.writeBytes(SIGNATURE);
        ByteBuffer header = ByteBuffer.allocate(13).putInt(width).putInt(height);
        header.put((byte) 8).put(type);
        chunk(file, "IHDR", header.array());
        chunk(file, "sRGB", new byte[] {0});
        text.forEach((keyword, value) ->
                text(file, keyword, value.replace("\r\n", "\n").replace("\0", "")));
        return file;
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

    static void chunk(ByteArrayOutputStream file, String type, byte[] content) {
        byte[] name = type.getBytes(StandardCharsets.ISO_8859_1);
        CRC32 check = new CRC32();
        check.update(name);
        check.update(content);
        file.writeBytes(ByteBuffer.allocate(4).putInt(content.length).array());
        file.writeBytes(name);
        file.writeBytes(content);
        file.writeBytes(ByteBuffer.allocate(4).putInt((int) check.getValue()).array());
    }

    private static byte[] filtered(BufferedImage image, int channels) {
        int stride = Math.multiplyExact(image.getWidth(), channels);
        ByteBuffer rows = ByteBuffer.allocate(Math.multiplyExact(image.getHeight(), stride + 1));
        RowFilters filters = new RowFilters(stride, channels);
        for (int y = 0; y < image.getHeight(); y++) {
            read(image, y, channels, filters.row());
            filters.putFiltered(rows);
        }
        return rows.array();
    }

    /** A row's bytes behind one pixel of zeros, which stands to the left of the first. */
    static void read(BufferedImage image, int y, int channels, byte[] row) {
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
