package dev.vitrine.lens.corruption.weather;

import dev.vitrine.lens.corruption.distortion.GaussianFilter;
import java.util.random.RandomGenerator;

/** Where drops lie: N(mean, deviation²) blurred by σ, 0 up to the threshold. */
record Liquid(double mean, double deviation, double sigma, double threshold) {
    /** {@code f64[height,width]}. */
    double[] layer(int width, int height, RandomGenerator random) {
        double[] layer = new double[width * height];
        for (int i = 0; i < layer.length; i++) {
            layer[i] = mean + deviation * random.nextGaussian();
        }
        layer = GaussianFilter.of(sigma).apply(layer, width, height, 1);
        for (int i = 0; i < layer.length; i++) {
            if (layer[i] < threshold) {
                layer[i] = 0;
            }
        }
        return layer;
    }
}
