package dev.vitrine.lens.render.file;

import java.awt.image.BufferedImage;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/** A picture stored between runs: every pixel and the kind of raster, so that it is drawn identically. */
public final class StoredImage {
    private StoredImage() {}

    public static void write(BufferedImage image, DataOutput output) throws IOException {
        int width = image.getWidth();
        int height = image.getHeight();
        ByteBuffer pixels = ByteBuffer.allocate(width * height * Integer.BYTES);
        pixels.asIntBuffer().put(image.getRGB(0, 0, width, height, null, 0, width));
        Deflater deflater = new Deflater(Deflater.BEST_SPEED);
        try {
            deflater.setInput(pixels.array());
            deflater.finish();
            byte[] packed = new byte[pixels.capacity() + pixels.capacity() / 1000 + 64];
            int count = deflater.deflate(packed);
            output.writeInt(image.getType());
            output.writeInt(width);
            output.writeInt(height);
            output.writeInt(count);
            output.write(packed, 0, count);
        } finally {
            deflater.end();
        }
    }

    public static BufferedImage read(DataInput input) throws IOException {
        int type = input.readInt();
        int width = input.readInt();
        int height = input.readInt();
        byte[] packed = new byte[input.readInt()];
        input.readFully(packed);
        ByteBuffer pixels = ByteBuffer.allocate(width * height * Integer.BYTES);
        Inflater inflater = new Inflater();
        try {
            inflater.setInput(packed);
            if (inflater.inflate(pixels.array()) < pixels.capacity()) {
                throw new IOException("a picture ends too early");
            }
        } catch (DataFormatException broken) {
            throw new IOException(broken);
        } finally {
            inflater.end();
        }
        int[] rgb = new int[width * height];
        pixels.asIntBuffer().get(rgb);
        BufferedImage image = new BufferedImage(width, height, type);
        image.setRGB(0, 0, width, height, rgb, 0, width);
        return image;
    }
}
