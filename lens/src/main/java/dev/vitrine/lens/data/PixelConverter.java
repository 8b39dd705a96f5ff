package dev.vitrine.lens.data;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorConvertOp;
import java.awt.image.ColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.IndexColorModel;
import java.awt.image.PixelInterleavedSampleModel;
import java.awt.image.Raster;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;

/** Turns whatever ImageIO decodes into {@code u8[H,W,3]} sRGB, transparency laid on white. */
final class PixelConverter {
    private PixelConverter() {}

    /** May reuse the image's own memory: the image is not to be used afterwards. */
    static byte[] toRgb(BufferedImage image) throws IOException {
        ColorModel colors = image.getColorModel();
        if (colors.getTransferType() == DataBuffer.TYPE_FLOAT || colors.getTransferType() == DataBuffer.TYPE_DOUBLE) {
            throw new IOException("its samples are floating-point numbers; expected whole numbers of 1 to 32 bits");
        }
        if (colors instanceof IndexColorModel palette) {
            return fromPalette(image.getRaster(), palette);
        }
        if (colors.getColorSpace().getType() == ColorSpace.TYPE_GRAY) {
            return fromSamples(image.getRaster(), colors, 1);
        }
        if (!colors.getColorSpace().isCS_sRGB()) {
            BufferedImage converted = new BufferedImage(
                    image.getWidth(),
                    image.getHeight(),
                    colors.hasAlpha() ? BufferedImage.TYPE_4BYTE_ABGR : BufferedImage.TYPE_3BYTE_BGR);
            new ColorConvertOp(null).filter(image, converted);
            return toRgb(converted);
        }
        if (image.getRaster().getDataBuffer() instanceof DataBufferByte buffer
                && image.getSampleModel() instanceof PixelInterleavedSampleModel model
                && model.getNumBands() == 3
                && model.getPixelStride() == 3
                && model.getScanlineStride() == 3 * image.getWidth()
                && buffer.getNumBanks() == 1
                && buffer.getOffset() == 0
                && buffer.getData().length == 3 * image.getWidth() * image.getHeight()) {
            return inPlace(buffer.getData(), model.getBandOffsets());
        }
        return fromSamples(image.getRaster(), colors, 3);
    }

    /** The channels of a picture with alpha, or of one that is no color; empty for others. */
    static Optional<Bands> bands(BufferedImage image) {
        ColorModel colors = image.getColorModel();
        Raster raster = image.getRaster();
        int width = image.getWidth();
        int height = image.getHeight();
        if (colors instanceof IndexColorModel palette) {
            return palette.hasAlpha() ? Optional.of(fromPalette(palette, raster)) : Optional.empty();
        }
        int type = colors.getColorSpace().getType();
        boolean known = type == ColorSpace.TYPE_GRAY || type == ColorSpace.TYPE_RGB;
        int count = raster.getNumBands();
        if (known && !colors.hasAlpha() && count != 1 && count != 3 && isWhole(colors)) {
            return Optional.of(many(raster, colors));
        }
        if (!known || !colors.hasAlpha()) {
            return Optional.empty();
        }
        int bands = raster.getNumBands();
        byte[][] planes = new byte[bands][width * height];
        long[] full = new long[bands];
        for (int band = 0; band < bands; band++) {
            full[band] = (1L << colors.getComponentSize(band)) - 1;
        }
        int[] row = new int[width * bands];
        for (int y = 0; y < height; y++) {
            raster.getPixels(raster.getMinX(), raster.getMinY() + y, width, 1, row);
            for (int i = 0; i < row.length; i++) {
                int value = eightBits(row[i], full[i % bands]);
                int alpha = eightBits(row[i / bands * bands + bands - 1], full[bands - 1]);
                boolean premultiplied = colors.isAlphaPremultiplied() && i % bands < bands - 1 && alpha > 0;
                planes[i % bands][y * width + i / bands] =
                        (byte) (premultiplied ? Math.min(255, value * 255 / alpha) : value);
            }
        }
        return Optional.of(Bands.samples(width, height, Bands.Last.ALPHA, planes));
    }

    private static boolean isWhole(ColorModel colors) {
        return colors.getTransferType() != DataBuffer.TYPE_FLOAT && colors.getTransferType() != DataBuffer.TYPE_DOUBLE;
    }

    /** Every sample as a channel of its own. */
    static Bands data(BufferedImage image) throws IOException {
        if (!isWhole(image.getColorModel())) {
            throw new IOException(
                    "its samples are floating-point numbers; expected whole numbers of 1 to 32 bits, or an"
                            + " array of these numbers (.npy)");
        }
        return many(image.getRaster(), image.getColorModel());
    }

    private static Bands many(Raster raster, ColorModel colors) {
        int width = raster.getWidth();
        int height = raster.getHeight();
        int count = raster.getNumBands();
        float[][] planes = new float[count][width * height];
        int[] row = new int[width * count];
        for (int y = 0; y < height; y++) {
            raster.getPixels(raster.getMinX(), raster.getMinY() + y, width, 1, row);
            for (int i = 0; i < row.length; i++) {
                double full = Math.pow(2, colors.getComponentSize(i % count)) - 1;
                planes[i % count][y * width + i / count] = (float) (row[i] * 255.0 / full);
            }
        }
        boolean fine = colors.getComponentSize(0) > 8;
        return Bands.numbers(width, height, fine ? Bands.Scale.FINE_SAMPLES : Bands.Scale.SAMPLES, planes);
    }

    private static Bands fromPalette(IndexColorModel palette, Raster raster) {
        int width = raster.getWidth();
        byte[][] planes = new byte[4][width * raster.getHeight()];
        int[] row = new int[width];
        for (int y = 0; y < raster.getHeight(); y++) {
            raster.getSamples(raster.getMinX(), raster.getMinY() + y, width, 1, 0, row);
            for (int x = 0; x < width; x++) {
                int index = Math.min(row[x], palette.getMapSize() - 1);
                planes[0][y * width + x] = (byte) palette.getRed(index);
                planes[1][y * width + x] = (byte) palette.getGreen(index);
                planes[2][y * width + x] = (byte) palette.getBlue(index);
                planes[3][y * width + x] = (byte) palette.getAlpha(index);
            }
        }
        return Bands.samples(width, raster.getHeight(), Bands.Last.ALPHA, planes);
    }

    private static byte[] inPlace(byte[] pixels, int[] offsets) {
        if (Arrays.equals(offsets, new int[] {0, 1, 2})) {
            return pixels;
        }
        for (int i = 0; i < pixels.length; i += 3) {
            byte red = pixels[i + offsets[0]];
            byte green = pixels[i + offsets[1]];
            byte blue = pixels[i + offsets[2]];
            pixels[i] = red;
            pixels[i + 1] = green;
            pixels[i + 2] = blue;
        }
        return pixels;
    }

    private static byte[] fromPalette(Raster raster, IndexColorModel palette) {
        byte[][] colors = new byte[palette.getMapSize()][];
        for (int i = 0; i < colors.length; i++) {
            int alpha = palette.getAlpha(i);
            colors[i] = new byte[] {
                (byte) onWhite(palette.getRed(i), alpha),
                (byte) onWhite(palette.getGreen(i), alpha),
                (byte) onWhite(palette.getBlue(i), alpha)
            };
        }
        byte[] rgb = new byte[Math.multiplyExact(3, raster.getWidth() * raster.getHeight())];
        int[] row = new int[raster.getWidth()];
        int at = 0;
        for (int y = 0; y < raster.getHeight(); y++) {
            raster.getSamples(raster.getMinX(), raster.getMinY() + y, row.length, 1, 0, row);
            for (int index : row) {
                System.arraycopy(colors[Math.min(index, colors.length - 1)], 0, rgb, at, 3);
                at += 3;
            }
        }
        return rgb;
    }

    private static byte[] fromSamples(Raster raster, ColorModel colors, int colorBands) {
        int width = raster.getWidth();
        int bands = raster.getNumBands();
        long[] full = new long[bands];
        for (int band = 0; band < bands; band++) {
            full[band] = (1L << colors.getComponentSize(band)) - 1;
        }
        byte[] rgb = new byte[Math.multiplyExact(3, width * raster.getHeight())];
        int[] row = new int[width * bands];
        int at = 0;
        for (int y = 0; y < raster.getHeight(); y++) {
            raster.getPixels(raster.getMinX(), raster.getMinY() + y, width, 1, row);
            for (int pixel = 0; pixel < row.length; pixel += bands) {
                int alpha = colors.hasAlpha() ? eightBits(row[pixel + bands - 1], full[bands - 1]) : 255;
                for (int channel = 0; channel < 3; channel++) {
                    int band = colorBands == 1 ? 0 : channel;
                    int value = eightBits(row[pixel + band], full[band]);
                    rgb[at++] = (byte)
                            (colors.isAlphaPremultiplied()
                                    ? Math.min(255, value + 255 - alpha)
                                    : onWhite(value, alpha));
                }
            }
        }
        return rgb;
    }

    private static int eightBits(int sample, long full) {
        return full == 255 ? sample : (int) (((sample & full) * 255 + full / 2) / full);
    }

    private static int onWhite(int value, int alpha) {
        return (value * alpha + 255 * (255 - alpha) + 127) / 255;
    }
}
