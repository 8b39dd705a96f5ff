package dev.vitrine.lens.render.color;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attribution.Heatmap;
import java.util.Arrays;
import java.util.Locale;

/**
 * The scores at the two ends of a color map; values beyond are clipped.
 *
 * @param low score at position 0; {@code -high} if signed
 * @param high score at position 1
 * @param within the share of all values whose magnitude is within a robust scale, 0..1
 */
public record Scale(Polarity polarity, double low, double high, double within) {
    /** For maps shown alone. */
    public static final double WITHIN_MAP = 0.995;

    /** For pixels over a photo, where a few strong ones would leave the rest too pale to see. */
    public static final double WITHIN_OVERLAY = 0.99;

    public Scale {
        if (!Double.isFinite(low) || !Double.isFinite(high) || low > high) {
            throw new IllegalArgumentException("scale from " + low + " to " + high);
        }
        if (polarity == Polarity.SIGNED && low != -high) {
            throw new IllegalArgumentException("signed scale from " + low + " to " + high + ", expected symmetry");
        }
    }

    public Scale(Polarity polarity, double low, double high) {
        this(polarity, low, high, WITHIN_MAP);
    }

    /** From {@code -limit} over 0 to {@code limit}. */
    public static Scale symmetric(double limit) {
        return new Scale(Polarity.SIGNED, 0 - limit, limit);
    }

    /** {@link #robust(Heatmap, Polarity)} with the polarity of the scores. */
    public static Scale robust(Heatmap heatmap) {
        return robust(heatmap, Polarity.of(heatmap.scores()));
    }

    /**
     * The 99.5 percentile of |score| as the end: symmetric around zero where signed, else from 0 (from the lowest score
     * where some are negative). If the percentile is 0, the largest magnitude is used.
     */
    public static Scale robust(Heatmap heatmap, Polarity polarity) {
        return robust(heatmap, polarity, WITHIN_MAP);
    }

    /** {@link #robust(Heatmap, Polarity)} with another percentile, as a share. */
    public static Scale robust(Heatmap heatmap, Polarity polarity, double within) {
        requireFinite(heatmap);
        float[] scores = heatmap.scores().toFloats();
        double limit = robustMaximum(scores, within);
        if (polarity == Polarity.SIGNED) {
            return new Scale(Polarity.SIGNED, 0 - limit, limit, within);
        }
        double low = 0;
        for (float score : scores) {
            low = Math.min(low, score);
        }
        return new Scale(Polarity.UNSIGNED, low, limit, within);
    }

    /** A percentile (nearest rank) of the magnitudes, or the largest where that is 0. */
    public static double robustMaximum(float[] values, double within) {
        float[] magnitudes = new float[values.length];
        for (int index = 0; index < values.length; index++) {
            magnitudes[index] = Math.abs(values[index]);
        }
        Arrays.sort(magnitudes);
        if (magnitudes.length == 0) {
            return 0;
        }
        int rank = (int) Math.ceil(within * magnitudes.length);
        float percentile = magnitudes[Math.max(rank, 1) - 1];
        return percentile > 0 ? percentile : magnitudes[magnitudes.length - 1];
    }

    private static void requireFinite(Heatmap heatmap) {
        Tensor scores = heatmap.scores();
        float[] values = scores.toFloats();
        for (int index = 0; index < values.length; index++) {
            if (!Float.isFinite(values[index])) {
                long width = scores.dimension(-1);
                throw VitrineException.failure(
                        "Heat map of " + heatmap.provenance().method() + " for image '"
                                + heatmap.provenance().image() + "' on model '"
                                + heatmap.provenance().model() + "': the score at row " + index / width + ", column "
                                + index % width + " is " + values[index]
                                + ", expected a finite number. Check that the model's own outputs are finite for this image.");
            }
        }
    }

    /** The position of a score between the ends, 0..1. */
    public double position(double score) {
        if (high == low) {
            return polarity == Polarity.SIGNED ? 0.5 : 0;
        }
        return Math.min(Math.max((score - low) / (high - low), 0), 1);
    }

    /** The strength of a score, 0..1. */
    public double strength(double score) {
        double position = position(score);
        return polarity == Polarity.SIGNED ? Math.abs(2 * position - 1) : position;
    }

    /** The scale in words, for a caption. */
    public String words() {
        if (high == low) {
            return "all scores are " + number(high);
        }
        String range =
                polarity == Polarity.SIGNED ? "scale ±" + number(high) : "scale " + number(low) + " to " + number(high);
        return within == 1
                ? range
                : range + " (" + number(100 * within).replaceAll("\\.?0+$", "")
                        + " percentile of |score|, beyond it clipped)";
    }

    /** Three significant digits. */
    static String number(double value) {
        if (value == 0) {
            return "0";
        }
        double magnitude = Math.abs(value);
        if (magnitude < 1e-3 || magnitude >= 1e5) {
            String[] parts = String.format(Locale.ROOT, "%.2e", value).split("e");
            return (parts[0] + "e" + Integer.parseInt(parts[1])).replace("-", "−");
        }
        int digits = (int) Math.floor(Math.log10(magnitude));
        String text = String.format(Locale.ROOT, "%." + Math.max(0, 2 - digits) + "f", value);
        return text.replace("-", "−");
    }
}
