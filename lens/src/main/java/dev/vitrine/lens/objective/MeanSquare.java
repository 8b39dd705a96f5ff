package dev.vitrine.lens.objective;

import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.lens.model.Model;

/** Mean of y² over a layer: amplifies what it already responds to. Mordvintsev et al. 2015, DeepDream. */
public record MeanSquare(Value layer) implements LayerObjective {
    @Override
    public String description() {
        return "mean square of " + layer;
    }

    @Override
    public Emitted emit(Model model, GraphBuilder builder) {
        LayerRows rows = LayerRows.of(model, layer, builder);
        Value squares = rows.declared(builder.node("Mul", rows.value(), rows.value()));
        Value mean = builder.node("ReduceMean", Attributes.NONE.with("keepdims", 0), squares, builder.vector(1));
        return new Emitted(rows.declaredScore(mean), layer);
    }
}
