package dev.vitrine.lens.training.step;

import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.tensor.Tensor;
import java.util.List;

/**
 * Σ w(yᵢ) · (−Σ q log softmax(logits)) / Σ w(yᵢ), with q = 1 − s + s/K at the right class and s/K at the others.
 * Szegedy et al. 2016, arXiv:1512.00567.
 *
 * @param smoothing s
 * @param classWeights w, one a class
 */
public record Loss(double smoothing, List<Double> classWeights) {
    public Loss {
        classWeights = List.copyOf(classWeights);
        if (!(smoothing >= 0 && smoothing < 1)) {
            throw new IllegalArgumentException("label smoothing " + smoothing + ": expected from 0 to below 1");
        }
        if (!classWeights.stream().allMatch(weight -> weight > 0 && Double.isFinite(weight))) {
            throw new IllegalArgumentException("class weights " + classWeights + ": expected positive numbers");
        }
    }

    private static final Attributes AWAY = Attributes.NONE.with("keepdims", 0);

    /**
     * @param logits {@code f32[N,K]}
     * @param label {@code i64[N]}
     * @return {@code f32[]}
     */
    Value emit(Value logits, Value label, GraphBuilder builder) {
        int classes = classWeights.size();
        float[] weights = new float[classes];
        for (int i = 0; i < classes; i++) {
            weights[i] = classWeights.get(i).floatValue();
        }
        float rest = (float) (smoothing / classes);
        Value values = builder.constant(Tensor.floats(new float[] {rest, (float) (1 - smoothing) + rest}, 2));
        Value wanted = builder.node("OneHot", label, builder.vector(classes), values);
        Value logarithms = builder.node("LogSoftmax", Attributes.NONE.with("axis", 1), logits);
        Value each = builder.node("ReduceSum", AWAY, builder.node("Mul", wanted, logarithms), builder.vector(1));
        Value weight = builder.node("Gather", builder.constant(Tensor.floats(weights, classes)), label);
        Value weighted = builder.node("ReduceSum", AWAY, builder.node("Mul", each, weight), builder.vector(0));
        Value total = builder.node("ReduceSum", AWAY, weight, builder.vector(0));
        return builder.node("Neg", builder.node("Div", weighted, total));
    }
}
