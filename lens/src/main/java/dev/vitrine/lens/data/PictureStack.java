package dev.vitrine.lens.data;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Color pictures of 8 bits and one size in a NumPy file, {@code u8[N,H,W,3]}. */
public final class PictureStack {
    private static final String EXPECTED = "uint8 [pictures, height, width, 3]";
    private static final String TYPE = "|u1";

    private final Tensor pixels;

    private PictureStack(Tensor pixels) {
        this.pixels = pixels;
    }

    /** @throws VitrineException of kind FAILURE if the file holds anything else */
    public static PictureStack read(Path file) {
        Tensor pixels = Npy.read(file);
        long[] shape = pixels.shape();
        boolean bytes = pixels.elementType() == ElementType.UINT8;
        if (!bytes || shape.length != 4 || shape[3] != 3 || pixels.elements() == 0) {
            throw VitrineException.failure(file + ": found " + pixels.elementType() + Arrays.toString(shape)
                    + "; expected color pictures, " + EXPECTED + "." + remedy(bytes, shape));
        }
        return new PictureStack(pixels);
    }

    private static String remedy(boolean bytes, long[] shape) {
        if (!bytes) {
            return " Save values of 0 to 255 as uint8.";
        }
        if (shape.length == 4 && shape[1] == 3) {
            return " Move the channels to the last axis.";
        }
        if (shape.length == 3 && shape[2] == 3) {
            return " Add an axis for a single picture.";
        }
        return shape.length == 3 || shape.length == 4 && shape[3] == 1
                ? " Repeat gray pictures along the last axis, once for each channel."
                : "";
    }

    public int count() {
        return Math.toIntExact(pixels.dimension(0));
    }

    public int height() {
        return Math.toIntExact(pixels.dimension(1));
    }

    public int width() {
        return Math.toIntExact(pixels.dimension(2));
    }

    public Picture picture(int index) {
        byte[] rgb = new byte[3 * width() * height()];
        pixels.rows(index, index + 1).bytes().get(rgb);
        return Picture.wrap(width(), height(), rgb);
    }

    /** A file of pictures of one size. */
    public static void write(Path target, List<Picture> pictures) {
        byte[] header = Npy.header(
                TYPE, pictures.size(), pictures.get(0).height(), pictures.get(0).width(), 3);
        OutputFile.write(target, (OutputStream stream) -> write(stream, header, pictures));
    }

    private static void write(OutputStream stream, byte[] header, List<Picture> pictures) throws IOException {
        stream.write(header);
        for (Picture picture : pictures) {
            stream.write(picture.sharedRgb());
        }
    }
}
