package dev.vitrine.lens.data;

import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.Arrays;

/**
 * Changes the size of pictures and planes: separable, antialiased, columns first, then rows.
 *
 * <p>Pictures follow the 8-bit arithmetic of Pillow's {@code Image.resize} (rounded to 8 bits between both passes,
 * weights in fixed point with 22 bits), planes that of its mode F, so that a network sees here what it saw in training.
 */
public final class Resampler {
    private Resampler() {}

    public static Picture resize(Picture picture, int width, int height, Resampling resampling) {
        return resize(picture, width, height, resampling, Region.whole(width, height));
    }

    /** The part {@code window} of the picture resized to {@code width} x {@code height}; the rest is not computed. */
    public static Picture resize(Picture picture, int width, int height, Resampling resampling, Region window) {
        requireSize(width, height);
        window.requireWithin(width, height);
        boolean whole = window.equals(Region.whole(width, height));
        if (whole && picture.width() == width && picture.height() == height) {
            Picture same = Picture.wrap(width, height, picture.sharedRgb()).withName(picture.name());
            return picture.bands().map(same::withBands).orElse(same);
        }
        Taps columns = Taps.of(picture.width(), width, window.x(), window.width(), resampling);
        Taps rows = Taps.of(picture.height(), height, window.y(), window.height(), resampling);
        int firstRow = rows.begin();
        int sourceRows = rows.end() - firstRow;
        byte[] narrowed = resampleColumns(picture, firstRow, sourceRows, columns);
        Picture resized = Picture.wrap(
                        window.width(), window.height(), resampleRows(narrowed, 3 * window.width(), firstRow, rows))
                .withName(picture.name());
        return picture.bands()
                .map(bands -> resized.withBands(bands.resized(width, height, resampling, window)))
                .orElse(resized);
    }

    private static byte[] resampleColumns(Picture picture, int firstRow, int rowCount, Taps columns) {
        byte[] source = picture.sharedRgb();
        int[] weights = columns.fixedPoint();
        byte[] result = new byte[Math.multiplyExact(3 * columns.size(), rowCount)];
        int at = 0;
        for (int y = 0; y < rowCount; y++) {
            int row = 3 * (firstRow + y) * picture.width();
            for (int x = 0; x < columns.size(); x++) {
                int red = Taps.HALF;
                int green = Taps.HALF;
                int blue = Taps.HALF;
                int pixel = row + 3 * columns.firsts()[x];
                int weight = x * columns.stride();
                for (int end = weight + columns.counts()[x]; weight < end; weight++, pixel += 3) {
                    red += weights[weight] * (source[pixel] & 255);
                    green += weights[weight] * (source[pixel + 1] & 255);
                    blue += weights[weight] * (source[pixel + 2] & 255);
                }
                result[at++] = Taps.toByte(red);
                result[at++] = Taps.toByte(green);
                result[at++] = Taps.toByte(blue);
            }
        }
        return result;
    }

    private static byte[] resampleRows(byte[] source, int rowLength, int firstRow, Taps rows) {
        int[] weights = rows.fixedPoint();
        byte[] result = new byte[Math.multiplyExact(rowLength, rows.size())];
        int[] sums = new int[rowLength];
        for (int y = 0; y < rows.size(); y++) {
            Arrays.fill(sums, Taps.HALF);
            for (int k = 0; k < rows.counts()[y]; k++) {
                int weight = weights[y * rows.stride() + k];
                int row = (rows.firsts()[y] - firstRow + k) * rowLength;
                for (int i = 0; i < rowLength; i++) {
                    sums[i] += weight * (source[row + i] & 255);
                }
            }
            for (int i = 0; i < rowLength; i++) {
                result[y * rowLength + i] = Taps.toByte(sums[i]);
            }
        }
        return result;
    }

    /** Resizes the last two axes: {@code f32[...,H,W]} to {@code f32[...,height,width]}. */
    public static Tensor resize(Tensor planes, int width, int height, Resampling resampling) {
        if (planes.rank() < 2) {
            throw new IllegalArgumentException("expected a tensor f32[...,H,W], found " + planes);
        }
        int sourceHeight = Math.toIntExact(planes.dimension(-2));
        int sourceWidth = Math.toIntExact(planes.dimension(-1));
        long[] shape = planes.shape();
        shape[shape.length - 2] = height;
        shape[shape.length - 1] = width;
        ByteBuffer bytes = Tensor.allocate(ElementType.FLOAT32, shape);
        FloatBuffer target = bytes.asFloatBuffer();
        FloatBuffer source = planes.floats();
        float[] plane = new float[Math.multiplyExact(sourceHeight, sourceWidth)];
        while (target.hasRemaining()) {
            source.get(plane);
            target.put(resize(plane, sourceWidth, sourceHeight, width, height, resampling));
        }
        return Tensor.wrap(ElementType.FLOAT32, shape, bytes);
    }

    /** Resizes one plane {@code f32[sourceHeight,sourceWidth]} to {@code f32[height,width]}. */
    public static float[] resize(
            float[] plane, int sourceWidth, int sourceHeight, int width, int height, Resampling resampling) {
        requireSize(sourceWidth, sourceHeight);
        requireSize(width, height);
        if (plane.length != Math.multiplyExact(sourceWidth, sourceHeight)) {
            throw new IllegalArgumentException(
                    "plane of " + sourceWidth + "x" + sourceHeight + ": found " + plane.length + " values");
        }
        Taps columns = Taps.of(sourceWidth, width, 0, width, resampling);
        Taps rows = Taps.of(sourceHeight, height, 0, height, resampling);
        return resampleRows(resampleColumns(plane, sourceWidth, sourceHeight, columns), width, rows);
    }

    private static float[] resampleColumns(float[] source, int rowLength, int rowCount, Taps columns) {
        float[] result = new float[Math.multiplyExact(columns.size(), rowCount)];
        int at = 0;
        for (int y = 0; y < rowCount; y++) {
            for (int x = 0; x < columns.size(); x++) {
                int first = y * rowLength + columns.firsts()[x];
                double sum = 0;
                for (int k = 0; k < columns.counts()[x]; k++) {
                    sum += columns.weights()[x * columns.stride() + k] * source[first + k];
                }
                result[at++] = (float) sum;
            }
        }
        return result;
    }

    private static float[] resampleRows(float[] source, int rowLength, Taps rows) {
        float[] result = new float[Math.multiplyExact(rowLength, rows.size())];
        double[] sums = new double[rowLength];
        for (int y = 0; y < rows.size(); y++) {
            Arrays.fill(sums, 0);
            for (int k = 0; k < rows.counts()[y]; k++) {
                double weight = rows.weights()[y * rows.stride() + k];
                int row = (rows.firsts()[y] + k) * rowLength;
                for (int i = 0; i < rowLength; i++) {
                    sums[i] += weight * source[row + i];
                }
            }
            for (int i = 0; i < rowLength; i++) {
                result[y * rowLength + i] = (float) sums[i];
            }
        }
        return result;
    }

    private static void requireSize(int width, int height) {
        if (width < 1 || height < 1) {
            throw new IllegalArgumentException("size " + width + "x" + height + ": expected at least 1x1");
        }
    }
}
