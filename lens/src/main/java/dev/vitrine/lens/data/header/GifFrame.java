package dev.vitrine.lens.data.header;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/**
 * The first frame of a GIF file as a file of its own, without comments, applications' data and later frames. GIF89a.
 *
 * @param file of the frame
 * @param left where the frame lies on the screen
 * @param top where the frame lies on the screen
 * @param screenWidth in pixels
 * @param screenHeight in pixels
 */
public record GifFrame(byte[] file, int left, int top, int screenWidth, int screenHeight) {
    private static final int SCREEN_BYTES = 13;
    private static final int EXTENSION = 0x21;
    private static final int CONTROL = 0xF9;
    private static final int IMAGE = 0x2C;
    private static final int TRAILER = 0x3B;
    private static final int MOST_CONTROL_BYTES = 64;

    /** Reads to the end of the first frame, or of the file where that is cut off. */
    public static GifFrame first(InputStream stream) throws IOException {
        DataInputStream in = new DataInputStream(stream);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] screen = in.readNBytes(SCREEN_BYTES);
        out.write(screen);
        int[] place = new int[2];
        try {
            if (screen.length < SCREEN_BYTES) {
                throw new EOFException();
            }
            copyTable(in, out, screen[10]);
            byte[] control = new byte[0];
            int kind = in.readUnsignedByte();
            while (kind == EXTENSION) {
                control = extension(in, control);
                kind = in.readUnsignedByte();
            }
            out.write(control);
            out.write(kind);
            if (kind == IMAGE) {
                byte[] description = in.readNBytes(9);
                out.write(description);
                if (description.length < 9) {
                    throw new EOFException();
                }
                place[0] = number(description, 0);
                place[1] = number(description, 2);
                copyTable(in, out, description[8]);
                out.write(in.readUnsignedByte());
                copyBlocks(in, out);
                out.write(TRAILER);
            }
        } catch (EOFException end) {
            // The decoder tells.
        }
        return new GifFrame(
                out.toByteArray(),
                place[0],
                place[1],
                screen.length < SCREEN_BYTES ? 0 : number(screen, 6),
                screen.length < SCREEN_BYTES ? 0 : number(screen, 8));
    }

    private static int number(byte[] bytes, int at) {
        return bytes[at] & 255 | (bytes[at + 1] & 255) << 8;
    }

    private static void copyTable(DataInputStream in, ByteArrayOutputStream out, int flags) throws IOException {
        if ((flags & 0x80) != 0) {
            out.write(in.readNBytes(3 << (flags & 7) + 1));
        }
    }

    /** The last graphic control extension: this one, or the one before where this is another. */
    private static byte[] extension(DataInputStream in, byte[] before) throws IOException {
        int label = in.readUnsignedByte();
        if (label != CONTROL) {
            for (int size = in.readUnsignedByte(); size > 0; size = in.readUnsignedByte()) {
                in.skipNBytes(size);
            }
            return before;
        }
        ByteArrayOutputStream control = new ByteArrayOutputStream();
        control.write(EXTENSION);
        control.write(label);
        copyBlocks(in, control);
        return control.size() <= MOST_CONTROL_BYTES ? control.toByteArray() : before;
    }

    private static void copyBlocks(DataInputStream in, ByteArrayOutputStream out) throws IOException {
        int size = in.readUnsignedByte();
        out.write(size);
        while (size > 0) {
            out.write(in.readNBytes(size));
            size = in.readUnsignedByte();
            out.write(size);
        }
    }
}
