package dev.vitrine.lens.data.tiff;

import java.io.IOException;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.ImageInputStreamImpl;

/** A file with other first bytes, and with more bytes at a place beyond its end. The file itself stays its owner's. */
final class OverlaidStream extends ImageInputStreamImpl {
    private final ImageInputStream file;
    private final byte[] head;
    private final long tailStart;
    private final byte[] tail;

    OverlaidStream(ImageInputStream file, byte[] head, long tailStart, byte[] tail) {
        this.file = file;
        this.head = head;
        this.tailStart = tailStart;
        this.tail = tail;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 255;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        bitOffset = 0;
        int count;
        if (streamPos < head.length) {
            count = Math.min(length, head.length - (int) streamPos);
            System.arraycopy(head, (int) streamPos, target, offset, count);
        } else if (streamPos >= tailStart) {
            long left = tailStart + tail.length - streamPos;
            if (left <= 0) {
                return -1;
            }
            count = (int) Math.min(length, left);
            System.arraycopy(tail, (int) (streamPos - tailStart), target, offset, count);
        } else {
            file.seek(streamPos);
            count = file.read(target, offset, (int) Math.min(length, tailStart - streamPos));
        }
        if (count > 0) {
            streamPos += count;
        }
        return count;
    }
}
