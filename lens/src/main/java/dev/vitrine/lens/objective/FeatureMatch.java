package dev.vitrine.lens.objective;

import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.model.Model;

/**
 * −‖y − y₀‖² / ‖y₀‖²: a layer shall hold what it holds for a given picture. Mahendran and Vedaldi 2015, arXiv:1412.0035.
 *
 * @param features y₀, shaped as the layer with a batch of 1
 */
public record FeatureMatch(Value layer, Tensor features) implements LayerObjective {
    @Override
    public String description() {
        return "match at " + layer;
    }

    @Override
    public Emitted emit(Model model, GraphBuilder b) {
        LayerRows rows = LayerRows.beside(features, "to match", model, layer, b);
        double square = 0;
        for (float value : features.toFloats()) {
            square += (double) value * value;
        }
        Value target = b.constant("features", features.reshape(1, rows.size()));
        Value difference = rows.declared(b.node("Sub", rows.value(), target));
        Value squares = rows.declared(b.node("Mul", difference, difference));
        Value sum = b.node("ReduceSum", Attributes.NONE.with("keepdims", 0), squares, b.vector(1));
        Value scaled = b.node("Mul", rows.declaredScore(sum), b.constant((float) (-1 / Math.max(square, 1e-12))));
        return new Emitted(rows.declaredScore(scaled), layer);
    }
}
