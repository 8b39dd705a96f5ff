package dev.vitrine.lens.visualization;

import dev.vitrine.lens.model.preprocessing.GaussianBlur;
import dev.vitrine.lens.setting.Setting;
import dev.vitrine.lens.setting.Settings;
import dev.vitrine.lens.visualization.optimization.Search;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Regularization of pixels between steps to make a picture more natural: decay towards gray, blur every few steps, and
 * clipping of pixels with small norm or small contribution to gray. Yosinski et al. 2015, arXiv:1506.06579.
 *
 * @param blurEvery steps between blurs; at least 1 if there is a blur
 */
public record Tidying(
        @Setting(
                label = "SHARE",
                least = 0,
                below = 1,
                meaning = "classic: decay towards gray per step",
                otherwise = USUAL)
        double decay,

        @Setting(label = "SIGMA", least = 0, meaning = "classic: blur in pixels; 0 for none", otherwise = USUAL)
        double blur,

        @Setting(label = "STEPS", least = 0, meaning = "classic: steps between blurs", otherwise = USUAL)
        int blurEvery,

        @Setting(
                name = "clip-norm",
                label = "PERCENT",
                least = 0,
                below = 100,
                meaning = "classic: share of pixels set to gray for their small norm",
                otherwise = USUAL)
        double normPercentile,

        @Setting(
                name = "clip-contribution",
                label = "PERCENT",
                least = 0,
                below = 100,
                meaning = "classic: share of pixels set to gray for their small contribution",
                otherwise = USUAL)
        double contributionPercentile) {
    private static final String USUAL = "the form's own";

    /** No regularization. */
    public static final Tidying NONE = new Tidying(0, 0, 0, 0, 0);

    private static final float GRAY = 0.5f;
    private static final double REACH = 3;

    public Tidying {
        Settings.require(Tidying.class, decay, blur, blurEvery, normPercentile, contributionPercentile);
        blurEvery = blur > 0 ? Math.max(1, blurEvery) : 0;
    }

    /** For options and provenance. */
    Map<String, String> options() {
        Map<String, String> options = new LinkedHashMap<>();
        options.put("decay", Double.toString(decay));
        options.put("blur", Double.toString(blur));
        options.put("blur-every", Integer.toString(blurEvery));
        options.put("norm-percentile", Double.toString(normPercentile));
        options.put("contribution-percentile", Double.toString(contributionPercentile));
        return options;
    }

    /** For pictures of a shape {@code [N,C,H,W]} whose parameters are their pixels. */
    Search.Upkeep upkeep(long[] shape) {
        if (equals(NONE)) {
            return Search.Upkeep.NONE;
        }
        int channels = (int) shape[1];
        int height = (int) shape[2];
        int width = (int) shape[3];
        int places = height * width;
        return state -> {
            float[] pixels = state.parameters();
            float[] gradient = state.gradient();
            for (int i = 0; i < pixels.length; i++) {
                pixels[i] -= (float) (decay * (pixels[i] - GRAY));
            }
            if (blurEvery > 0 && state.step() % blurEvery == 0) {
                GaussianBlur gaussian = new GaussianBlur(blur, (int) Math.ceil(REACH * blur));
                for (int plane = 0; plane < pixels.length; plane += places) {
                    float[] smooth = gaussian.apply(Arrays.copyOfRange(pixels, plane, plane + places), height, width);
                    System.arraycopy(smooth, 0, pixels, plane, places);
                }
            }
            for (int image = 0; image < pixels.length; image += channels * places) {
                clear(pixels, image, channels, places, normPercentile, i -> Math.abs(pixels[i] - GRAY));
                clear(
                        pixels,
                        image,
                        channels,
                        places,
                        contributionPercentile,
                        i -> Math.abs((pixels[i] - GRAY) * gradient[i]));
            }
        };
    }

    private interface Weight {
        float of(int index);
    }

    /** Sets the pixels of least weight to gray. */
    private static void clear(float[] pixels, int from, int channels, int places, double percentile, Weight weight) {
        int count = (int) (places * percentile / 100);
        if (count == 0) {
            return;
        }
        float[] weights = new float[places];
        for (int i = 0; i < channels * places; i++) {
            weights[i % places] += weight.of(from + i);
        }
        float[] sorted = weights.clone();
        Arrays.sort(sorted);
        float limit = sorted[count];
        for (int i = 0; i < channels * places; i++) {
            if (weights[i % places] < limit) {
                pixels[from + i] = GRAY;
            }
        }
    }
}
