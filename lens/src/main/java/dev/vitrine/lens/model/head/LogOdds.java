package dev.vitrine.lens.model.head;

import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Dimension;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.tensor.Tensor;

/**
 * log(p / (1 − p)) = z_c − log Σ_{j≠c} exp(z_j) of p = softmax(z), as nodes: its sigmoid is p, and its gradient does
 * not vanish where p is near 0 or 1.
 */
final class LogOdds {
    /** Keeps the logarithm finite if all others are far below. */
    private static final float LEAST = 1e-37f;

    private final GraphBuilder builder;

    LogOdds(GraphBuilder builder) {
        this.builder = builder;
    }

    /** @param logits {@code f32[N,boxes,classes]}, at least two classes */
    Value of(Value logits, TensorType type) {
        if (type.dimension(2).size() == 2) {
            Value against = builder.constant("against", Tensor.floats(new float[] {1, -1, -1, 1}, 2, 2));
            return declared(builder.node("MatMul", logits, against), type);
        }
        TensorType one = type.withDimension(2, Dimension.of(1));
        Value largest = builder.node("ReduceMax", Attributes.NONE.with("keepdims", 1), logits, builder.vector(2));
        builder.declare(largest, one);
        Value shifted = declared(builder.node("Sub", logits, largest), type);
        Value powers = declared(builder.node("Exp", shifted), type);
        // Sums before and after each class: the total minus the class itself would cancel where p is near 1.
        Attributes without = Attributes.NONE.with("exclusive", 1);
        Value axis = builder.constant(Tensor.scalar(2L));
        Value before = declared(builder.node("CumSum", without, powers, axis), type);
        Value behind = declared(builder.node("CumSum", without.with("reverse", 1), powers, axis), type);
        Value others = declared(builder.node("Add", before, behind), type);
        Value bounded = declared(builder.node("Max", others, builder.constant(LEAST)), type);
        Value logarithm = declared(builder.node("Log", bounded), type);
        return declared(builder.node("Sub", shifted, logarithm), type);
    }

    private Value declared(Value value, TensorType type) {
        builder.declare(value, type);
        return value;
    }
}
