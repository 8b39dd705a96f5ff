package dev.vitrine.lens.visualization;

import dev.vitrine.engine.graph.Value;
import dev.vitrine.lens.attribution.Progress;
import dev.vitrine.lens.data.Picture;
import dev.vitrine.lens.objective.FeatureProduct;
import dev.vitrine.lens.session.ModelSession;
import dev.vitrine.lens.setting.Setting;
import dev.vitrine.lens.setting.Settings;
import dev.vitrine.lens.visualization.optimization.Adam;
import dev.vitrine.lens.visualization.optimization.Search;
import dev.vitrine.lens.visualization.parametrization.Parametrization;
import dev.vitrine.lens.visualization.parametrization.Views;
import java.util.List;
import java.util.Map;

/**
 * argmax of y·y₀ · cos(y, y₀)^p at a layer, y₀ of the picture: the layer's response to it, exaggerated. The recipe
 * "caricature" of Lucid, after Olah et al. 2018, doi:10.23915/distill.00010.
 *
 * @param power as in {@link FeatureProduct}
 */
public record Caricature(
        @Setting(least = 1, meaning = Synthesis.STEPS) int steps,

        @Setting(label = "R", above = 0, meaning = Synthesis.RATE)
        double rate,

        @Setting(label = "P", least = 0, meaning = "weight of direction relative to magnitude")
        int power) {
    public static final Caricature USUAL = new Caricature(256, 0.05, 4);

    /** Small ones: the maps of layer and picture have to stay aligned. */
    private static final Views LOOKS = new Views(2, 0.02, 1);

    public Caricature {
        Settings.require(Caricature.class, steps, rate, power);
    }

    /** The hyper-parameters by name. */
    public Map<String, String> options() {
        return Settings.texts(this);
    }

    /** A picture of the size of {@code picture}. */
    public Synthesis run(ModelSession session, Picture picture, Value layer, long seed, Progress progress) {
        Canvas canvas = Canvas.of(session, picture, List.of(layer));
        FeatureProduct objective =
                new FeatureProduct(layer, canvas.features(List.of(layer)).get(0), power);
        return Studio.of(session, canvas.model(), Parametrization.FOURIER, LOOKS, objective, List.of())
                .run(new Search(new Adam(rate), steps), Start.NOISE, seed, Search.Watch.NONE, progress);
    }
}
