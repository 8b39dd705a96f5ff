package dev.vitrine.engine.gradient;

import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.rewrite.Cut;
import dev.vitrine.engine.runtime.TypeInference;
import java.util.ArrayList;
import java.util.List;

/** Gradient graphs as tests want them. */
public final class Gradients {
    private Gradients() {}

    /** The graph with true gradients as its last outputs, in the order of the values. */
    public static Graph plain(Graph graph, Value objective, List<Value> withRespectTo) {
        return of(BackwardRules.PLAIN, TypeInference.infer(graph), objective, withRespectTo);
    }

    /** The same of a graph whose types are known. */
    public static Graph of(BackwardRules rules, Graph typed, Value objective, List<Value> withRespectTo) {
        Differentiator.Result result = new Differentiator(rules).gradient(typed, objective, withRespectTo);
        GraphBuilder builder = new GraphBuilder(result.graph());
        for (Value value : withRespectTo) {
            builder.outputAs(result.of(value), builder.fresh("d_" + value.name()));
        }
        return builder.build();
    }

    /** Only the gradients, pruned. */
    public static Graph only(Graph withGradients, int count) {
        List<Value> outputs = withGradients.outputs();
        return new Cut(outputs.subList(outputs.size() - count, outputs.size())).apply(withGradients);
    }

    /** The gradient's gradient: of Σ g² / 2 over all gradients g of the objective. */
    public static Graph second(Graph graph, Value objective, List<Value> withRespectTo) {
        Graph first = plain(graph, objective, withRespectTo);
        List<Value> gradients = first.outputs()
                .subList(
                        first.outputs().size() - withRespectTo.size(),
                        first.outputs().size());
        GraphBuilder builder = new GraphBuilder(first);
        List<Value> parts = new ArrayList<>();
        for (Value gradient : gradients) {
            Value square = builder.node("Mul", gradient, gradient);
            parts.add(builder.node("ReduceSum", dev.vitrine.engine.graph.Attributes.NONE.with("keepdims", 0), square));
        }
        Value total = parts.size() == 1 ? parts.get(0) : builder.node("Sum", parts.toArray(Value[]::new));
        return new Cut(List.of(builder.outputAs(total, builder.fresh("curvature")))).apply(builder.build());
    }
}
