package dev.vitrine.lens.data;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;

/** Content that may be compressed by gzip, which its first two bytes tell. */
public final class Unzipped {
    private static final int BUFFER = 1 << 16;

    private Unzipped() {}

    /** The content itself; closes the stream if it cannot be read. */
    public static InputStream of(InputStream stream) throws IOException {
        InputStream raw = new BufferedInputStream(stream, BUFFER);
        try {
            raw.mark(2);
            boolean zipped = raw.read() == 0x1f && raw.read() == 0x8b;
            raw.reset();
            return zipped ? new GZIPInputStream(raw, BUFFER) : raw;
        } catch (IOException | RuntimeException broken) {
            raw.close();
            throw broken;
        }
    }
}
