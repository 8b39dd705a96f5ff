package dev.vitrine.lens.training.step;

import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/**
 * Σ w(yᵢ) · (−Σ q log softmax(logits)) / Σ w(yᵢ), with q = 1 − s + s/K at the right class and s/K at the others.
 * Szegedy et al. 2016, arXiv:1512.00567. For blended pictures, q and w are blended likewise; with a teacher, each
 * picture's loss is that of {@link Distillation}.
 *
 * @param smoothing s
 * @param classWeights w, one per class
 */
public record Loss(double smoothing, List<Double> classWeights, Optional<Distillation> distillation) {
    /**
     * The targets of a batch.
     *
     * @param label {@code i64[N]}
     * @param other class of each picture's blending partner, {@code i64[N]}; none without blending
     * @param share weight of the picture itself, {@code f32[N]}; none without blending
     * @param teacher logits, {@code f32[N,K]}; none without a teacher
     */
    record Answers(Value label, Optional<Value> other, Optional<Value> share, Optional<Value> teacher) {}

    public Loss(double smoothing, List<Double> classWeights) {
        this(smoothing, classWeights, Optional.empty());
    }

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
     * @return {@code f32[]}
     */
    Value emit(Value logits, Answers answers, GraphBuilder builder) {
        int classes = classWeights.size();
        float[] weights = new float[classes];
        for (int i = 0; i < classes; i++) {
            weights[i] = classWeights.get(i).floatValue();
        }
        float rest = (float) (smoothing / classes);
        Value values = builder.constant(Tensor.floats(new float[] {rest, (float) (1 - smoothing) + rest}, 2));
        Value table = builder.constant(Tensor.floats(weights, classes));
        Value wanted = builder.node("OneHot", answers.label(), builder.vector(classes), values);
        Value weight = builder.node("Gather", table, answers.label());
        if (answers.other().isPresent()) {
            Value other = answers.other().get();
            Value share = answers.share().orElseThrow();
            Value column = builder.node("Unsqueeze", share, builder.vector(1));
            wanted = blend(wanted, builder.node("OneHot", other, builder.vector(classes), values), column, builder);
            weight = blend(weight, builder.node("Gather", table, other), share, builder);
        }
        Value each = entropy(wanted, logits, builder);
        if (answers.teacher().isPresent()) {
            each = distilled(each, logits, answers.teacher().get(), builder);
        }
        Value weighted = builder.node("ReduceSum", AWAY, builder.node("Mul", each, weight), builder.vector(0));
        Value total = builder.node("ReduceSum", AWAY, weight, builder.vector(0));
        return builder.node("Neg", builder.node("Div", weighted, total));
    }

    private static Value blend(Value own, Value other, Value share, GraphBuilder builder) {
        Value rest = builder.node("Sub", builder.constant(1f), share);
        return builder.node("Add", builder.node("Mul", own, share), builder.node("Mul", other, rest));
    }

    /** Σ wanted · log softmax(logits) per picture: {@code f32[N]}. */
    private static Value entropy(Value wanted, Value logits, GraphBuilder builder) {
        Value logarithms = builder.node("LogSoftmax", Attributes.NONE.with("axis", 1), logits);
        return builder.node("ReduceSum", AWAY, builder.node("Mul", wanted, logarithms), builder.vector(1));
    }

    /** h · hard − (1 − h) T² KL; signs as of {@link #entropy}. */
    private Value distilled(Value hard, Value logits, Value teacher, GraphBuilder builder) {
        Distillation chosen = distillation.orElseThrow();
        float temperature = (float) chosen.temperature();
        Value divisor = builder.constant(temperature);
        Value scaled = builder.node("Div", teacher, divisor);
        Value probabilities = builder.node("Softmax", Attributes.NONE.with("axis", 1), scaled);
        Value difference = builder.node(
                "Sub",
                entropy(probabilities, builder.node("Div", logits, divisor), builder),
                entropy(probabilities, scaled, builder));
        float soft = (float) (1 - chosen.hard()) * temperature * temperature;
        return builder.node(
                "Add",
                builder.node("Mul", hard, builder.constant((float) chosen.hard())),
                builder.node("Mul", difference, builder.constant(soft)));
    }
}
