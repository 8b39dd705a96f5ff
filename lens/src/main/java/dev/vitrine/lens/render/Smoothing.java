package dev.vitrine.lens.render;

import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attribution.Heatmap;
import dev.vitrine.lens.attribution.Provenance;
import dev.vitrine.lens.model.preprocessing.GaussianBlur;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * A Gaussian average around each position, within the map: Σ g(d)·score / Σ g(d). Single pixels over a photo are too
 * fine to see; their local average is not.
 *
 * @param sigma in cells; 0 leaves a map unchanged
 */
public record Smoothing(double sigma) {
    public static final Smoothing NONE = new Smoothing(0);

    private static final double SHARE_OF_SIDE = 0.01;

    /** Truncation radius in standard deviations. */
    private static final int REACH = 3;

    /** Below this, nearly all weight is at the center. */
    private static final double LEAST = 0.5;

    public Smoothing {
        if (!(sigma >= 0 && Double.isFinite(sigma))) {
            throw new IllegalArgumentException("sigma " + sigma + ", expected 0 or more");
        }
    }

    /** One percent of the longer side; none for maps with cells large enough to see. */
    public static Smoothing forDisplay(Heatmap heatmap) {
        double sigma = SHARE_OF_SIDE
                * Math.max(heatmap.scores().dimension(0), heatmap.scores().dimension(1));
        return sigma < LEAST ? NONE : new Smoothing(sigma);
    }

    /** The smoothed map; its provenance records it. */
    public Heatmap apply(Heatmap heatmap) {
        if (sigma == 0) {
            return heatmap;
        }
        int height = Math.toIntExact(heatmap.scores().dimension(0));
        int width = Math.toIntExact(heatmap.scores().dimension(1));
        float[] smooth = new GaussianBlur(sigma, (int) Math.ceil(REACH * sigma), GaussianBlur.Border.NONE)
                .apply(heatmap.scores().toFloats(), height, width);
        Provenance raw = heatmap.provenance();
        Map<String, String> options = new LinkedHashMap<>(raw.options());
        options.put("display", words());
        return new Heatmap(
                Tensor.floats(smooth, height, width),
                new Provenance(raw.model(), raw.image(), raw.target(), raw.method(), options));
    }

    /** For a caption. */
    public String words() {
        return sigma == 0 ? "as it is" : String.format(Locale.ROOT, "smoothed, σ %.1f pixels", sigma);
    }
}
