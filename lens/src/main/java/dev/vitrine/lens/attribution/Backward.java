package dev.vitrine.lens.attribution;

import dev.vitrine.engine.gradient.BackwardRules;
import dev.vitrine.engine.gradient.Differentiator;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.GraphTransform;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.rewrite.canonical.FoldAffine;
import dev.vitrine.engine.rewrite.canonical.FoldPadding;
import dev.vitrine.engine.rewrite.canonical.RecognizeDense;
import dev.vitrine.engine.rewrite.canonical.SpreadInputConvolution;
import dev.vitrine.engine.rewrite.recognition.RecognizeActivations;
import dev.vitrine.engine.rewrite.simplification.ConvolveParts;
import dev.vitrine.engine.rewrite.simplification.DropIdentities;
import dev.vitrine.engine.rewrite.simplification.FoldBatchNormalization;
import dev.vitrine.engine.rewrite.simplification.PoolBeforeConcat;
import dev.vitrine.engine.rewrite.simplification.PoolBeforeConvolution;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.objective.Objective;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** A model's graph with an objective on top, ready for a backward pass. Batch normalization is folded first. */
public record Backward(Graph graph, Objective.Emitted objective) {

    /**
     * For gradients, over a graph with the same derivatives that runs faster.
     *
     * @param kept layers whose values must be preserved
     */
    public static Backward of(Model model, Objective objective, List<Value> kept) {
        GraphTransform faster =
                new PoolBeforeConvolution().then(new PoolBeforeConcat()).then(new ConvolveParts());
        return rewritten(model, objective, kept, faster);
    }

    /** For rules that depend on the division into layers: one node per layer, however the file expresses it. */
    public static Backward layerByLayer(Model model, Objective objective) {
        return rewritten(
                model,
                objective,
                List.of(),
                new RecognizeDense()
                        .then(new FoldPadding())
                        .then(new SpreadInputConvolution())
                        .then(new FoldAffine()));
    }

    private static Backward rewritten(Model model, Objective objective, List<Value> kept, GraphTransform faster) {
        List<Value> outputs = new ArrayList<>(model.graph().outputs());
        outputs.addAll(kept);
        outputs.addAll(objective.layers());
        Graph folded = new RecognizeActivations()
                .then(new FoldBatchNormalization())
                .then(new DropIdentities())
                .then(faster)
                .apply(model.graph().withOutputs(outputs));
        GraphBuilder builder = new GraphBuilder(folded).scope("objective");
        Objective.Emitted emitted = objective.emit(model, builder);
        return new Backward(builder.build(), emitted);
    }

    /** ∂Σscore/∂values by the given rules, as a graph to be continued. */
    public Differentiator.Result gradient(BackwardRules rules, List<Value> withRespectTo) {
        return new Differentiator(rules).gradient(graph, objective.score(), withRespectTo);
    }

    /** Propagates anchor ⊙ ∂score/∂anchor back to the input: the terms of the score, in place of 1. */
    public Differentiator.Result propagated(Function<Graph, BackwardRules> rules, Value input) {
        Value anchor = objective.anchor();
        Differentiator.Result top = gradient(BackwardRules.PLAIN, List.of(anchor));
        GraphBuilder builder = new GraphBuilder(top.graph());
        Value seed = builder.node("Mul", anchor, top.of(anchor));
        return new Differentiator(rules.apply(graph)).propagate(builder.build(), Map.of(anchor, seed), List.of(input));
    }
}
