package dev.vitrine.lens.attribution.gradient;

import dev.vitrine.engine.gradient.Differentiator;
import dev.vitrine.engine.gradient.RescaleRules;
import dev.vitrine.engine.graph.Dimension;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.rewrite.Mirror;
import dev.vitrine.lens.attribution.Backward;
import dev.vitrine.lens.attribution.Baseline;
import dev.vitrine.lens.attribution.ExplanationGraph;
import dev.vitrine.lens.attribution.GraphAttribution;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.objective.Objective;
import java.util.List;
import java.util.Map;

/**
 * m ⊙ (x − x₀) with multipliers m by the rescale rule, so that Σ m ⊙ (x − x₀) = score(x) − score(x₀). Shrikumar et al.
 * 2017, arXiv:1704.02685.
 */
public record DeepLift(Baseline baseline) implements GraphAttribution {
    @Override
    public Traits traits() {
        return new Traits("deep-lift", Form.PIXELS, Reduction.SUM, Sign.SIGNED);
    }

    @Override
    public Map<String, String> options() {
        return Map.of("baseline", baseline.label());
    }

    @Override
    public ExplanationGraph graph(Model model, Objective objective) {
        Backward backward = Backward.of(model, objective, List.of());
        Value input = model.input();
        GraphBuilder builder = new GraphBuilder(backward.graph()).scope("reference");
        Value reference = builder.node("Expand", baseline.emit(model, builder, input), builder.node("Shape", input));
        builder.declare(reference, model.graph().types().get(input));
        Dimension batch = model.batch();
        Map<Value, Value> copies =
                Mirror.append(builder, backward.graph().nodes(), Map.of(input, reference), batch, batch);
        Graph both = builder.build();
        Differentiator.Result result = new Differentiator(RescaleRules.of(copies))
                .gradient(both, backward.objective().score(), List.of(input));
        GraphBuilder end = new GraphBuilder(result.graph());
        Value attribution = end.node("Mul", result.of(input), end.node("Sub", input, reference));
        return ExplanationGraph.finish(
                end,
                model,
                attribution,
                model.graph().types().get(input),
                backward.objective().score(),
                form());
    }
}
