package dev.vitrine.lens.corruption.weather;

import dev.vitrine.lens.corruption.distortion.Distortion;
import dev.vitrine.lens.corruption.distortion.Edge;
import dev.vitrine.lens.corruption.distortion.Shares;
import dev.vitrine.lens.data.Picture;
import java.util.random.RandomGenerator;

/**
 * Drops of water: turquoise light added, brightest near the lower right rims of a {@link Liquid}.
 *
 * <p>The light is the distance to the rims cut at 20, its histogram equalized, an emboss kernel and two 3×3 means over it,
 * times the liquid, divided by the largest, times the opacity.
 */
public record Water(Liquid liquid, double opacity) implements Distortion {
    private static final double FARTHEST = 20;
    private static final int[] EMBOSS = {-2, -1, 0, -1, 1, 1, 0, 1, 2};
    private static final double[] TURQUOISE = {175 / 255.0, 238 / 255.0, 238 / 255.0};

    public Water(double mean, double deviation, double sigma, double threshold, double opacity) {
        this(new Liquid(mean, deviation, sigma, threshold), opacity);
    }

    @Override
    public Picture apply(Picture picture, RandomGenerator random) {
        float[] light =
                light(liquid.layer(picture.width(), picture.height(), random), picture.width(), picture.height());
        float[] values = Shares.floats(picture);
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (values[i] + light[i / 3] * TURQUOISE[i % 3]);
        }
        return Shares.picture(picture, values);
    }

    /** {@code f32[height,width]}, 0 to the opacity. */
    float[] light(double[] layer, int width, int height) {
        int[] levels = new int[layer.length];
        for (int i = 0; i < levels.length; i++) {
            levels[i] = (int) (layer[i] * 255) & 255;
        }
        float[] distance = Rims.distance(Rims.of(levels, width, height), width, height);
        for (int i = 0; i < distance.length; i++) {
            distance[i] = (float) Math.min(distance[i], FARTHEST);
        }
        int[] shade = new int[layer.length];
        float[] sums = sum3(distance, width, height);
        for (int i = 0; i < shade.length; i++) {
            shade[i] = (int) (sums[i] / 9);
        }
        shade = mean(embossed(equalized(shade), width, height), width, height);
        float[] light = new float[layer.length];
        float most = 0;
        for (int i = 0; i < light.length; i++) {
            light[i] = levels[i] * shade[i];
            most = Math.max(most, light[i]);
        }
        for (int i = 0; i < light.length && most > 0; i++) {
            light[i] = (float) (light[i] / most * opacity);
        }
        return light;
    }

    private static int[] equalized(int[] levels) {
        int[] counts = new int[256];
        for (int level : levels) {
            counts[level]++;
        }
        int first = 0;
        while (counts[first] == 0) {
            first++;
        }
        if (counts[first] == levels.length) {
            return levels;
        }
        float scale = 255f / (levels.length - counts[first]);
        int[] table = new int[256];
        int sum = 0;
        for (int level = first + 1; level < table.length; level++) {
            sum += counts[level];
            table[level] = (int) Math.rint(sum * scale);
        }
        int[] equal = new int[levels.length];
        for (int i = 0; i < equal.length; i++) {
            equal[i] = table[levels[i]];
        }
        return equal;
    }

    private static int[] embossed(int[] levels, int width, int height) {
        int[] embossed = new int[levels.length];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int sum = 0;
                for (int i = 0; i < 9; i++) {
                    int row = Edge.REFLECTED.place(y + i / 3 - 1, height);
                    sum += EMBOSS[i] * levels[row * width + Edge.REFLECTED.place(x + i % 3 - 1, width)];
                }
                embossed[y * width + x] = Math.min(255, Math.max(0, sum));
            }
        }
        return embossed;
    }

    private static int[] mean(int[] levels, int width, int height) {
        float[] values = new float[levels.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = levels[i];
        }
        float[] sums = sum3(values, width, height);
        int[] mean = new int[levels.length];
        for (int i = 0; i < mean.length; i++) {
            mean[i] = (int) Math.rint(sums[i] / 9.0);
        }
        return mean;
    }

    private static float[] sum3(float[] values, int width, int height) {
        float[] rows = new float[values.length];
        float[] sums = new float[values.length];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                rows[y * width + x] = values[y * width + Edge.REFLECTED.place(x - 1, width)]
                        + values[y * width + x]
                        + values[y * width + Edge.REFLECTED.place(x + 1, width)];
            }
        }
        for (int y = 0; y < height; y++) {
            int above = Edge.REFLECTED.place(y - 1, height) * width;
            int below = Edge.REFLECTED.place(y + 1, height) * width;
            for (int x = 0; x < width; x++) {
                sums[y * width + x] = rows[above + x] + rows[y * width + x] + rows[below + x];
            }
        }
        return sums;
    }
}
