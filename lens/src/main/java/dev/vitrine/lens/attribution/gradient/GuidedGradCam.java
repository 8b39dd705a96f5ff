package dev.vitrine.lens.attribution.gradient;

import dev.vitrine.engine.gradient.BackwardRules;
import dev.vitrine.engine.gradient.Differentiator;
import dev.vitrine.engine.gradient.RectifierRules;
import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.lens.attribution.Attribution;
import dev.vitrine.lens.attribution.Backward;
import dev.vitrine.lens.attribution.Enlargement;
import dev.vitrine.lens.attribution.ExplanationGraph;
import dev.vitrine.lens.attribution.GraphAttribution;
import dev.vitrine.lens.attribution.LayerAttribution;
import dev.vitrine.lens.attribution.PictureAttribution;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.model.anatomy.LayerMaps;
import dev.vitrine.lens.model.preprocessing.Layout;
import dev.vitrine.lens.objective.Objective;
import dev.vitrine.lens.setting.Setting;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Guided backpropagation ⊙ Grad-CAM upsampled to the input. Selvaraju et al. 2016, arXiv:1610.02391. */
public record GuidedGradCam(
        @Setting(label = "NAME", otherwise = LayerAttribution.LAST, meaning = LayerAttribution.LAYER)
        Optional<String> layer)
        implements GraphAttribution {
    @Override
    public Traits traits() {
        return new Traits("guided-grad-cam", Form.PIXELS, Reduction.COLOR, Sign.SIGNED);
    }

    @Override
    public Map<String, String> optionsOn(Model model) {
        return cam().optionsOn(model);
    }

    @Override
    public GuidedGradCam settled(Model model, Objective objective) {
        Attribution settled = cam().settled(model, objective);
        return settled instanceof ClassActivationMap map ? new GuidedGradCam(map.layer()) : this;
    }

    private ClassActivationMap cam() {
        return new ClassActivationMap(ClassActivationMap.Variant.GRAD, layer);
    }

    @Override
    public ExplanationGraph graph(Model model, Objective objective) {
        if (!model.takesPictures()) {
            throw PictureAttribution.refusal(id(), model);
        }
        LayerMaps layer = cam().maps(model, objective);
        Value value = layer.value();
        Backward backward = Backward.of(model, objective, List.of(value));
        Differentiator.Result plain = backward.gradient(BackwardRules.PLAIN, List.of(value));
        GraphBuilder builder = new GraphBuilder(plain.graph()).scope("cam");
        Value heatmap = cam().heatmap(builder, layer, plain.of(value));
        Differentiator.Result guided = new Differentiator(RectifierRules.guided(backward.graph()))
                .gradient(builder.build(), backward.objective().score(), List.of(model.input()));
        GraphBuilder end = new GraphBuilder(guided.graph()).scope("guided");
        Value enlarged = Enlargement.bilinear(
                end,
                heatmap,
                model.preprocessing().height(),
                model.preprocessing().width());
        if (model.preprocessing().layout() == Layout.NHWC) {
            enlarged = end.node("Transpose", Attributes.NONE.with("perm", 0, 2, 3, 1), enlarged);
        }
        Value attribution = end.node("Mul", guided.of(model.input()), enlarged);
        return ExplanationGraph.finish(
                end,
                model,
                attribution,
                model.graph().types().get(model.input()),
                backward.objective().score(),
                form());
    }
}
