package dev.vitrine.lens.attribution.gradient;

import dev.vitrine.engine.gradient.BackwardRules;
import dev.vitrine.engine.gradient.Differentiator;
import dev.vitrine.engine.gradient.RectifierRules;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.lens.attribution.Backward;
import dev.vitrine.lens.attribution.ExplanationGraph;
import dev.vitrine.lens.attribution.GraphAttribution;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.objective.Objective;
import java.util.List;

/** Methods with one backward pass: ∂score/∂x under a set of backward rules, or a function of it. */
public record Gradient(Kind kind) implements GraphAttribution {
    /** The backward rules and the function of the result. */
    public enum Kind {
        /** ∂score/∂x. */
        PLAIN("gradient", Reduction.SUM, Sign.SIGNED),
        /** |∂score/∂x|, the largest over channels. Simonyan et al. 2013, arXiv:1312.6034. */
        SALIENCY("saliency", Reduction.MAXIMUM, Sign.POSITIVE),
        /** x ⊙ ∂score/∂x. Shrikumar et al. 2016, arXiv:1605.01713. */
        TIMES_INPUT("input-x-gradient", Reduction.SUM, Sign.SIGNED),
        /** Springenberg et al. 2014, arXiv:1412.6806. */
        GUIDED("guided-backprop", Reduction.COLOR, Sign.SIGNED),
        /** Zeiler and Fergus 2013, arXiv:1311.2901. */
        DECONVNET("deconvnet", Reduction.COLOR, Sign.SIGNED);

        private final String id;
        private final Reduction reduction;
        private final Sign sign;

        Kind(String id, Reduction reduction, Sign sign) {
            this.id = id;
            this.reduction = reduction;
            this.sign = sign;
        }
    }

    @Override
    public Traits traits() {
        return new Traits(kind.id, Form.PIXELS, kind.reduction, kind.sign);
    }

    @Override
    public ExplanationGraph graph(Model model, Objective objective) {
        Backward backward = Backward.of(model, objective, List.of());
        Value input = model.input();
        Differentiator.Result result = switch (kind) {
            case PLAIN, SALIENCY, TIMES_INPUT -> backward.gradient(BackwardRules.PLAIN, List.of(input));
            case GUIDED -> backward.gradient(RectifierRules.guided(backward.graph()), List.of(input));
            case DECONVNET -> deconvnet(backward, objective, input);
        };
        GraphBuilder builder = new GraphBuilder(result.graph());
        Value gradient = result.of(input);
        Value attribution = switch (kind) {
            case PLAIN, GUIDED, DECONVNET -> gradient;
            case SALIENCY -> builder.node("Abs", gradient);
            case TIMES_INPUT -> builder.node("Mul", input, gradient);
        };
        return ExplanationGraph.finish(
                builder,
                model,
                attribution,
                model.graph().types().get(input),
                backward.objective().score(),
                form());
    }

    /**
     * From a unit inside the network, its activation is projected back with all others set to zero; from a class, 1.
     */
    private static Differentiator.Result deconvnet(Backward backward, Objective objective, Value input) {
        if (objective.layers().isEmpty()) {
            return backward.gradient(RectifierRules.deconvnet(backward.graph()), List.of(input));
        }
        return backward.propagated(RectifierRules::deconvnet, input);
    }
}
