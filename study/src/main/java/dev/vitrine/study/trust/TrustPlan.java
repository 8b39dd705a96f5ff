package dev.vitrine.study.trust;

import dev.vitrine.lens.attribution.SmoothGradient;
import dev.vitrine.lens.method.Attributions;
import dev.vitrine.lens.metric.Infidelity;
import dev.vitrine.lens.metric.MaxSensitivity;
import dev.vitrine.lens.metric.PixelFlipping;
import dev.vitrine.lens.model.preprocessing.Preprocessing;
import dev.vitrine.lens.setting.Setting;
import dev.vitrine.lens.setting.SettingValues;
import dev.vitrine.lens.setting.Settings;
import dev.vitrine.study.sanity.SanityCheck;
import dev.vitrine.study.sanity.SanityCriterion;
import java.util.OptionalInt;

/**
 * Parameters of the tests.
 *
 * @param seed for random weights and all sampling
 */
public record TrustPlan(
        @Setting(meaning = "number of pictures, sampled evenly", least = 1)
        int pictures,

        @Setting(meaning = "randomization steps from the trained to the fully random network", least = 1)
        int stages,

        @Setting(label = "SHARE", meaning = "similarity above chance at which a method fails", above = 0, most = 1)
        double limit,

        @Setting(
                meaning = "pixels changed in each step of deletion and insertion; 224 as published",
                least = 1,
                otherwise = "a 32nd of the picture")
        OptionalInt stepPixels,

        long seed) {
    public static final TrustPlan USUAL = new TrustPlan(6, 6, SanityCriterion.LIMIT, OptionalInt.empty(), 0);

    /** Default number of steps of a deletion curve. */
    private static final int CURVE_STEPS = 32;

    private static final int OFTEN_STEPS = 10;
    private static final int OFTEN_SAMPLES = 6;

    public TrustPlan {
        Settings.require(TrustPlan.class, pictures, stages, limit, stepPixels, seed);
    }

    public TrustPlan withSeed(long newSeed) {
        return new TrustPlan(pictures, stages, limit, stepPixels, newSeed);
    }

    SanityCheck check() {
        return new SanityCheck(stages, seed);
    }

    SanityCriterion criterion() {
        return new SanityCriterion(limit);
    }

    PixelFlipping flipping(PixelFlipping.Direction direction, Preprocessing preprocessing) {
        int pixels = preprocessing.width() * preprocessing.height();
        return new PixelFlipping(direction, stepPixels.orElse((pixels + CURVE_STEPS - 1) / CURVE_STEPS), seed);
    }

    Infidelity infidelity() {
        return new Infidelity(seed);
    }

    MaxSensitivity sensitivity() {
        return new MaxSensitivity(seed);
    }

    /**
     * A method with default values for repeated use on each picture: fewer gradients along a path or over noisy
     * copies.
     */
    static Attributions.Entry often(Attributions.Entry entry) {
        SettingValues fewer = SettingValues.NONE.with("steps", OFTEN_STEPS);
        return new Attributions.Entry(
                entry.family(),
                entry.title(),
                entry.answers(),
                entry.with(entry.standard() instanceof SmoothGradient ? fewer.with("samples", OFTEN_SAMPLES) : fewer));
    }
}
