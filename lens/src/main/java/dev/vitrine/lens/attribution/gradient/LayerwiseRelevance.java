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
import dev.vitrine.lens.setting.Setting;
import dev.vitrine.lens.setting.Settings;
import java.util.ArrayList;
import java.util.List;

/**
 * Layer-wise relevance propagation: the score is propagated back layer by layer. Bach et al. 2015,
 * doi:10.1371/journal.pone.0130140. Each record assigns rules to layers.
 */
public sealed interface LayerwiseRelevance extends GraphAttribution {
    double EPSILON = 1e-6;
    double GAMMA = 0.25;
    double ALPHA = 2;

    String STABILIZER = "stabilizer of the denominators of the epsilon rule";
    String FAVOR = "extra weight of positive contributions in the gamma rule";

    /** The rules for the first layer, for convolutions and for dense layers. */
    Composite composite(Model model);

    /** ε at all layers. */
    record Epsilon(@Setting(above = 0, meaning = STABILIZER) double epsilon) implements LayerwiseRelevance {
        public Epsilon {
            Settings.require(Epsilon.class, epsilon);
        }

        public Epsilon() {
            this(EPSILON);
        }

        @Override
        public Traits traits() {
            return named("lrp-epsilon");
        }

        @Override
        public Composite composite(Model model) {
            return Composite.everywhere(new RelevanceRule.Epsilon(epsilon));
        }
    }

    /** γ at all layers. */
    record Gamma(@Setting(least = 0, meaning = FAVOR) double gamma) implements LayerwiseRelevance {
        public Gamma {
            Settings.require(Gamma.class, gamma);
        }

        public Gamma() {
            this(GAMMA);
        }

        @Override
        public Traits traits() {
            return named("lrp-gamma");
        }

        @Override
        public Composite composite(Model model) {
            return Composite.everywhere(new RelevanceRule.Gamma(gamma));
        }
    }

    /** z⁺ at all layers. */
    record ZPlus() implements LayerwiseRelevance {
        @Override
        public Traits traits() {
            return named("lrp-z-plus");
        }

        @Override
        public Composite composite(Model model) {
            return Composite.everywhere(new RelevanceRule.ZPlus());
        }
    }

    /** αβ at all layers, with β = α − 1. */
    record AlphaBeta(
            @Setting(least = 1, meaning = "weight α of positive contributions; negative ones have β = α − 1")
            double alpha)
            implements LayerwiseRelevance {
        public AlphaBeta {
            Settings.require(AlphaBeta.class, alpha);
        }

        public AlphaBeta() {
            this(ALPHA);
        }

        @Override
        public Traits traits() {
            return named("lrp-alpha-beta");
        }

        @Override
        public Composite composite(Model model) {
            return Composite.everywhere(new RelevanceRule.AlphaBeta(alpha, alpha - 1));
        }
    }

    /** z^B at the first layer, z⁺ at the other convolutions and ε at dense layers. */
    record ZBox(@Setting(above = 0, meaning = STABILIZER) double epsilon) implements LayerwiseRelevance {
        public ZBox {
            Settings.require(ZBox.class, epsilon);
        }

        public ZBox() {
            this(EPSILON);
        }

        @Override
        public Traits traits() {
            return named("lrp-z-box");
        }

        @Override
        public Composite composite(Model model) {
            return new Composite(box(id(), model), new RelevanceRule.ZPlus(), new RelevanceRule.Epsilon(epsilon));
        }
    }

    /** z⁺ at convolutions, ε at dense layers. */
    record EpsilonPlus(
            @Setting(above = 0, meaning = STABILIZER) double epsilon) implements LayerwiseRelevance {
        public EpsilonPlus {
            Settings.require(EpsilonPlus.class, epsilon);
        }

        public EpsilonPlus() {
            this(EPSILON);
        }

        @Override
        public Traits traits() {
            return named("lrp-epsilon-plus");
        }

        @Override
        public Composite composite(Model model) {
            RelevanceRule plus = new RelevanceRule.ZPlus();
            return new Composite(plus, plus, new RelevanceRule.Epsilon(epsilon));
        }
    }

    /** The flat rule at the first layer, z⁺ at the other convolutions, ε at dense layers. */
    record EpsilonPlusFlat(
            @Setting(above = 0, meaning = STABILIZER) double epsilon) implements LayerwiseRelevance {
        public EpsilonPlusFlat {
            Settings.require(EpsilonPlusFlat.class, epsilon);
        }

        public EpsilonPlusFlat() {
            this(EPSILON);
        }

        @Override
        public Traits traits() {
            return named("lrp-epsilon-plus-flat");
        }

        @Override
        public Composite composite(Model model) {
            return new Composite(
                    new RelevanceRule.Flat(), new RelevanceRule.ZPlus(), new RelevanceRule.Epsilon(epsilon));
        }
    }

    /** w² at the first layer, z⁺ at the other convolutions, ε at dense layers. */
    record WSquare(@Setting(above = 0, meaning = STABILIZER) double epsilon) implements LayerwiseRelevance {
        public WSquare {
            Settings.require(WSquare.class, epsilon);
        }

        public WSquare() {
            this(EPSILON);
        }

        @Override
        public Traits traits() {
            return named("lrp-w-square");
        }

        @Override
        public Composite composite(Model model) {
            return new Composite(
                    new RelevanceRule.WSquare(), new RelevanceRule.ZPlus(), new RelevanceRule.Epsilon(epsilon));
        }
    }

    /** z^B at the first layer, γ at convolutions, ε at dense layers. */
    record EpsilonGammaBox(
            @Setting(above = 0, meaning = STABILIZER) double epsilon,
            @Setting(least = 0, meaning = FAVOR) double gamma) implements LayerwiseRelevance {
        public EpsilonGammaBox {
            Settings.require(EpsilonGammaBox.class, epsilon, gamma);
        }

        public EpsilonGammaBox() {
            this(EPSILON, GAMMA);
        }

        @Override
        public Traits traits() {
            return named("lrp-epsilon-gamma-box");
        }

        @Override
        public Composite composite(Model model) {
            return new Composite(box(id(), model), new RelevanceRule.Gamma(gamma), new RelevanceRule.Epsilon(epsilon));
        }
    }

    @Override
    default ExplanationGraph graph(Model model, Objective objective) {
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

    private static Traits named(String id) {
        return new Traits(id, Form.PIXELS, Reduction.SUM, Sign.SIGNED);
    }

    private static RelevanceRule box(String id, Model model) {
        if (!model.takesPictures()) {
            throw PictureAttribution.refusal(id, model);
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
