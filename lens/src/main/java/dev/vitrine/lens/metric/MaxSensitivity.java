package dev.vitrine.lens.metric;

import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attribution.Explainer;
import dev.vitrine.lens.attribution.Progress;
import dev.vitrine.lens.model.preprocessing.Layout;
import dev.vitrine.lens.model.preprocessing.Preprocessing;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * max over ‖y − x‖∞ ≤ r of ‖Φ(y) − Φ(x)‖₂ / ‖Φ(x)‖₂, estimated by uniform noise: 0 if an imperceptible change leaves a
 * map unchanged. Yeh et al. 2019, arXiv:1901.09392, relative to the map's own size.
 *
 * @param radius r, as a share of the range of the input's values
 * @param samples noisy copies
 */
public record MaxSensitivity(double radius, int samples, long seed) {
    public MaxSensitivity {
        if (!(radius > 0) || samples < 1) {
            throw new IllegalArgumentException(
                    "radius " + radius + ", samples " + samples + ": expected a share above 0, and at least 1 sample");
        }
    }

    /** Three copies within 2 % of the range: imperceptible noise. */
    public MaxSensitivity(long seed) {
        this(0.02, 3, seed);
    }

    /**
     * @param image as the model's input, batch 1
     * @param target {@code i64[1]}
     * @param attribution Φ(x)
     */
    public double of(
            Explainer explainer, Preprocessing preprocessing, Tensor image, Tensor target, Tensor attribution) {
        List<Tensor> copies = new ArrayList<>();
        List<Tensor> targets = new ArrayList<>();
        Random random = new Random(seed);
        for (int sample = 0; sample < samples; sample++) {
            copies.add(noisy(image, preprocessing, random));
            targets.add(target);
        }
        Tensor answers = explainer
                .explain(Tensor.concatenate(copies), Tensor.concatenate(targets), Progress.NONE)
                .attribution();
        float[] original = attribution.toFloats();
        double size = 0;
        for (float value : original) {
            size += (double) value * value;
        }
        double largest = 0;
        for (int sample = 0; sample < samples; sample++) {
            float[] answer = answers.rows(sample, sample + 1).toFloats();
            double distance = 0;
            for (int index = 0; index < answer.length; index++) {
                double step = (double) answer[index] - original[index];
                distance += step * step;
            }
            largest = Math.max(largest, distance);
        }
        return Math.sqrt(largest / Math.max(1e-30, size));
    }

    private Tensor noisy(Tensor image, Preprocessing preprocessing, Random random) {
        float[] values = image.toFloats();
        int channels = preprocessing.channels().count();
        int places = values.length / channels;
        for (int index = 0; index < values.length; index++) {
            int channel = preprocessing.layout() == Layout.NCHW ? index / places : index % channels;
            double range = Math.abs(preprocessing.maximum(channel) - preprocessing.minimum(channel));
            values[index] += (float) (radius * range * (2 * random.nextDouble() - 1));
        }
        return Tensor.floats(values, image.shape());
    }
}
