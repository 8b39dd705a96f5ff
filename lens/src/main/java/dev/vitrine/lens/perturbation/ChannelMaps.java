package dev.vitrine.lens.perturbation;

import dev.vitrine.engine.tensor.Tensor;
import java.util.Arrays;

/** The activations of a layer on one picture, {@code f32[1,C,h,w]}, by channel. */
final class ChannelMaps {
    private final int channels;
    private final int height;
    private final int width;
    private final float[] values;

    ChannelMaps(Tensor maps) {
        channels = Math.toIntExact(maps.dimension(1));
        height = Math.toIntExact(maps.dimension(2));
        width = Math.toIntExact(maps.dimension(3));
        values = maps.toFloats();
    }

    int channels() {
        return channels;
    }

    int height() {
        return height;
    }

    int width() {
        return width;
    }

    /** A copy of one channel's map, {@code f32[h,w]}. */
    float[] plane(int channel) {
        return Arrays.copyOfRange(values, channel * height * width, (channel + 1) * height * width);
    }

    float least(int channel) {
        float least = Float.POSITIVE_INFINITY;
        for (float value : plane(channel)) {
            least = Math.min(least, value);
        }
        return least;
    }

    /** Maximum minus minimum. */
    float range(int channel) {
        float largest = Float.NEGATIVE_INFINITY;
        for (float value : plane(channel)) {
            largest = Math.max(largest, value);
        }
        return largest - least(channel);
    }

    /** The activations with one channel set to zero. */
    void writeWithout(int channel, float[] maps) {
        System.arraycopy(values, 0, maps, 0, values.length);
        Arrays.fill(maps, channel * height * width, (channel + 1) * height * width, 0);
    }

    /** Every channel times a mask {@code f32[h,w]}. */
    void writeMasked(float[] mask, float[] maps) {
        for (int i = 0; i < values.length; i++) {
            maps[i] = values[i] * mask[i % mask.length];
        }
    }

    /** max(Σ_c w_c A_c, 0) as {@code f32[1,1,h,w]}. */
    Tensor weighted(double[] weights) {
        float[] map = new float[height * width];
        for (int place = 0; place < map.length; place++) {
            double sum = 0;
            for (int channel = 0; channel < channels; channel++) {
                sum += weights[channel] * values[channel * map.length + place];
            }
            map[place] = (float) Math.max(0, sum);
        }
        return Tensor.floats(map, 1, 1, height, width);
    }
}
