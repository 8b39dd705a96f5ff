package dev.vitrine.lens.objective;

import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.model.Model;

/**
 * (y·y₀ / ‖y₀‖²) · max(cos(y, y₀), .1)^p: more of all that a layer finds in a given picture, in the same proportions;
 * what {@link FeatureMatch} is without its limit. The recipe "caricature" of Lucid, after Olah et al. 2018,
 * doi:10.23915/distill.00010.
 *
 * @param features y₀, shaped as the layer with a batch of 1
 * @param power p: weight of direction relative to magnitude
 */
public record FeatureProduct(Value layer, Tensor features, int power) implements LayerObjective {
    private static final float LEAST_COSINE = 0.1f;

    public FeatureProduct {
        if (power < 0) {
            throw new IllegalArgumentException("power " + power + ": expected at least 0");
        }
    }

    @Override
    public String description() {
        return "more of what is seen at " + layer;
    }

    @Override
    public Emitted emit(Model model, GraphBuilder b) {
        LayerRows rows = LayerRows.beside(features, "to exaggerate", model, layer, b);
        float[] target = features.toFloats();
        double square = 1e-12;
        for (float value : target) {
            square += (double) value * value;
        }
        for (int i = 0; i < target.length; i++) {
            target[i] /= (float) Math.sqrt(square);
        }
        Attributes away = Attributes.NONE.with("keepdims", 0);
        Value products = rows.declared(
                b.node("Mul", rows.value(), b.constant("features", Tensor.floats(target, 1, rows.size()))));
        Value product = rows.declaredScore(b.node("ReduceSum", away, products, b.vector(1)));
        Value squares = rows.declared(b.node("Mul", rows.value(), rows.value()));
        Value sum = rows.declaredScore(b.node("ReduceSum", away, squares, b.vector(1)));
        // Beside features of any size nothing, but the root's slope stays finite where the layer is silent.
        float floor = (float) Math.max(1e-12 * square, Float.MIN_NORMAL);
        Value length = rows.declaredScore(b.node("Sqrt", rows.declaredScore(b.node("Add", sum, b.constant(floor)))));
        Value cosine = rows.declaredScore(b.node("Div", product, length));
        Value kept = rows.declaredScore(b.node("Max", cosine, b.constant(LEAST_COSINE)));
        Value score = rows.declaredScore(b.node("Mul", product, b.constant((float) (1 / Math.sqrt(square)))));
        for (int i = 0; i < power; i++) {
            score = rows.declaredScore(b.node("Mul", score, kept));
        }
        return new Emitted(score, layer);
    }
}
