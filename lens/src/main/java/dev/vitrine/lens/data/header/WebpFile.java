package dev.vitrine.lens.data.header;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * A WebP file as its RIFF chunks tell: its first frame where it is animated, and its Exif data. RFC 9649.
 *
 * @param frame the first of several; empty for a still picture
 * @param exif which are a TIFF file
 */
public record WebpFile(Optional<Frame> frame, Optional<byte[]> exif) {
    /**
     * A frame as a file of its own.
     *
     * @param left where it lies on the canvas
     * @param top where it lies on the canvas
     * @param canvasWidth in pixels
     * @param canvasHeight in pixels
     */
    public record Frame(byte[] file, int left, int top, int canvasWidth, int canvasHeight) {}

    private static final int HEADER_BYTES = 12;
    private static final int CHUNK_HEADER_BYTES = 8;
    private static final int FRAME_HEADER_BYTES = 16;
    private static final int CANVAS_BYTES = 10;
    private static final int MOST_EXIF_BYTES = 1 << 20;
    private static final int MOST_FRAME_BYTES = 1 << 28;
    private static final int ALPHA = 0x10;
    private static final String EXIF_NAME = "Exif\0\0";

    /** Reads a file to its end; what is damaged is passed over. */
    public static WebpFile of(InputStream file) throws IOException {
        Optional<Frame> frame = Optional.empty();
        Optional<byte[]> exif = Optional.empty();
        byte[] canvas = new byte[CANVAS_BYTES];
        try {
            file.skipNBytes(HEADER_BYTES);
            while (true) {
                String name = new String(exactly(file, 4), StandardCharsets.ISO_8859_1);
                long size = ByteBuffer.wrap(exactly(file, 4))
                                .order(ByteOrder.LITTLE_ENDIAN)
                                .getInt()
                        & 0xFFFFFFFFL;
                long padded = size + (size & 1);
                if (name.equals("VP8X") && size == CANVAS_BYTES) {
                    canvas = exactly(file, CANVAS_BYTES);
                } else if (name.equals("ANMF") && frame.isEmpty() && size >= FRAME_HEADER_BYTES) {
                    frame = frame(canvas, file.readNBytes((int) Math.min(padded, MOST_FRAME_BYTES)));
                } else if (name.equals("EXIF") && exif.isEmpty() && size <= MOST_EXIF_BYTES) {
                    exif = Optional.of(withoutName(exactly(file, (int) size)));
                    file.skipNBytes(padded - size);
                } else {
                    file.skipNBytes(padded);
                }
            }
        } catch (EOFException end) {
            return new WebpFile(frame, exif);
        }
    }

    private static byte[] exactly(InputStream file, int count) throws IOException {
        byte[] bytes = file.readNBytes(count);
        if (bytes.length < count) {
            throw new EOFException();
        }
        return bytes;
    }

    private static byte[] withoutName(byte[] exif) {
        String start = new String(exif, 0, Math.min(exif.length, EXIF_NAME.length()), StandardCharsets.ISO_8859_1);
        return start.equals(EXIF_NAME) ? Arrays.copyOfRange(exif, EXIF_NAME.length(), exif.length) : exif;
    }

    private static Optional<Frame> frame(byte[] canvas, byte[] chunk) {
        if (chunk.length < FRAME_HEADER_BYTES + CHUNK_HEADER_BYTES) {
            return Optional.empty();
        }
        byte[] content = Arrays.copyOfRange(chunk, FRAME_HEADER_BYTES, chunk.length);
        boolean alpha = content[0] == 'A';
        ByteArrayOutputStream chunks = new ByteArrayOutputStream();
        if (alpha) {
            ByteBuffer extended = ByteBuffer.allocate(CHUNK_HEADER_BYTES + CANVAS_BYTES)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .put("VP8X".getBytes(StandardCharsets.US_ASCII))
                    .putInt(CANVAS_BYTES)
                    .putInt(ALPHA)
                    .put(chunk, 6, 6);
            chunks.writeBytes(extended.array());
        }
        chunks.writeBytes(content);
        ByteBuffer file = ByteBuffer.allocate(HEADER_BYTES + chunks.size())
                .order(ByteOrder.LITTLE_ENDIAN)
                .put("RIFF".getBytes(StandardCharsets.US_ASCII))
                .putInt(4 + chunks.size())
                .put("WEBP".getBytes(StandardCharsets.US_ASCII))
                .put(chunks.toByteArray());
        return Optional.of(new Frame(
                file.array(),
                2 * number(chunk, 0),
                2 * number(chunk, 3),
                number(canvas, 4) + 1,
                number(canvas, 7) + 1));
    }

    private static int number(byte[] bytes, int at) {
        return bytes[at] & 255 | (bytes[at + 1] & 255) << 8 | (bytes[at + 2] & 255) << 16;
    }
}
