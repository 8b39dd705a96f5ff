package dev.vitrine.study.segment;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.lens.setting.Setting;
import dev.vitrine.lens.setting.Settings;
import java.util.OptionalDouble;

/** Where of a map an object and its background begin, and how the map is smoothed before. */
public record SegmentPlan(
        @Setting(
                label = "SHARE",
                meaning = "quantile of the map above which a pixel is the object",
                above = 0,
                below = 1)
        double object,

        @Setting(
                label = "SHARE",
                meaning =
                        "quantile of the map above which a pixel starts as the object, but may be found to be background;"
                                + " that of the object for none, as published",
                above = 0,
                below = 1,
                otherwise = "0.6, or what is nearest to it between the two others")
        OptionalDouble likely,

        @Setting(
                label = "SHARE",
                meaning = "quantile of the map below which a pixel is background",
                above = 0,
                below = 1)
        double background,

        @Setting(
                label = "SHARE",
                meaning = "width of the Gaussian that a map of single pixels is smoothed by first, as a share of the"
                        + " picture's side; 0 for none, as published",
                least = 0,
                below = 1)
        double smoothing,

        @Setting(meaning = "rounds of GrabCut", least = 1) int cuts) {
    public static final SegmentPlan USUAL = new SegmentPlan(0.95, OptionalDouble.empty(), 0.1, 0.03, 5);

    private static final double USUALLY_LIKELY = 0.6;

    public SegmentPlan {
        Settings.require(SegmentPlan.class, object, likely, background, smoothing, cuts);
    }

    /** A usage error where the quantiles do not rise. */
    public void requireRising() {
        if (!(background < object)) {
            throw VitrineException.usage(
                    "object " + object + ", background " + background + ": expected background < object.");
        }
        if (!(background < middle() && middle() <= object)) {
            throw VitrineException.usage("likely " + middle() + ": expected more than " + background
                    + ", the background's, and at most " + object + ", the object's.");
        }
    }

    /** The quantile from which a pixel is likely to be the object. */
    public double middle() {
        return likely.orElse(background < USUALLY_LIKELY ? Math.min(USUALLY_LIKELY, object) : object);
    }
}
