package dev.vitrine.lens.render;

import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attribution.Heatmap;
import dev.vitrine.lens.attribution.Provenance;
import dev.vitrine.lens.render.color.Scale;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * Draws scores in the input's colors, optionally smoothed and with increased contrast to make single pixels visible.
 *
 * @param contrast share of the nonzero values whose magnitudes are within the color range; the rest is clipped
 */
public record PixelPainter(Smoothing smoothing, OptionalDouble contrast) {
    /** {@link HeatmapPainter#pixels}. */
    public static final PixelPainter STANDARD = new PixelPainter(Smoothing.NONE, OptionalDouble.empty());

    public PixelPainter {
        if (contrast.isPresent() && !(contrast.getAsDouble() > 0 && contrast.getAsDouble() <= 1)) {
            throw new IllegalArgumentException("contrast " + contrast.getAsDouble() + ", expected above 0, at most 1");
        }
    }

    /** @param scores {@code f32[C,H,W]} with one channel, or three in the order red, green, blue */
    public BufferedImage picture(Tensor scores) {
        Tensor smooth = smoothed(scores);
        return contrast.isPresent()
                ? HeatmapPainter.pixels(smooth, values -> limit(values, contrast.getAsDouble()))
                : HeatmapPainter.pixels(smooth);
    }

    /** The processing applied, for a caption; empty if none. */
    public String words() {
        List<String> done = new ArrayList<>();
        if (!smoothing.equals(Smoothing.NONE)) {
            done.add(smoothing.words());
        }
        contrast.ifPresent(share -> done.add("contrast to the quantile " + share + " of the nonzero values"));
        return String.join("; ", done);
    }

    private static double limit(float[] values, double share) {
        float[] other = new float[values.length];
        int count = 0;
        for (float value : values) {
            if (value != 0) {
                other[count++] = value;
            }
        }
        return Scale.robustMaximum(Arrays.copyOf(other, count), share);
    }

    private Tensor smoothed(Tensor scores) {
        if (smoothing.equals(Smoothing.NONE)) {
            return scores;
        }
        int height = Math.toIntExact(scores.dimension(1));
        int width = Math.toIntExact(scores.dimension(2));
        float[] values = scores.toFloats();
        float[] smooth = new float[values.length];
        Provenance none = new Provenance("", "", "", "", Map.of());
        for (int from = 0; from < values.length; from += height * width) {
            float[] plane = Arrays.copyOfRange(values, from, from + height * width);
            Heatmap channel = new Heatmap(Tensor.floats(plane, height, width), none);
            System.arraycopy(smoothing.apply(channel).scores().toFloats(), 0, smooth, from, plane.length);
        }
        return Tensor.floats(smooth, scores.shape());
    }
}
