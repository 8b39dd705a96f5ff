package dev.vitrine.lens.session;

import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.rewrite.Cut;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.objective.Objective;
import java.util.ArrayList;
import java.util.List;

/**
 * The forward graph of an objective: picture (and class) in, score and logits out.
 *
 * @param graph with the outputs {@code score}, {@code logits} and the requested layers
 * @param score {@code f32[N]}
 * @param logits {@code f32[N,classes]}
 */
public record ScoreGraph(Graph graph, Value score, Value logits) implements Outline {
    /**
     * The model's own graph with the objective on top: the runtime optimizes the forward pass best.
     *
     * @param layers that also become outputs
     */
    public static ScoreGraph of(Model model, Objective objective, List<Value> layers) {
        GraphBuilder builder = new GraphBuilder(model.graph()).scope("objective");
        Value emitted = objective.emit(model, builder).score();
        builder.scope("");
        builder.clearOutputs();
        Value score = builder.outputAs(emitted, builder.fresh("score"));
        List<Value> outputs = new ArrayList<>(List.of(score, model.logits()));
        outputs.addAll(layers);
        return new ScoreGraph(new Cut(outputs).apply(builder.build()), score, model.logits());
    }
}
