package dev.vitrine.lens.data.header;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * What a JPEG file asks of its decoder, told from its markers. ITU-T T.81.
 *
 * @param width of the largest frame, in pixels
 * @param height of the largest frame, in pixels
 * @param blocks of 8x8 coefficients in all components
 * @param scans passes over the picture
 * @param codedBytes of all scans together
 * @param process of coding
 * @param exif the first block of Exif data, which is a TIFF file
 */
public record JpegHeader(
        int width, int height, long blocks, int scans, long codedBytes, Process process, Optional<byte[]> exif) {
    /** How coefficients are coded. */
    public enum Process {
        /** Each takes part in one scan only, by Huffman codes. */
        SEQUENTIAL,
        /** A few bits in each scan, by Huffman codes. */
        PROGRESSIVE,
        /** Lossless, or by arithmetic codes. */
        OTHER
    }

    private static final int BYTES_OF_BLOCK = 64 * Short.BYTES;
    private static final byte[] EXIF = "Exif\0\0".getBytes(StandardCharsets.US_ASCII);
    private static final int MOST_SCANS = 1 << 20;
    private static final int SCAN = 0xDA;
    private static final int END = 0xD9;

    /** Bytes of coefficients that a decoder holds at once; a single scan needs none. */
    public long coefficientBytes() {
        return process == Process.PROGRESSIVE || scans > 1 ? blocks * BYTES_OF_BLOCK : 0;
    }

    /** Blocks that are visited in all scans, at most. */
    public long visits() {
        return blocks * scans;
    }

    /** Fewest bytes that the picture takes: a bit for each block, the shortest of Huffman codes. */
    public long fewestBytes() {
        return process == Process.OTHER ? 0 : blocks / Byte.SIZE;
    }

    /** Reads a file to its end; what is damaged is passed over, as decoders do. */
    public static JpegHeader of(InputStream file) throws IOException {
        Reading reading = new Reading(file);
        try {
            reading.markers();
        } catch (EOFException end) {
            // Told by what is missing.
        }
        return reading.header();
    }

    private static final class Reading {
        private final InputStream file;
        private int width;
        private int height;
        private long blocks;
        private int scans;
        private long codedBytes;
        private Process process = Process.SEQUENTIAL;
        private Optional<byte[]> exif = Optional.empty();

        private Reading(InputStream file) {
            this.file = file;
        }

        private JpegHeader header() {
            return new JpegHeader(width, height, blocks, scans, codedBytes, process, exif);
        }

        private int next() throws IOException {
            int value = file.read();
            if (value < 0) {
                throw new EOFException();
            }
            return value;
        }

        private void markers() throws IOException {
            next();
            next();
            int marker = marker();
            while (marker != END && scans < MOST_SCANS) {
                if (marker == 0x01 || (marker >= 0xD0 && marker <= 0xD8)) {
                    marker = marker();
                    continue;
                }
                segment(marker);
                marker = marker == SCAN ? scan() : marker();
            }
        }

        /** The next marker, whatever lies before it. */
        private int marker() throws IOException {
            int value = next();
            while (true) {
                while (value != 0xFF) {
                    value = next();
                }
                while (value == 0xFF) {
                    value = next();
                }
                if (value != 0) {
                    return value;
                }
            }
        }

        private void segment(int marker) throws IOException {
            int length = Math.max(0, (next() << 8 | next()) - 2);
            boolean frame = marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
            boolean application = marker == 0xE1 && exif.isEmpty();
            if (!frame && !application) {
                file.skipNBytes(length);
                return;
            }
            byte[] content = file.readNBytes(length);
            if (frame && content.length >= 6) {
                frame(marker, content);
            } else if (application && content.length > EXIF.length && Arrays.mismatch(content, EXIF) == EXIF.length) {
                exif = Optional.of(Arrays.copyOfRange(content, EXIF.length, content.length));
            }
        }

        private void frame(int marker, byte[] content) {
            int frameHeight = (content[1] & 255) << 8 | content[2] & 255;
            int frameWidth = (content[3] & 255) << 8 | content[4] & 255;
            int components = Math.min(content[5] & 255, (content.length - 6) / 3);
            int widest = 1;
            int tallest = 1;
            for (int component = 0; component < components; component++) {
                widest = Math.max(widest, content[7 + 3 * component] >> 4 & 15);
                tallest = Math.max(tallest, content[7 + 3 * component] & 15);
            }
            long all = 0;
            for (int component = 0; component < components; component++) {
                all += along(frameWidth, content[7 + 3 * component] >> 4 & 15, widest)
                        * along(frameHeight, content[7 + 3 * component] & 15, tallest);
            }
            if (all >= blocks) {
                width = frameWidth;
                height = frameHeight;
                blocks = all;
                process = switch (marker) {
                    case 0xC0, 0xC1 -> Process.SEQUENTIAL;
                    case 0xC2 -> Process.PROGRESSIVE;
                    default -> Process.OTHER;
                };
            }
        }

        /** Blocks along a side of a component. */
        private static long along(int size, int sampling, int most) {
            long samples = ((long) size * sampling + most - 1) / most;
            return (samples + 7) / 8;
        }

        /** Passes over a scan's codes, to the marker behind them. */
        private int scan() throws IOException {
            scans++;
            while (true) {
                int value = next();
                while (value == 0xFF) {
                    value = next();
                    if (value != 0xFF && value != 0 && (value < 0xD0 || value > 0xD7)) {
                        return value;
                    }
                }
                codedBytes++;
            }
        }
    }
}
