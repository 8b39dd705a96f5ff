package dev.vitrine.lens.model.preprocessing;

import java.util.Collections;
import java.util.List;

/**
 * {@code value = (low + v · (high − low) / 255 − mean[c]) / deviation[c]} for a sample v of 0..255.
 *
 * @param low what black becomes before the mean is taken off
 * @param high what white becomes before the mean is taken off
 * @param mean one number a channel, in the order of the input's channels, in units of low..high
 * @param deviation one positive number a channel, in the order of the input's channels, in units of low..high
 */
public record Normalization(double low, double high, List<Double> mean, List<Double> deviation) {
    /** 0..1, minus the mean and over the deviation of ImageNet's training pictures, red first. */
    public static final Normalization IMAGENET =
            new Normalization(0, 1, List.of(0.485, 0.456, 0.406), List.of(0.229, 0.224, 0.225));

    public Normalization {
        mean = List.copyOf(mean);
        deviation = List.copyOf(deviation);
        if (!(low < high) || !Double.isFinite(low) || !Double.isFinite(high)) {
            throw new IllegalArgumentException("range [" + low + ", " + high + "]: expected two rising numbers");
        }
        if (mean.size() != deviation.size() || mean.isEmpty()) {
            throw new IllegalArgumentException(
                    "mean " + mean + " and deviation " + deviation + ": expected one number a channel in both");
        }
        if (!mean.stream().allMatch(Double::isFinite)) {
            throw new IllegalArgumentException("mean " + mean + ": expected finite numbers");
        }
        if (!deviation.stream().allMatch(number -> number > 0 && Double.isFinite(number))) {
            throw new IllegalArgumentException("deviation " + deviation + ": expected positive numbers");
        }
    }

    /** {@code low..high}, neither mean nor deviation. */
    public static Normalization range(double low, double high, int channels) {
        return new Normalization(low, high, Collections.nCopies(channels, 0.0), Collections.nCopies(channels, 1.0));
    }

    /** How many channels. */
    public int channels() {
        return mean.size();
    }

    /** The input value of a sample 0..255. */
    public float value(int channel, double sample) {
        return normalized(channel, low + sample * (high - low) / 255);
    }

    /** The input value of a number in units of low..high. */
    float normalized(int channel, double ranged) {
        return (float) ((ranged - mean.get(channel)) / deviation.get(channel));
    }

    /** The sample 0..255 nearest to an input value. */
    public int sample(int channel, float value) {
        double ranged = value * deviation.get(channel) + mean.get(channel);
        return (int) Math.max(0, Math.min(255, Math.rint((ranged - low) * 255 / (high - low))));
    }

    /** The sample 0..255 nearest to a channel's mean. */
    int meanSample(int channel) {
        return sample(channel, 0);
    }
}
