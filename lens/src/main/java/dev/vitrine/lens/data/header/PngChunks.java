package dev.vitrine.lens.data.header;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The chunks of a PNG file that are no pixels. PNG, third edition, section 5.3. */
public final class PngChunks {
    private static final int SIGNATURE_BYTES = 8;
    private static final int CHECKSUM_BYTES = 4;
    private static final int MOST_EXIF_BYTES = 1 << 20;
    private static final int EXIF = number("eXIf");
    private static final int END = number("IEND");

    private PngChunks() {}

    private static int number(String type) {
        int number = 0;
        for (byte letter : type.getBytes(StandardCharsets.US_ASCII)) {
            number = number << 8 | letter;
        }
        return number;
    }

    /** The Exif data of a file, which are a TIFF file; empty where there are none. Texts and profiles are passed over. */
    public static Optional<byte[]> exif(InputStream file) throws IOException {
        DataInputStream chunks = new DataInputStream(file);
        try {
            chunks.skipNBytes(SIGNATURE_BYTES);
            while (true) {
                int length = chunks.readInt();
                int type = chunks.readInt();
                if (length < 0 || type == END) {
                    return Optional.empty();
                }
                if (type == EXIF) {
                    byte[] block = chunks.readNBytes(Math.min(length, MOST_EXIF_BYTES));
                    return block.length == length ? Optional.of(block) : Optional.empty();
                }
                chunks.skipNBytes((long) length + CHECKSUM_BYTES);
            }
        } catch (EOFException end) {
            return Optional.empty();
        }
    }
}
