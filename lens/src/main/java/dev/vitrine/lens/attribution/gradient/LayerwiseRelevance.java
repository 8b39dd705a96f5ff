package dev.vitrine.lens.attribution.gradient;

import dev.vitrine.engine.gradient.Differentiator;
import dev.vitrine.engine.gradient.RelevanceRule;
import dev.vitrine.engine.gradient.RelevanceRules;
import dev.vitrine.engine.gradient.RelevanceRules.Composite;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.lens.attribution.Backward;
import dev.vitrine.lens.attribution.ExplanationGraph;
import dev.vitrine.lens.attribution.GraphAttribution;
import dev.vitrine.lens.attribution.PictureAttribution;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.objective.Objective;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Layer-wise relevance propagation: the score is handed down layer by layer. Bach et al. 2015. */
public record LayerwiseRelevance(Preset preset, double epsilon, double gamma) implements GraphAttribution {
    /** Which rule holds where. */
    public enum Preset {
        EPSILON("lrp-epsilon"),
        GAMMA("lrp-gamma"),
        Z_PLUS("lrp-z-plus"),
        ALPHA_BETA("lrp-alpha-beta"),
        /** z^B at the first layer, z⁺ at the other convolutions and ε at dense layers. */
        Z_BOX("lrp-z-box"),
        /** z⁺ at convolutions, ε at dense layers. */
        EPSILON_PLUS("lrp-epsilon-plus"),
        /** z^B at the first layer, γ at convolutions, ε at dense layers. */
        EPSILON_GAMMA_BOX("lrp-epsilon-gamma-box");

        private final String id;

        Preset(String id) {
            this.id = id;
        }
    }

    /** ε 1e-6 and γ 1/4, the customary constants. */
    public LayerwiseRelevance(Preset preset) {
        this(preset, 1e-6, 0.25);
    }

    @Override
    public Traits traits() {
        return new Traits(preset.id, Form.PIXELS, Reduction.SUM, Sign.SIGNED);
    }

    @Override
    public Map<String, String> options() {
        Map<String, String> options = new LinkedHashMap<>();
        if (preset != Preset.GAMMA && preset != Preset.Z_PLUS && preset != Preset.ALPHA_BETA) {
            options.put("epsilon", Double.toString(epsilon));
        }
        if (preset == Preset.GAMMA || preset == Preset.EPSILON_GAMMA_BOX) {
            options.put("gamma", Double.toString(gamma));
        }
        return options;
    }

    @Override
    public ExplanationGraph graph(Model model, Objective objective) {
        Backward backward = Backward.layerByLayer(model, objective);
        Differentiator.Result result =
                backward.propagated(graph -> RelevanceRules.of(graph, composite(model)), model.input());
        Value relevance = result.of(model.input());
        return ExplanationGraph.finish(
                new GraphBuilder(result.graph()),
                model,
                relevance,
                model.graph().types().get(model.input()),
                backward.objective().score(),
                form());
    }

    private Composite composite(Model model) {
        RelevanceRule dense = new RelevanceRule.Epsilon(epsilon);
        RelevanceRule plus = new RelevanceRule.ZPlus();
        RelevanceRule strengthened = new RelevanceRule.Gamma(gamma);
        return switch (preset) {
            case EPSILON -> Composite.everywhere(dense);
            case GAMMA -> Composite.everywhere(strengthened);
            case Z_PLUS -> Composite.everywhere(plus);
            case ALPHA_BETA -> Composite.everywhere(new RelevanceRule.AlphaBeta(2, 1));
            case Z_BOX -> new Composite(box(model), plus, dense);
            case EPSILON_PLUS -> new Composite(plus, plus, dense);
            case EPSILON_GAMMA_BOX -> new Composite(box(model), strengthened, dense);
        };
    }

    private RelevanceRule box(Model model) {
        if (!model.takesPictures()) {
            throw PictureAttribution.refusal(id(), model);
        }
        List<Float> low = new ArrayList<>();
        List<Float> high = new ArrayList<>();
        for (int channel = 0; channel < model.channels(); channel++) {
            low.add(model.preprocessing().minimum(channel));
            high.add(model.preprocessing().maximum(channel));
        }
        return new RelevanceRule.ZBox(low, high);
    }
}
