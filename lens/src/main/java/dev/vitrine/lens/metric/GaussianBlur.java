package dev.vitrine.lens.metric;

import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.model.preprocessing.Layout;

/**
 * Σ g(d)·x with g(d) ∝ exp(−d²/2σ²) for |d| ≤ reach, along rows and columns; beyond the edge counts the edge.
 *
 * @param sigma in pixels
 * @param reach pixels to each side
 */
public record GaussianBlur(double sigma, int reach) {
    public GaussianBlur {
        if (!(sigma > 0) || reach < 0) {
            throw new IllegalArgumentException("sigma " + sigma + ", reach " + reach);
        }
    }

    /** Of a batch of pictures. */
    public Tensor apply(Tensor images, Layout layout) {
        long[] shape = images.shape();
        boolean channelsFirst = layout == Layout.NCHW;
        int step = channelsFirst ? 1 : Math.toIntExact(shape[3]);
        int height = Math.toIntExact(shape[layout.heightAxis()]);
        int width = Math.toIntExact(shape[layout.widthAxis()]);
        float[] values = images.toFloats();
        float[] across = along(values, step, width);
        return Tensor.floats(along(across, step * width, height), shape);
    }

    /** Of a plane {@code f32[height,width]}. */
    public float[] apply(float[] plane, int height, int width) {
        if (plane.length != height * width) {
            throw new IllegalArgumentException(plane.length + " values for " + height + " x " + width);
        }
        return along(along(plane, 1, width), width, height);
    }

    private float[] along(float[] values, int step, int length) {
        double[] weights = new double[reach + 1];
        double total = 0;
        for (int distance = 0; distance <= reach; distance++) {
            weights[distance] = Math.exp(-distance * distance / (2 * sigma * sigma));
            total += (distance == 0 ? 1 : 2) * weights[distance];
        }
        float[] result = new float[values.length];
        int block = step * length;
        for (int start = 0; start < values.length; start += block) {
            for (int place = 0; place < length; place++) {
                int row = start + place * step;
                for (int index = row; index < row + step; index++) {
                    double sum = weights[0] * values[index];
                    for (int distance = 1; distance <= reach; distance++) {
                        int before = Math.min(place, distance);
                        int after = Math.min(length - 1 - place, distance);
                        sum += weights[distance]
                                * ((double) values[index - before * step] + values[index + after * step]);
                    }
                    result[index] = (float) (sum / total);
                }
            }
        }
        return result;
    }
}
