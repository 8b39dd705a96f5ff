package dev.vitrine.lens.attribution.gradient;

import dev.vitrine.engine.gradient.Differentiator;
import dev.vitrine.engine.gradient.RescaleRules;
import dev.vitrine.engine.graph.Dimension;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.rewrite.Mirror;
import dev.vitrine.engine.rewrite.lowering.ComposeLocalResponse;
import dev.vitrine.engine.rewrite.lowering.ComposeNormalizations;
import dev.vitrine.engine.runtime.TypeInference;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attribution.Backward;
import dev.vitrine.lens.attribution.Baseline;
import dev.vitrine.lens.attribution.BaselineAttribution;
import dev.vitrine.lens.attribution.ExplanationGraph;
import dev.vitrine.lens.attribution.GraphAttribution;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.objective.Objective;
import dev.vitrine.lens.setting.Setting;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Map;

/**
 * m ⊙ (x − x₀) with multipliers m by the rescale rule, so that Σ m ⊙ (x − x₀) = score(x) − score(x₀). Shrikumar et al.
 * 2017, arXiv:1704.02685.
 */
public record DeepLift(
        @Setting(label = "WHAT", meaning = "reference input")
        Baseline baseline) implements GraphAttribution, BaselineAttribution {
    @Override
    public Traits traits() {
        return new Traits("deep-lift", Form.PIXELS, Reduction.SUM, Sign.SIGNED);
    }

    @Override
    public ExplanationGraph graph(Model model, Objective objective) {
        Backward backward = Backward.of(model, objective, List.of());
        Value input = model.input();
        Graph graph = composed(backward.graph());
        GraphBuilder builder = new GraphBuilder(graph);
        Value emitted = baseline.emit(model, builder.scope(baseline == Baseline.TOLD ? "" : "reference"), input);
        builder.scope("reference");
        Dimension batch = model.batch();
        TensorType sample = model.graph().types().get(input).withDimension(0, Dimension.of(1));
        // With one reference for all pictures, the runtime evaluates it once, when it opens the graph.
        boolean fixed = builder.constantOf(emitted).isPresent() && !batch.isFixed() && sample.isStatic();
        Value reference = fixed
                ? builder.constant(
                        "reference", expanded(builder.constantOf(emitted).orElseThrow(), sample.shape()))
                : builder.node("Expand", emitted, builder.node("Shape", input));
        builder.declare(reference, fixed ? sample : model.graph().types().get(input));
        Map<Value, Value> copies =
                Mirror.append(builder, graph.nodes(), Map.of(input, reference), batch, fixed ? Dimension.of(1) : batch);
        Graph both = builder.build();
        Differentiator.Result result = new Differentiator(RescaleRules.of(both, copies))
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

    /** Decomposes normalizations, since the rules cover sums, products and quotients. */
    private static Graph composed(Graph graph) {
        Graph written =
                new ComposeLocalResponse().then(new ComposeNormalizations()).apply(graph);
        return written.nodes().size() == graph.nodes().size() ? graph : TypeInference.infer(written);
    }

    /** A tensor broadcast along axes of size 1. */
    private static Tensor expanded(Tensor tensor, long[] shape) {
        long[] own = tensor.shape();
        FloatBuffer source = tensor.floats();
        float[] data = new float[Math.toIntExact(Tensor.elements(shape))];
        for (int i = 0; i < data.length; i++) {
            int rest = i;
            int place = 0;
            int step = 1;
            for (int axis = shape.length - 1; axis >= 0; axis--) {
                int index = (int) (rest % shape[axis]);
                rest /= (int) shape[axis];
                place += own[axis] == 1 ? 0 : index * step;
                step *= (int) own[axis];
            }
            data[i] = source.get(place);
        }
        return Tensor.floats(data, shape);
    }
}
