package dev.vitrine.lens.corruption;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.lens.corruption.distortion.Distortion;
import dev.vitrine.lens.data.Picture;
import java.util.List;
import java.util.SplittableRandom;

/**
 * What happens to pictures on the way to a network, in five severities.
 *
 * @param large the distortions for pictures of about 224 pixels (ImageNet-C), severity 1 first
 * @param small those for pictures of about 32 pixels (CIFAR-10-C)
 */
public record Corruption(
        String id,
        String title,
        Kind kind,
        Suite suite,
        List<? extends Distortion> large,
        List<? extends Distortion> small) {
    public static final int SEVERITIES = 5;

    /** The kinds of Hendrycks and Dietterich 2019, arXiv:1903.12261. */
    public enum Kind {
        NOISE,
        BLUR,
        WEATHER,
        DIGITAL
    }

    /** The fifteen of the benchmark, over which the mean corruption error is taken, or the four extra ones. */
    public enum Suite {
        BENCHMARK,
        EXTRA
    }

    public Corruption {
        if (large.size() != SEVERITIES || small.size() != SEVERITIES) {
            throw new IllegalArgumentException(id + ": expected " + SEVERITIES + " severities");
        }
        large = List.copyOf(large);
        small = List.copyOf(small);
    }

    /**
     * The distortion of a severity of 1 to 5, with constants for pictures of this size.
     *
     * @throws VitrineException of kind USAGE for another severity
     */
    public Distortion distortion(int severity, Constants constants) {
        if (severity < 1 || severity > SEVERITIES) {
            throw VitrineException.usage("Found severity " + severity + "; expected 1 to " + SEVERITIES + ".");
        }
        return switch (constants) {
            case LARGE -> large.get(severity - 1);
            case SMALL -> small.get(severity - 1);
        };
    }

    /** The picture corrupted with the constants for its size; severity 0 leaves it as it is. */
    public Picture apply(Picture picture, int severity, long seed) {
        if (severity == 0) {
            return picture;
        }
        return distortion(severity, Constants.of(picture))
                .apply(picture, new SplittableRandom(seed(picture, severity, seed)));
    }

    /**
     * What is drawn at random for one picture depends on the picture itself, the corruption, the severity and the seed, and on
     * nothing else.
     */
    long seed(Picture picture, int severity, long seed) {
        return PictureSeed.of(picture, id, severity, seed);
    }
}
