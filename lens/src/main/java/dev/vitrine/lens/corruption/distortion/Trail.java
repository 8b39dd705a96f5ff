package dev.vitrine.lens.corruption.distortion;

import java.util.Arrays;

/**
 * Blur in one direction: {@code w_i = exp(−i²/2σ²), i = 0..2r}, normalized; tap i at {@code (x + ⌈i cos θ − ½⌉, y + ⌈i sin θ −
 * ½⌉)}, the edge repeated. As ImageMagick 6 does it.
 */
public record Trail(double radius, double sigma) {
    /** Keeps areas of one level at that level, whatever the weights' sum rounds to. */
    private static final float SLACK = 1 / 514f;

    /** Levels {@code u8[height,width,channels]}, blurred along an angle in degrees, clockwise from the right. */
    public byte[] apply(byte[] levels, int width, int height, int channels, double degrees) {
        int taps = 2 * (int) Math.ceil(radius) + 1;
        double[] weights = weights(taps);
        double across = taps * Math.cos(Math.PI * degrees / 180);
        double down = taps * Math.sin(Math.PI * degrees / 180);
        double length = Math.hypot(across, down);
        int row = width * channels;
        int reach = taps - 1;
        float[] padded = padded(levels, width, height, channels, reach);
        int paddedRow = (width + 2 * reach) * channels;
        byte[] blurred = new byte[levels.length];
        float[] sum = new float[row];
        for (int y = 0; y < height; y++) {
            Arrays.fill(sum, 0);
            for (int i = 0; i < taps; i++) {
                int right = (int) Math.ceil(i * across / length - 0.5);
                int below = (int) Math.ceil(i * down / length - 0.5);
                int from = Edge.NEAREST.place(y + below, height) * paddedRow + (reach + right) * channels;
                add(padded, from, (float) weights[i], sum);
            }
            for (int i = 0; i < row; i++) {
                blurred[y * row + i] = (byte) (int) (sum[i] + SLACK);
            }
        }
        return blurred;
    }

    private static void add(float[] values, int from, float weight, float[] sum) {
        for (int i = 0; i < sum.length; i++) {
            sum[i] += weight * values[from + i];
        }
    }

    private static float[] padded(byte[] levels, int width, int height, int channels, int reach) {
        float[] padded = new float[(width + 2 * reach) * height * channels];
        int at = 0;
        for (int y = 0; y < height; y++) {
            for (int x = -reach; x < width + reach; x++) {
                int from = (y * width + Edge.NEAREST.place(x, width)) * channels;
                for (int c = 0; c < channels; c++) {
                    padded[at++] = levels[from + c] & 255;
                }
            }
        }
        return padded;
    }

    private double[] weights(int taps) {
        double[] weights = new double[taps];
        double total = 0;
        for (int i = 0; i < taps; i++) {
            weights[i] = Math.exp(-i * i / (2 * sigma * sigma));
            total += weights[i];
        }
        for (int i = 0; i < taps; i++) {
            weights[i] /= total;
        }
        return weights;
    }
}
