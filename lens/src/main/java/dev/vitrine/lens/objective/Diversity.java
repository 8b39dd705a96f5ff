package dev.vitrine.lens.objective;

import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.model.Model;

/**
 * −Σ over the other pictures of cos(Gᵢ, Gⱼ), G the products of channels at a layer: each picture of a batch shall look
 * unlike the others. Olah, Mordvintsev and Schubert 2017, doi:10.23915/distill.00007.
 */
public record Diversity(Value layer) implements LayerObjective {
    @Override
    public String description() {
        return "diversity at " + layer;
    }

    @Override
    public Emitted emit(Model model, GraphBuilder b) {
        TensorType type = LayerRows.maps(model, layer);
        int count = Math.toIntExact(type.dimension(0).size());
        Value gram = GramMatrix.emit(model, layer, b);
        long size = type.dimension(1).size() * type.dimension(1).size();
        Value rows = b.node("Reshape", gram, b.vector(0, size));
        Value length = b.node(
                "Sqrt",
                b.node(
                        "Add",
                        b.node(
                                "ReduceSum",
                                Attributes.NONE.with("keepdims", 1),
                                b.node("Mul", rows, rows),
                                b.vector(1)),
                        b.constant(1e-12f)));
        Value unit = b.node("Div", rows, length);
        Value cosines = b.node("MatMul", unit, b.node("Transpose", Attributes.NONE.with("perm", 1, 0), unit));
        float[] others = new float[count * count];
        for (int i = 0; i < others.length; i++) {
            others[i] = i / count == i % count ? 0 : -1;
        }
        Value masked = b.node("Mul", cosines, b.constant("others", Tensor.floats(others, count, count)));
        Value score = b.node("ReduceSum", Attributes.NONE.with("keepdims", 0), masked, b.vector(1));
        return new Emitted(score, layer);
    }
}
