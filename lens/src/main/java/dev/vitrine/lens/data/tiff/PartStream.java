package dev.vitrine.lens.data.tiff;

import java.io.IOException;
import java.io.InputStream;
import javax.imageio.stream.ImageInputStream;

/** A part of a file as a stream of its own; several may be read in turn. */
final class PartStream extends InputStream {
    private final ImageInputStream file;
    private long at;
    private long left;

    PartStream(ImageInputStream file, long start, long length) {
        this.file = file;
        this.at = start;
        this.left = length;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 255;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (left <= 0 || at < 0) {
            return -1;
        }
        file.seek(at);
        int count = file.read(bytes, offset, (int) Math.min(length, left));
        if (count > 0) {
            at += count;
            left -= count;
        }
        return count;
    }
}
