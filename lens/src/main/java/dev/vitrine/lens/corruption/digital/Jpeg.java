package dev.vitrine.lens.corruption.digital;

import dev.vitrine.lens.corruption.distortion.Distortion;
import dev.vitrine.lens.data.Picture;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.random.RandomGenerator;
import javax.imageio.IIOImage;
import javax.imageio.ImageReader;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.spi.IIORegistry;
import javax.imageio.spi.ImageReaderSpi;
import javax.imageio.spi.ImageWriterSpi;
import javax.imageio.stream.MemoryCacheImageInputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/**
 * Compressed as JPEG and read again: the standard tables of libjpeg for the quality, chroma at half the resolution (4:2:0), by
 * the encoder and the decoder of the Java platform.
 */
public record Jpeg(int quality) implements Distortion {
    /** The readers and writers of the platform itself, whatever else is installed. */
    private static final String PLATFORM = "com.sun.imageio.plugins.jpeg.";

    private static final ImageWriterSpi WRITER = platform(ImageWriterSpi.class);
    private static final ImageReaderSpi READER = platform(ImageReaderSpi.class);

    @Override
    public Picture apply(Picture picture, RandomGenerator random) {
        return decode(encode(picture), picture.width(), picture.height());
    }

    byte[] encode(Picture picture) {
        BufferedImage image = new BufferedImage(picture.width(), picture.height(), BufferedImage.TYPE_3BYTE_BGR);
        swap(picture.sharedRgb(), ((DataBufferByte) image.getRaster().getDataBuffer()).getData());
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (MemoryCacheImageOutputStream stream = new MemoryCacheImageOutputStream(bytes)) {
            ImageWriter writer = WRITER.createWriterInstance();
            try {
                ImageWriteParam param = writer.getDefaultWriteParam();
                param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
                param.setCompressionQuality(platformQuality());
                writer.setOutput(stream);
                writer.write(null, new IIOImage(image, null, null), param);
            } finally {
                writer.dispose();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /**
     * The quality by which the platform scales the tables as libjpeg does: by {@code ⌊5000 / q⌋} percent below 50, else by {@code
     * 200 − 2q}.
     */
    private float platformQuality() {
        double scale = (quality < 50 ? 5000 / quality : 200 - 2 * quality) / 100.0;
        return (float) (scale > 1 ? 0.5 / scale : 1 - scale / 2);
    }

    private static Picture decode(byte[] file, int width, int height) {
        try (MemoryCacheImageInputStream stream = new MemoryCacheImageInputStream(new ByteArrayInputStream(file))) {
            ImageReader reader = READER.createReaderInstance();
            try {
                reader.setInput(stream, true, true);
                BufferedImage image = reader.read(0);
                byte[] rgb = new byte[3 * width * height];
                if (image.getType() == BufferedImage.TYPE_3BYTE_BGR) {
                    swap(((DataBufferByte) image.getRaster().getDataBuffer()).getData(), rgb);
                } else {
                    throw new IllegalStateException("JPEG decoded to an image of type " + image.getType());
                }
                return Picture.wrap(width, height, rgb);
            } finally {
                reader.dispose();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void swap(byte[] from, byte[] to) {
        for (int i = 0; i < to.length; i += 3) {
            to[i] = from[i + 2];
            to[i + 1] = from[i + 1];
            to[i + 2] = from[i];
        }
    }

    private static <T> T platform(Class<T> kind) {
        Iterator<T> all = IIORegistry.getDefaultInstance().getServiceProviders(kind, true);
        while (all.hasNext()) {
            T provider = all.next();
            if (provider.getClass().getName().startsWith(PLATFORM)) {
                return provider;
            }
        }
        throw new IllegalStateException("this Java runtime has no JPEG " + kind.getSimpleName());
    }
}
