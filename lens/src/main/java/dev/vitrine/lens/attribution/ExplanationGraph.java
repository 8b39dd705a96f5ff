package dev.vitrine.lens.attribution;

import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.rewrite.Prune;
import dev.vitrine.engine.rewrite.simplification.SplitConvolution;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.session.Outline;

/**
 * A method's graph and its outputs.
 *
 * @param attribution as in {@link Explanation}
 * @param score {@code f32[N]}
 * @param logits {@code f32[N,classes]}
 */
public record ExplanationGraph(Graph graph, Value attribution, Value score, Value logits) implements Outline {
    /**
     * Finishes a graph under construction.
     *
     * @param type of the attribution
     */
    public static ExplanationGraph finish(
            GraphBuilder builder, Model model, Value attribution, TensorType type, Value score, Attribution.Form form) {
        builder.scope("");
        builder.clearOutputs();
        builder.declare(attribution, type);
        Value named = named(builder, attribution, form == Attribution.Form.MAP ? "heatmap" : "attribution");
        Value namedScore = named(builder, score, "score");
        builder.output(model.logits()).output(model.output());
        Graph graph = new Prune().then(new SplitConvolution()).apply(builder.build());
        return new ExplanationGraph(graph, named, namedScore, model.logits());
    }

    private static Value named(GraphBuilder builder, Value value, String name) {
        return builder.outputAs(value, builder.fresh(name));
    }
}
