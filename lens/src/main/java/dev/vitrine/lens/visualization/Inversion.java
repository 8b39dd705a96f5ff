package dev.vitrine.lens.visualization;

import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attribution.Progress;
import dev.vitrine.lens.data.Picture;
import dev.vitrine.lens.objective.FeatureMatch;
import dev.vitrine.lens.session.ModelSession;
import dev.vitrine.lens.setting.Setting;
import dev.vitrine.lens.setting.Settings;
import dev.vitrine.lens.visualization.optimization.Adam;
import dev.vitrine.lens.visualization.optimization.Search;
import dev.vitrine.lens.visualization.parametrization.Parametrization;
import dev.vitrine.lens.visualization.parametrization.Views;
import dev.vitrine.lens.visualization.penalty.AlphaNorm;
import dev.vitrine.lens.visualization.penalty.TotalVariation;
import java.util.List;
import java.util.Map;

/**
 * argmin ‖Φ(x) − Φ(x₀)‖²/‖Φ(x₀)‖² + λ₁ Σ|x − ½|^α + λ₂ TV^β(x): a picture that a layer cannot distinguish from x₀; the
 * differences are what the layer has discarded. Mahendran and Vedaldi 2015, arXiv:1412.0035.
 *
 * @param alphaWeight λ₁, with α = 6, per pixel
 * @param variationWeight λ₂, with β = 2, per pixel
 */
public record Inversion(
        @Setting(least = 1, meaning = Synthesis.STEPS) int steps,

        @Setting(label = "R", above = 0, meaning = Synthesis.RATE)
        double rate,

        @Setting(label = "W", least = 0, meaning = "weight of the penalty on pixels near black and white")
        double alphaWeight,

        @Setting(name = "tv-weight", label = "W", least = 0, meaning = Synthesis.VARIATION)
        double variationWeight) {
    public static final Inversion USUAL = new Inversion(200, 0.05, 1, 1);

    private static final double ALPHA = 6;
    private static final double BETA = 2;

    public Inversion {
        Settings.require(Inversion.class, steps, rate, alphaWeight, variationWeight);
    }

    /** The hyper-parameters by name. */
    public Map<String, String> options() {
        return Settings.texts(this);
    }

    /**
     * A reconstructed picture with its errors.
     *
     * @param layerError ‖Φ(x) − Φ(x₀)‖ / ‖Φ(x₀)‖
     * @param pictureError ‖x − x₀‖ / ‖x₀ − its mean color‖
     */
    public record Inverted(Value layer, Synthesis synthesis, double layerError, double pictureError) {}

    /** From the layer's response to {@code picture}, at that picture's size. */
    public Inverted run(ModelSession session, Picture picture, Value layer, long seed, Progress progress) {
        Canvas canvas = Canvas.of(session, picture, List.of(layer));
        FeatureMatch objective =
                new FeatureMatch(layer, canvas.features(List.of(layer)).get(0));
        int channels = canvas.model().channels();
        double pixels = (double) channels * picture.width() * picture.height();
        Synthesis synthesis = Studio.of(
                        session,
                        canvas.model(),
                        Parametrization.FOURIER,
                        Views.NONE,
                        objective,
                        List.of(
                                new AlphaNorm(alphaWeight / pixels, ALPHA),
                                new TotalVariation(variationWeight / pixels, BETA)))
                .run(new Search(new Adam(rate), steps), Start.NOISE, seed, Search.Watch.NONE, progress);
        double layerError = Math.sqrt(Math.max(0, -synthesis.scores().get(0)));
        return new Inverted(
                layer, synthesis, layerError, error(synthesis.pictures(), Rgb.values(picture, channels), channels));
    }

    private static double error(Tensor found, float[] expected, int channels) {
        float[] values = found.toFloats();
        int places = expected.length / channels;
        double error = 0;
        double spread = 0;
        for (int channel = 0; channel < channels; channel++) {
            double mean = 0;
            for (int i = channel * places; i < (channel + 1) * places; i++) {
                mean += expected[i] / (double) places;
            }
            for (int i = channel * places; i < (channel + 1) * places; i++) {
                error += (values[i] - expected[i]) * (double) (values[i] - expected[i]);
                spread += (expected[i] - mean) * (expected[i] - mean);
            }
        }
        return Math.sqrt(error / Math.max(spread, 1e-12));
    }
}
