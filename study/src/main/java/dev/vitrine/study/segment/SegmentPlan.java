package dev.vitrine.study.segment;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.lens.setting.Setting;
import dev.vitrine.lens.setting.Settings;
import java.util.OptionalDouble;

/** Quantiles of a map that seed object and background, and its smoothing. */
public record SegmentPlan(
        @Setting(
                label = "SHARE",
                meaning = "quantile of the map above which a pixel belongs to the object",
                above = 0,
                below = 1)
        double object,

        @Setting(
                label = "SHARE",
                meaning =
                        "quantile of the map above which a pixel is initially labeled object, but may become background;"
                                + " equal to the object's for none, as published",
                above = 0,
                below = 1,
                otherwise = "0.6, clipped between the two others")
        OptionalDouble likely,

        @Setting(
                label = "SHARE",
                meaning = "quantile of the map below which a pixel belongs to the background",
                above = 0,
                below = 1)
        double background,

        @Setting(
                label = "SHARE",
                meaning = "width of the Gaussian that first smooths a per-pixel map, as a share of the"
                        + " picture's side; 0 for none, as published",
                least = 0,
                below = 1)
        double smoothing,

        @Setting(meaning = "GrabCut iterations", least = 1) int cuts) {
    public static final SegmentPlan USUAL = new SegmentPlan(0.95, OptionalDouble.empty(), 0.1, 0.03, 5);

    private static final double USUALLY_LIKELY = 0.6;

    public SegmentPlan {
        Settings.require(SegmentPlan.class, object, likely, background, smoothing, cuts);
    }

    /** A usage error unless the quantiles ascend. */
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

    /** The quantile above which a pixel probably belongs to the object. */
    public double middle() {
        return likely.orElse(background < USUALLY_LIKELY ? Math.min(USUALLY_LIKELY, object) : object);
    }
}
