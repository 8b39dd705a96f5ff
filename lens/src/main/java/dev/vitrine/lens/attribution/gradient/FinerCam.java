package dev.vitrine.lens.attribution.gradient;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.gradient.BackwardRules;
import dev.vitrine.engine.gradient.Differentiator;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.lens.attribution.Backward;
import dev.vitrine.lens.attribution.ExplanationGraph;
import dev.vitrine.lens.attribution.GraphAttribution;
import dev.vitrine.lens.attribution.LayerAttribution;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.model.anatomy.LayerMaps;
import dev.vitrine.lens.objective.ClassScore;
import dev.vitrine.lens.objective.Objective;
import dev.vitrine.lens.setting.Setting;
import dev.vitrine.lens.setting.Settings;
import java.util.List;
import java.util.Optional;

/** Grad-CAM of the contrast between a class and the classes nearest in logit. Zhang et al. 2025, arXiv:2501.11309. */
public record FinerCam(
        @Setting(label = "NAME", otherwise = LayerAttribution.LAST, meaning = LayerAttribution.LAYER)
        Optional<String> layer,

        @Setting(least = 1, meaning = "number of classes with the nearest logits to compare with")
        int comparisons,

        @Setting(label = "SHARE", least = 0, meaning = "weight of the other classes' logits, which are subtracted")
        double strength)
        implements GraphAttribution, LayerAttribution {
    private static final int COMPARISONS = 3;

    public FinerCam {
        Settings.require(FinerCam.class, layer, comparisons, strength);
    }

    public FinerCam() {
        this(Optional.empty(), COMPARISONS, 1);
    }

    @Override
    public Traits traits() {
        return new Traits("finer-cam", Form.MAP, Reduction.SUM, Sign.POSITIVE);
    }

    @Override
    public FinerCam withLayer(String name) {
        return new FinerCam(Optional.of(name), comparisons, strength);
    }

    @Override
    public ExplanationGraph graph(Model model, Objective objective) {
        if (!(objective instanceof ClassScore score)
                || score.scale() != ClassScore.Scale.LOGIT
                || model.classes() < 2) {
            throw VitrineException.usage("Method finer-cam compares the logits of classes; found "
                    + objective.description(model) + " of '" + model.name() + "', which has " + model.classes()
                    + " outputs. Use grad-cam, or omit --score and --against.");
        }
        LayerMaps maps = maps(model, objective);
        Value value = maps.value();
        Backward backward = Backward.of(model, score, List.of(value));
        GraphBuilder builder = new GraphBuilder(backward.graph()).scope("contrast");
        Value contrast = new NearestContrast(model, comparisons, strength)
                .emit(builder, backward.objective().score());
        Differentiator.Result result =
                new Differentiator(BackwardRules.PLAIN).gradient(builder.build(), contrast, List.of(value));
        GraphBuilder end = new GraphBuilder(result.graph()).scope("cam");
        Value heatmap =
                new ClassActivationMap(ClassActivationMap.Variant.GRAD, layer).heatmap(end, maps, result.of(value));
        return ExplanationGraph.finish(
                end, model, heatmap, maps.map(), backward.objective().score(), form());
    }
}
