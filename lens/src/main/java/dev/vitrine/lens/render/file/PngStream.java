package dev.vitrine.lens.render.file;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.zip.Deflater;

/** A PNG file that is written some rows at a time, so that its pixels need not be in memory; pixels as {@link Png} has them. */
public final class PngStream implements AutoCloseable {
    private static final int CHANNELS = 3;

    private final OutputStream output;
    private final int width;
    private final RowFilters filters;
    private final Deflater deflater = new Deflater(Png.EFFORT);
    private final byte[] buffer = new byte[1 << 18];

    /** Writes what comes before the pixels. */
    public PngStream(OutputStream output, int width, int height, Map<String, String> text) throws IOException {
        this.output = output;
        this.width = width;
        this.filters = new RowFilters(Math.multiplyExact(width, CHANNELS), CHANNELS);
        Png.head(width, height, Png.TRUECOLOR, text).writeTo(output);
    }

    /**
     * Writes the next rows.
     *
     * @param strip as wide as the file; what is below {@code rows} is left out
     */
    public void write(BufferedImage strip, int rows) throws IOException {
        ByteBuffer filtered = ByteBuffer.allocate(CHANNELS * width + 1);
        for (int y = 0; y < rows; y++) {
            Png.read(strip, y, CHANNELS, filters.row());
            filters.putFiltered(filtered.clear());
            deflater.setInput(filtered.array());
            while (!deflater.needsInput()) {
                write(deflater.deflate(buffer));
            }
        }
    }

    private void write(int count) throws IOException {
        if (count > 0) {
            ByteArrayOutputStream chunk = new ByteArrayOutputStream();
            byte[] content = new byte[count];
            System.arraycopy(buffer, 0, content, 0, count);
            Png.chunk(chunk, "IDAT", content);
            chunk.writeTo(output);
        }
    }

    /** Writes what comes after the last row. */
    public void finish() throws IOException {
        deflater.finish();
        while (!deflater.finished()) {
            write(deflater.deflate(buffer));
        }
        ByteArrayOutputStream end = new ByteArrayOutputStream();
        Png.chunk(end, "IEND", new byte[0]);
        end.writeTo(output);
    }

    @Override
    public void close() {
        deflater.end();
    }
}
