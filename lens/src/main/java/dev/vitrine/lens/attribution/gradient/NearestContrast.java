package dev.vitrine.lens.attribution.gradient;

import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Dimension;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.model.Model;
import java.util.List;

/**
 * Σ_d p_d (z_c − γ z_d) / Σ_d p_d over the classes d whose logits are nearest to that of class c; p is the softmax of
 * all logits z. Zhang et al. 2025, arXiv:2501.11309.
 *
 * @param count number of other classes, or all if there are fewer
 * @param strength γ
 */
record NearestContrast(Model model, int count, double strength) {
    /** Keeps the denominator above 0. */
    private static final float TINY = 1e-9f;

    /**
     * Emits it on top of the logits.
     *
     * @param own z_c, {@code f32[N]}
     * @return {@code f32[N]}
     */
    Value emit(GraphBuilder b, Value own) {
        long classes = model.classes();
        long others = Math.min(count, classes - 1);
        TensorType rows = new TensorType(ElementType.FLOAT32, List.of(model.batch(), Dimension.of(classes)));
        TensorType numbers = new TensorType(ElementType.FLOAT32, List.of(model.batch()));
        Value column = b.node("Unsqueeze", own, b.vector(1));
        b.declare(column, rows.withDimension(1, Dimension.of(1)));
        Value mask = typed(b, nearest(b, column, others), rows);
        Value softmax = typed(b, b.node("Softmax", Attributes.NONE.with("axis", -1), model.logits()), rows);
        Value weights = typed(b, b.node("Mul", softmax, mask), rows);
        Value faded = typed(b, b.node("Mul", model.logits(), b.constant((float) strength)), rows);
        Value differences = typed(b, b.node("Sub", column, faded), rows);
        Value sum = total(b, typed(b, b.node("Mul", weights, differences), rows), numbers);
        Value divisor = typed(b, b.node("Add", total(b, weights, numbers), b.constant(TINY)), numbers);
        return typed(b, b.node("Div", sum, divisor), numbers);
    }

    /** 1 at the classes with the nearest logits, excluding the class itself. */
    private Value nearest(GraphBuilder b, Value column, long others) {
        TensorType rows = new TensorType(ElementType.FLOAT32, List.of(model.batch(), Dimension.of(model.classes())));
        Value distance = typed(b, b.node("Abs", typed(b, b.node("Sub", model.logits(), column), rows)), rows);
        Attributes smallest = Attributes.NONE.with("axis", 1).with("largest", 0).with("sorted", 1);
        List<Value> ranked = b.nodes("TopK", 2, smallest, distance, b.vector(others + 1));
        List<Dimension> nearest = List.of(model.batch(), Dimension.of(others + 1));
        typed(b, ranked.get(0), new TensorType(ElementType.FLOAT32, nearest));
        Value classes = typed(b, ranked.get(1), new TensorType(ElementType.INT64, nearest));
        Value picked = b.node("Slice", classes, b.vector(1), b.vector(others + 1), b.vector(1));
        typed(b, picked, new TensorType(ElementType.INT64, List.of(model.batch(), Dimension.of(others))));
        Value onehot = b.node(
                "OneHot",
                Attributes.NONE.with("axis", -1),
                picked,
                b.constant(Tensor.vector(model.classes())),
                b.constant(Tensor.floats(new float[] {0, 1}, 2)));
        List<Dimension> all = List.of(model.batch(), Dimension.of(others), Dimension.of(model.classes()));
        typed(b, onehot, new TensorType(ElementType.FLOAT32, all));
        return b.node("ReduceSum", Attributes.NONE.with("keepdims", 0), onehot, b.vector(1));
    }

    private static Value total(GraphBuilder b, Value rows, TensorType numbers) {
        return typed(b, b.node("ReduceSum", Attributes.NONE.with("keepdims", 0), rows, b.vector(1)), numbers);
    }

    private static Value typed(GraphBuilder b, Value value, TensorType type) {
        b.declare(value, type);
        return value;
    }
}
