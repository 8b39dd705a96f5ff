package dev.vitrine.lens.training.data;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.lens.data.Digest;
import dev.vitrine.lens.data.Picture;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;

/** Grey pictures and their labels in the IDX files of MNIST, gzipped or not. LeCun & Cortes 1998. */
public final class IdxSamples implements Samples {
    private static final int IMAGES = 0x00000803;
    private static final int LABELS = 0x00000801;
    private static final int LARGEST = 1 << 30;
    /** How many bytes one of a gzipped file can stand for. RFC 1951. */
    private static final int MOST_DEFLATED = 1032;

    private final int height;
    private final int width;
    private final byte[] pixels;
    private final byte[] labels;
    private final List<String> classNames;

    private IdxSamples(int height, int width, byte[] pixels, byte[] labels) {
        this.height = height;
        this.width = width;
        this.pixels = pixels;
        this.labels = labels;
        int classes = 1
                + IntStream.range(0, labels.length)
                        .map(i -> labels[i] & 255)
                        .max()
                        .orElse(0);
        this.classNames =
                IntStream.range(0, classes).mapToObj(Integer::toString).toList();
    }

    public static IdxSamples open(Path images, Path labels) {
        try (DataInputStream imageStream = stream(images);
                DataInputStream labelStream = stream(labels)) {
            int count = begin(imageStream, images, IMAGES, "pictures (0x00000803)");
            int height = imageStream.readInt();
            int width = imageStream.readInt();
            int labelled = begin(labelStream, labels, LABELS, "labels (0x00000801)");
            if (count != labelled) {
                throw VitrineException.failure(images + ": " + count + " pictures, but " + labels + " has " + labelled
                        + " labels; expected as many. Give the files that belong together.");
            }
            boolean positive = count > 0 && height > 0 && width > 0;
            if (!positive || (long) height * width > LARGEST || (long) count * height * width > LARGEST) {
                throw VitrineException.failure(images + ": " + count + " pictures of " + width + "x" + height
                        + "; expected at least one, and at most 1 GiB in all");
            }
            int bytes = count * height * width;
            if (bytes > Files.size(images) * MOST_DEFLATED) {
                throw new EOFException();
            }
            byte[] pixels = new byte[bytes];
            imageStream.readFully(pixels);
            byte[] classes = new byte[count];
            labelStream.readFully(classes);
            return new IdxSamples(height, width, pixels, classes);
        } catch (EOFException cut) {
            throw VitrineException.failure(
                    images + " or " + labels + ": ends too early; expected as many bytes as its head says", cut);
        } catch (IOException failure) {
            throw VitrineException.failure(
                    images + " and " + labels + ": cannot be read (" + failure.getMessage() + "); expected IDX files",
                    failure);
        }
    }

    /** Whether a file begins as IDX files of pictures or labels do. */
    public static boolean isIdx(Path file) {
        if (!Files.isRegularFile(file)) {
            return false;
        }
        try (DataInputStream stream = stream(file)) {
            int magic = stream.readInt();
            return magic == IMAGES || magic == LABELS;
        } catch (IOException unreadable) {
            return false;
        }
    }

    private static DataInputStream stream(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw VitrineException.failure(file + ": no such file; expected an IDX file");
        }
        InputStream raw = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
        raw.mark(2);
        boolean zipped = raw.read() == 0x1f && raw.read() == 0x8b;
        raw.reset();
        return new DataInputStream(zipped ? new GZIPInputStream(raw, 1 << 16) : raw);
    }

    /** Reads magic number and count. */
    private static int begin(DataInputStream stream, Path file, int magic, String expected) throws IOException {
        int found = stream.readInt();
        if (found != magic) {
            throw VitrineException.failure(
                    String.format("%s: begins with 0x%08x; expected an IDX file of %s", file, found, expected));
        }
        return stream.readInt();
    }

    @Override
    public List<String> classNames() {
        return classNames;
    }

    @Override
    public int size() {
        return labels.length;
    }

    @Override
    public int label(int index) {
        return labels[index] & 255;
    }

    @Override
    public String name(int index) {
        return "picture " + index;
    }

    @Override
    public Picture read(int index) {
        byte[] rgb = new byte[3 * height * width];
        int from = index * height * width;
        for (int i = 0; i < height * width; i++) {
            byte grey = pixels[from + i];
            rgb[3 * i] = grey;
            rgb[3 * i + 1] = grey;
            rgb[3 * i + 2] = grey;
        }
        return Picture.wrap(width, height, rgb);
    }

    @Override
    public String contents() {
        return Digest.begin()
                .add(width + "x" + height + '\n')
                .add(pixels)
                .add(labels)
                .hex();
    }

    @Override
    public void close() {}
}
