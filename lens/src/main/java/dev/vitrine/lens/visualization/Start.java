package dev.vitrine.lens.visualization;

import dev.vitrine.lens.data.Picture;
import dev.vitrine.lens.data.Resampler;
import dev.vitrine.lens.data.Resampling;
import dev.vitrine.lens.visualization.optimization.Problem;
import dev.vitrine.lens.visualization.parametrization.Parametrization;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/** The starting point. */
public sealed interface Start {
    /** Gray with a little noise. */
    record Noise() implements Start {}

    /** Uniform gray. */
    record Gray() implements Start {}

    /** A picture, resized; the same for every image. */
    record Image(Picture picture) implements Start {}

    Start NOISE = new Noise();
    Start GRAY = new Gray();

    /** The parameters of all images of a problem. */
    default float[] parameters(Problem problem, RandomGenerator random) {
        long[] shape = problem.shape();
        int channels = (int) shape[1];
        int height = (int) shape[2];
        int width = (int) shape[3];
        int each = channels * height * width;
        Parametrization parametrization = problem.parametrization();
        if (this instanceof Noise) {
            return parametrization.noise(random, (int) shape[0] * each);
        }
        float[] picture = new float[each];
        if (this instanceof Image image) {
            picture = Rgb.values(Resampler.resize(image.picture(), width, height, Resampling.BICUBIC), channels);
        } else {
            Arrays.fill(picture, 0.5f);
        }
        float[] one = parametrization.of(picture, channels, height, width);
        float[] all = new float[(int) shape[0] * each];
        for (int i = 0; i < all.length; i += each) {
            System.arraycopy(one, 0, all, i, each);
        }
        return all;
    }
}
