package dev.vitrine.lens.model.preprocessing;

import dev.vitrine.engine.tensor.Tensor;

/**
 * Σ g(d)·x / Σ g(d) with g(d) = exp(−d²/2σ²) for |d| ≤ reach, along rows and columns.
 *
 * @param sigma in pixels
 * @param reach pixels to each side
 */
public record GaussianBlur(double sigma, int reach, Border border) {
    /** What counts beyond the border. */
    public enum Border {
        /** The pixel at the border. */
        NEAREST,
        /** Nothing: both sums go over what lies within. */
        NONE
    }

    public GaussianBlur {
        if (!(sigma > 0) || reach < 0) {
            throw new IllegalArgumentException("sigma " + sigma + ", reach " + reach);
        }
    }

    public GaussianBlur(double sigma, int reach) {
        this(sigma, reach, Border.NEAREST);
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
        for (int distance = 0; distance <= reach; distance++) {
            weights[distance] = Math.exp(-distance * distance / (2 * sigma * sigma));
        }
        double[] totals = totals(weights, length);
        float[] result = new float[values.length];
        int block = step * length;
        for (int start = 0; start < values.length; start += block) {
            for (int place = 0; place < length; place++) {
                int before = Math.min(place, reach);
                int after = Math.min(length - 1 - place, reach);
                int row = start + place * step;
                for (int index = row; index < row + step; index++) {
                    double sum = weights[0] * values[index];
                    for (int distance = 1; distance <= reach; distance++) {
                        double pair =
                                at(values, index, -step, distance, before) + at(values, index, step, distance, after);
                        sum += weights[distance] * pair;
                    }
                    result[index] = (float) (sum / totals[place]);
                }
            }
        }
        return result;
    }

    /** How much counts at each place. */
    private double[] totals(double[] weights, int length) {
        double[] totals = new double[length];
        for (int place = 0; place < length; place++) {
            totals[place] = weights[0];
            for (int distance = 1; distance <= reach; distance++) {
                int within = (distance <= place ? 1 : 0) + (distance < length - place ? 1 : 0);
                totals[place] += (border == Border.NEAREST ? 2 : within) * weights[distance];
            }
        }
        return totals;
    }

    /** The value so far along, of which {@code last} is the last within. */
    private double at(float[] values, int index, int step, int distance, int last) {
        if (distance <= last) {
            return values[index + distance * step];
        }
        return border == Border.NEAREST ? values[index + last * step] : 0;
    }
}
