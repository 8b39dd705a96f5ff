package dev.vitrine.lens.visualization;

import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attribution.Progress;
import dev.vitrine.lens.data.Picture;
import dev.vitrine.lens.objective.FeatureMatch;
import dev.vitrine.lens.objective.Objective;
import dev.vitrine.lens.objective.StyleMatch;
import dev.vitrine.lens.objective.WeightedSum;
import dev.vitrine.lens.session.ModelSession;
import dev.vitrine.lens.setting.Setting;
import dev.vitrine.lens.setting.Settings;
import dev.vitrine.lens.visualization.optimization.Adam;
import dev.vitrine.lens.visualization.optimization.Optimizer;
import dev.vitrine.lens.visualization.optimization.Search;
import dev.vitrine.lens.visualization.parametrization.Parametrization;
import dev.vitrine.lens.visualization.parametrization.Views;
import dev.vitrine.lens.visualization.penalty.TotalVariation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * argmin α · Σ content + β · Σ style + γ · TV(x): the content of one picture in the style of another, or, without
 * content, a texture. Content is {@link FeatureMatch}, style {@link StyleMatch}, each divided by the number of its
 * layers. Gatys, Ecker and Bethge 2015, arXiv:1508.06576 and arXiv:1505.07376.
 *
 * @param contentWeight α
 * @param styleWeight β
 * @param variationWeight γ, per pixel
 */
public record StyleTransfer(
        @Setting(least = 1, meaning = Synthesis.STEPS) int steps,

        @Setting(label = "NAME", meaning = "optimizer") Optimizer optimizer,

        @Setting(label = "W", least = 0, meaning = "weight of the content")
        double contentWeight,

        @Setting(label = "W", least = 0, meaning = "weight of the style")
        double styleWeight,

        @Setting(name = "tv-weight", label = "W", least = 0, meaning = Synthesis.VARIATION)
        double variationWeight,

        Colors colors) {
    /** The source of the result's colors. */
    public enum Colors {
        /** The style's. */
        STYLE,
        /** The content's: only the luminance of the result is kept. */
        LUMINANCE,
        /** The content's: the style picture gets their mean and covariance before it is used. */
        MATCH
    }

    /** Starts from the content. */
    public static final StyleTransfer STYLE = new StyleTransfer(200, new Adam(0.05), 1, 100, 0.1, Colors.STYLE);

    /** Starts from noise. */
    public static final StyleTransfer TEXTURE = new StyleTransfer(300, new Adam(0.05), 0, 100, 0.1, Colors.STYLE);

    public StyleTransfer {
        Settings.require(StyleTransfer.class, steps, optimizer, contentWeight, styleWeight, variationWeight, colors);
    }

    public StyleTransfer withSteps(int newSteps) {
        return Settings.with(this, "steps", newSteps);
    }

    public StyleTransfer with(Optimizer newOptimizer, Colors newColors) {
        return new StyleTransfer(steps, newOptimizer, contentWeight, styleWeight, variationWeight, newColors);
    }

    /** The hyper-parameters by name. */
    public Map<String, String> options() {
        return Settings.texts(this);
    }

    /** Layers for content and style by name of the value. */
    public record Chosen(List<Value> content, List<Value> style) {
        public Chosen {
            content = List.copyOf(content);
            style = List.copyOf(style);
        }
    }

    /** A picture of the size of {@code content}. */
    public Synthesis run(
            ModelSession session,
            Picture content,
            Picture style,
            Chosen layers,
            Start start,
            long seed,
            Search.Watch watch,
            Progress progress) {
        Canvas.requireLayers("style layer", layers.style());
        Picture painted = colors == Colors.MATCH ? ColorTransfer.matched(style, content) : style;
        List<Value> all = new ArrayList<>(layers.content());
        all.addAll(layers.style());
        Canvas canvas = Canvas.of(session, content, all);
        List<WeightedSum.Term> terms = new ArrayList<>();
        if (!layers.content().isEmpty() && contentWeight > 0) {
            List<Tensor> features = canvas.features(layers.content());
            for (int i = 0; i < features.size(); i++) {
                Objective match = new FeatureMatch(layers.content().get(i), features.get(i));
                terms.add(new WeightedSum.Term(contentWeight / features.size(), match));
            }
        }
        List<Tensor> grams = Canvas.of(session, painted, layers.style()).grams(layers.style());
        for (int i = 0; i < grams.size(); i++) {
            Objective match = new StyleMatch(layers.style().get(i), grams.get(i));
            terms.add(new WeightedSum.Term(styleWeight / grams.size(), match));
        }
        double pixels = (double) canvas.model().channels() * content.width() * content.height();
        Synthesis synthesis = Studio.of(
                        session,
                        canvas.model(),
                        Parametrization.FOURIER,
                        Views.NONE,
                        new WeightedSum(terms),
                        List.of(new TotalVariation(variationWeight / pixels, 1)))
                .run(new Search(optimizer, steps), start, seed, watch, progress);
        return colors == Colors.LUMINANCE
                ? new Synthesis(
                        ColorTransfer.luminance(synthesis.pictures(), content), synthesis.scores(), synthesis.course())
                : synthesis;
    }
}
