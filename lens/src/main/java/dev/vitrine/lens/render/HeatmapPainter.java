package dev.vitrine.lens.render;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attribution.Heatmap;
import dev.vitrine.lens.render.color.ColorMap;
import dev.vitrine.lens.render.color.Polarity;
import dev.vitrine.lens.render.color.Scale;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.function.IntUnaryOperator;
import java.util.function.ToDoubleFunction;

/**
 * Maps scores to colors.
 *
 * @param sequential for unsigned scales
 * @param diverging for signed scales
 * @param resampling how a map is resized to the picture
 */
public record HeatmapPainter(ColorMap sequential, ColorMap diverging, Resampling resampling) {
    /** For maps shown alone. */
    public static final HeatmapPainter MAP =
            new HeatmapPainter(ColorMap.INFERNO, ColorMap.BLUE_WHITE_RED, Resampling.BILINEAR);

    /** For maps overlaid on a picture. */
    public static final HeatmapPainter OVERLAY =
            new HeatmapPainter(ColorMap.INFERNO, ColorMap.BLUE_GRAY_RED, Resampling.BILINEAR);

    private static final double OPACITY = 0.85;
    private static final double COLOR_KEPT = 0.35;
    private static final double LIGHTENED = 0.5;

    /** Out of 255, as the next. */
    private static final double DARK = 64;

    private static final double MEDIUM = 110;
    private static final double MOST_GAIN = 8;

    public HeatmapPainter {
        if (sequential.shape() != ColorMap.Shape.SEQUENTIAL || diverging.shape() != ColorMap.Shape.DIVERGING) {
            throw new IllegalArgumentException(
                    "expected a sequential and a diverging color map, found " + sequential + " and " + diverging);
        }
    }

    public HeatmapPainter with(Resampling other) {
        return new HeatmapPainter(sequential, diverging, other);
    }

    public ColorMap colors(Scale scale) {
        return scale.polarity() == Polarity.SIGNED ? diverging : sequential;
    }

    /** The map alone, opaque, at its native resolution. */
    public BufferedImage map(Heatmap heatmap, Scale scale) {
        return map(heatmap, scale, side(heatmap, 1), side(heatmap, 0));
    }

    /** The map alone, opaque. */
    public BufferedImage map(Heatmap heatmap, Scale scale, int width, int height) {
        ColorMap colors = colors(scale);
        float[] scores = scores(heatmap, width, height);
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int index = 0; index < scores.length; index++) {
            image.setRGB(index % width, index / width, colors.rgb(scale.position(scores[index])));
        }
        return image;
    }

    /** The map as an overlay: opacity grows with the strength of a score; zero is transparent. */
    public BufferedImage layer(Heatmap heatmap, Scale scale, int width, int height) {
        ColorMap colors = colors(scale);
        float[] scores = scores(heatmap, width, height);
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_ARGB);
        for (int index = 0; index < scores.length; index++) {
            image.setRGB(index % width, index / width, veil(colors, scale, scores[index]));
        }
        return image;
    }

    /** Packed 0xAARRGGBB for a score; 0 is fully transparent. */
    static int veil(ColorMap colors, Scale scale, double score) {
        int alpha = (int) Math.round(255 * opacity(scale.strength(score)));
        return alpha == 0 ? 0 : alpha << 24 | colors.rgb(scale.position(score));
    }

    /** {@code 1 - (1 - strength)^1.5}: weak scores are still visible, zero stays transparent. */
    public static double opacity(double strength) {
        return 1 - (1 - strength) * Math.sqrt(1 - strength);
    }

    /**
     * The picture under the overlay at 85 % opacity: faded, or if it is dark there ({@link #gain}), lightened to gray.
     */
    public BufferedImage overlay(Heatmap heatmap, Scale scale, BufferedImage view) {
        BufferedImage layer = layer(heatmap, scale, view.getWidth(), view.getHeight());
        double gain = gain(layer, view);
        return compose(layer, view, OPACITY, gain > 1 ? rgb -> lightened(rgb, gain) : HeatmapPainter::paled);
    }

    static BufferedImage compose(BufferedImage layer, BufferedImage view, double opacity) {
        return compose(layer, view, opacity, HeatmapPainter::paled);
    }

    private static BufferedImage compose(
            BufferedImage layer, BufferedImage view, double opacity, IntUnaryOperator ground) {
        BufferedImage image = new BufferedImage(view.getWidth(), view.getHeight(), BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < view.getHeight(); y++) {
            for (int x = 0; x < view.getWidth(); x++) {
                int above = layer.getRGB(x, y);
                int below = ground.applyAsInt(view.getRGB(x, y));
                image.setRGB(x, y, ColorMap.mix(below, above, opacity * (above >>> 24) / 255));
            }
        }
        return image;
    }

    /**
     * The brightness gain that makes a picture's shapes visible under an overlay: 1 unless the picture is dark where
     * the overlay is opaque, that is, its mean luma (Rec. 601) weighted by the overlay's opacity is below a quarter.
     */
    public static double gain(BufferedImage layer, BufferedImage view) {
        double sum = 0;
        double weight = 0;
        for (int y = 0; y < view.getHeight(); y++) {
            for (int x = 0; x < view.getWidth(); x++) {
                int opacity = layer.getRGB(x, y) >>> 24;
                sum += opacity * luma(view.getRGB(x, y));
                weight += opacity;
            }
        }
        return weight == 0 || sum / weight >= DARK ? 1 : Math.min(MOST_GAIN, MEDIUM / Math.max(1, sum / weight));
    }

    private static double luma(int rgb) {
        return 0.299 * (rgb >> 16 & 0xff) + 0.587 * (rgb >> 8 & 0xff) + 0.114 * (rgb & 0xff);
    }

    /** Converts to gray, brightens, and blends halfway to white. */
    private static int lightened(int rgb, double gain) {
        int gray = (int) Math.round(Math.min(255, gain * luma(rgb))) * 0x010101;
        return ColorMap.mix(gray, 0xffffff, LIGHTENED);
    }

    /** Desaturated, so that the map's colors stand out. Rec. 601 luma. */
    private static int paled(int rgb) {
        int gray = (int) Math.round(luma(rgb)) * 0x010101;
        return ColorMap.mix(gray, rgb & 0xffffff, COLOR_KEPT);
    }

    /**
     * Scores in the input's own colors as a picture: {@code 0.5 + 0.5 · score / m}, clipped, where m is the 99.5
     * percentile of |score| over all channels.
     *
     * @param scores {@code f32[C,H,W]} with one channel, or three in the order red, green, blue
     */
    public static BufferedImage pixels(Tensor scores) {
        return pixels(scores, values -> Scale.robustMaximum(values, Scale.WITHIN_MAP));
    }

    /** {@link #pixels(Tensor)} with a given m. */
    static BufferedImage pixels(Tensor scores, ToDoubleFunction<float[]> most) {
        if (scores.rank() != 3 || (scores.dimension(0) != 1 && scores.dimension(0) != 3)) {
            throw new IllegalArgumentException("expected f32[1,H,W] or f32[3,H,W], found " + scores);
        }
        int height = Math.toIntExact(scores.dimension(1));
        int width = Math.toIntExact(scores.dimension(2));
        int plane = height * width;
        float[] values = scores.toFloats();
        for (int index = 0; index < values.length; index++) {
            if (!Float.isFinite(values[index])) {
                throw VitrineException.failure("The score at row " + index % plane / width + ", column " + index % width
                        + " is " + values[index] + ", expected a finite number. Check that the model's own outputs are"
                        + " finite for this image.");
            }
        }
        double limit = most.applyAsDouble(values);
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int index = 0; index < plane; index++) {
            int rgb = 0;
            for (int channel = 0; channel < 3; channel++) {
                float value = values[scores.dimension(0) == 1 ? index : channel * plane + index];
                double position = limit == 0 ? 0.5 : Math.min(Math.max(0.5 + 0.5 * value / limit, 0), 1);
                rgb = rgb << 8 | (int) Math.round(255 * position);
            }
            image.setRGB(index % width, index / width, rgb);
        }
        return image;
    }

    private float[] scores(Heatmap heatmap, int width, int height) {
        return resampling.apply(heatmap.scores().toFloats(), side(heatmap, 0), side(heatmap, 1), height, width);
    }

    private static int side(Heatmap heatmap, int axis) {
        if (heatmap.scores().rank() != 2) {
            throw new IllegalArgumentException("expected scores f32[H,W], found " + heatmap.scores());
        }
        return Math.toIntExact(heatmap.scores().dimension(axis));
    }

    /** A picture resized per channel. */
    static BufferedImage resized(BufferedImage image, int width, int height, Resampling resampling) {
        if (image.getWidth() == width && image.getHeight() == height) {
            return image;
        }
        int[] packed = image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
        int[] result = new int[width * height];
        Arrays.fill(result, 0xff);
        for (int shift = 16; shift >= 0; shift -= 8) {
            float[] channel = new float[packed.length];
            for (int index = 0; index < packed.length; index++) {
                channel[index] = packed[index] >> shift & 0xff;
            }
            float[] scaled = resampling.apply(channel, image.getHeight(), image.getWidth(), height, width);
            for (int index = 0; index < result.length; index++) {
                result[index] = result[index] << 8 | Math.round(scaled[index]);
            }
        }
        BufferedImage resized = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        resized.setRGB(0, 0, width, height, result, 0, width);
        return resized;
    }
}
