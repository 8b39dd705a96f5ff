package dev.vitrine.lens.data;

import dev.vitrine.engine.VitrineException;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** Gray pictures of an IDX file, the format of MNIST, gzipped or not. LeCun and Cortes 1998. */
public final class IdxPictures {
    private static final int IMAGES = 0x00000803;
    private static final int LABELS = 0x00000801;
    private static final int LARGEST = 1 << 30;

    private final int height;
    private final int width;
    private final byte[] pixels;

    private IdxPictures(int height, int width, byte[] pixels) {
        this.height = height;
        this.width = width;
        this.pixels = pixels;
    }

    /** Opens the bytes of a file. */
    @FunctionalInterface
    interface Source {
        InputStream open() throws IOException;
    }

    /** Whether a file begins as IDX files of pictures or labels do. */
    public static boolean isIdx(Path file) {
        int magic = Files.isRegularFile(file) ? magic(() -> Files.newInputStream(file)) : 0;
        return magic == IMAGES || magic == LABELS;
    }

    /** Whether a file begins as IDX files of pictures do. */
    static boolean holdsPictures(Source file) {
        return magic(file) == IMAGES;
    }

    private static int magic(Source file) {
        try (DataInputStream stream = new DataInputStream(Unzipped.of(file.open()))) {
            return stream.readInt();
        } catch (IOException unreadable) {
            return 0;
        }
    }

    public static IdxPictures read(Path file) {
        RegularFile.require(file, "an IDX file of pictures");
        return read(file.toString(), () -> Files.newInputStream(file));
    }

    static IdxPictures read(String name, Source file) {
        return reading(name, file, stream -> {
            int count = begin(name, stream, IMAGES, "pictures (0x00000803)");
            int height = stream.readInt();
            int width = stream.readInt();
            boolean positive = count > 0 && height > 0 && width > 0;
            if (!positive || (long) height * width > LARGEST || (long) count * height * width > LARGEST) {
                throw VitrineException.failure(name + ": " + count + " pictures of " + width + "x" + height
                        + "; expected at least one, and at most 1 GiB in all");
            }
            return new IdxPictures(height, width, bytes(stream, count * height * width));
        });
    }

    /** The class of each picture, 0 to 255, as the file of labels beside a file of pictures tells. */
    public static byte[] labels(Path file) {
        RegularFile.require(file, "an IDX file of labels");
        return labels(file.toString(), () -> Files.newInputStream(file));
    }

    static byte[] labels(String name, Source file) {
        return reading(name, file, stream -> {
            int count = begin(name, stream, LABELS, "labels (0x00000801)");
            if (count < 1 || count > LARGEST) {
                throw VitrineException.failure(name + ": " + count + " labels; expected at least one");
            }
            return bytes(stream, count);
        });
    }

    private interface Content<T> {
        T of(DataInputStream stream) throws IOException;
    }

    private static <T> T reading(String name, Source file, Content<T> content) {
        try (DataInputStream stream = new DataInputStream(Unzipped.of(file.open()))) {
            return content.of(stream);
        } catch (EOFException cut) {
            throw VitrineException.failure(name + ": ends too early; expected as many bytes as its head says", cut);
        } catch (IOException failure) {
            throw VitrineException.failure(
                    name + ": cannot be read (" + RegularFile.reason(failure) + "); expected an IDX file", failure);
        }
    }

    /** Reads magic number and count. */
    private static int begin(String name, DataInputStream stream, int magic, String expected) throws IOException {
        int found = stream.readInt();
        if (found != magic) {
            throw VitrineException.failure(
                    String.format("%s: begins with 0x%08x; expected an IDX file of %s", name, found, expected));
        }
        return stream.readInt();
    }

    /** Takes memory as bytes come, whatever the head says. */
    private static byte[] bytes(DataInputStream stream, int count) throws IOException {
        byte[] bytes = stream.readNBytes(count);
        if (bytes.length < count) {
            throw new EOFException();
        }
        return bytes;
    }

    public int size() {
        return pixels.length / (height * width);
    }

    public int height() {
        return height;
    }

    public int width() {
        return width;
    }

    /** Its values, row by row. */
    public byte[] values(int index) {
        return Arrays.copyOfRange(pixels, index * height * width, (index + 1) * height * width);
    }

    public Picture picture(int index) {
        byte[] rgb = new byte[3 * height * width];
        int from = index * height * width;
        for (int i = 0; i < height * width; i++) {
            byte gray = pixels[from + i];
            rgb[3 * i] = gray;
            rgb[3 * i + 1] = gray;
            rgb[3 * i + 2] = gray;
        }
        return Picture.wrap(width, height, rgb);
    }
}
