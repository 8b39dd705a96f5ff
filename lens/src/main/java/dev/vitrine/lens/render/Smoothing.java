package dev.vitrine.lens.render;

import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attribution.Heatmap;
import dev.vitrine.lens.attribution.Provenance;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * A Gaussian average around each place, within the map: Σ g(d)·score / Σ g(d). Single pixels over a photo are too fine to
 * be seen; what they say together is not.
 *
 * @param sigma in places; 0 leaves a map as it is
 */
public record Smoothing(double sigma) {
    public static final Smoothing NONE = new Smoothing(0);

    private static final double SHARE_OF_SIDE = 0.01;

    /** Below it nearly all weight stays in the middle. */
    private static final double LEAST = 0.5;

    public Smoothing {
        if (!(sigma >= 0 && Double.isFinite(sigma))) {
            throw new IllegalArgumentException("sigma " + sigma + ", expected 0 or more");
        }
    }

    /** One percent of the longer side; nothing for maps so small that a place can be seen. */
    public static Smoothing forDisplay(Heatmap heatmap) {
        double sigma = SHARE_OF_SIDE
                * Math.max(heatmap.scores().dimension(0), heatmap.scores().dimension(1));
        return sigma < LEAST ? NONE : new Smoothing(sigma);
    }

    /** The map smoothed, its provenance saying so. */
    public Heatmap apply(Heatmap heatmap) {
        if (sigma == 0) {
            return heatmap;
        }
        int height = Math.toIntExact(heatmap.scores().dimension(0));
        int width = Math.toIntExact(heatmap.scores().dimension(1));
        float[] across = along(heatmap.scores().toFloats(), height, width, 1, width);
        float[] both = along(across, width, height, width, 1);
        Provenance raw = heatmap.provenance();
        Map<String, String> options = new LinkedHashMap<>(raw.options());
        options.put("display", words());
        return new Heatmap(
                Tensor.floats(both, height, width),
                new Provenance(raw.model(), raw.image(), raw.target(), raw.method(), options));
    }

    /** For a caption. */
    public String words() {
        return sigma == 0 ? "as it is" : String.format(Locale.ROOT, "smoothed, σ %.1f pixels", sigma);
    }

    private float[] along(float[] values, int lines, int length, int step, int lineStep) {
        double[] weights = new double[(int) Math.ceil(3 * sigma) + 1];
        for (int distance = 0; distance < weights.length; distance++) {
            weights[distance] = Math.exp(-distance * distance / (2 * sigma * sigma));
        }
        float[] result = new float[values.length];
        for (int line = 0; line < lines; line++) {
            for (int place = 0; place < length; place++) {
                int from = Math.max(0, place - weights.length + 1);
                int to = Math.min(length - 1, place + weights.length - 1);
                double sum = 0;
                double weight = 0;
                for (int near = from; near <= to; near++) {
                    double share = weights[Math.abs(near - place)];
                    sum += share * values[line * lineStep + near * step];
                    weight += share;
                }
                result[line * lineStep + place * step] = (float) (sum / weight);
            }
        }
        return result;
    }
}
