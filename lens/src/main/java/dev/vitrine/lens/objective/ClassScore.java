package dev.vitrine.lens.objective;

import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Dimension;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.model.Model;
import java.util.List;
import java.util.OptionalLong;

/**
 * The score of a class: its logit z, probability softmax(z), log-probability, or cross-entropy loss −log softmax(z).
 *
 * @param fixed the class, or empty where each run says it
 */
public record ClassScore(Scale scale, OptionalLong fixed) implements Objective {
    /** What of the class is explained. */
    public enum Scale {
        LOGIT("logit"),
        PROBABILITY("probability"),
        LOG_PROBABILITY("log-probability"),
        LOSS("loss");

        private final String label;

        Scale(String label) {
            this.label = label;
        }

        public String label() {
            return label;
        }
    }

    /** A scale of whichever class each run names. */
    public static ClassScore of(Scale scale) {
        return new ClassScore(scale, OptionalLong.empty());
    }

    /**
     * The score of one sample.
     *
     * @param logits of all classes
     * @param target not read where the class is fixed
     */
    public double of(float[] logits, long target) {
        int index = Math.toIntExact(fixed.orElse(target));
        double largest = Double.NEGATIVE_INFINITY;
        for (float logit : logits) {
            largest = Math.max(largest, logit);
        }
        double total = 0;
        for (float logit : logits) {
            total += Math.exp(logit - largest);
        }
        double logProbability = logits[index] - largest - Math.log(total);
        return switch (scale) {
            case LOGIT -> logits[index];
            case PROBABILITY -> Math.exp(logProbability);
            case LOG_PROBABILITY -> logProbability;
            case LOSS -> -logProbability;
        };
    }

    @Override
    public List<Value> layers() {
        return List.of();
    }

    @Override
    public boolean takesTarget() {
        return fixed.isEmpty();
    }

    @Override
    public String description() {
        return scale.label();
    }

    @Override
    public Emitted emit(Model model, GraphBuilder builder) {
        Dimension batch = model.batch();
        Value target = fixed.isPresent()
                ? builder.constant(Tensor.vector(fixed.getAsLong()))
                : builder.input(TARGET, new TensorType(ElementType.INT64, List.of(batch)));
        Value depth = builder.constant(Tensor.vector(model.classes()));
        Value offAndOn = builder.constant(Tensor.floats(new float[] {0, 1}, 2));
        Value oneHot = builder.node("OneHot", Attributes.NONE.with("axis", -1), target, depth, offAndOn);
        TensorType rows = new TensorType(
                ElementType.FLOAT32,
                List.of(fixed.isPresent() ? Dimension.of(1) : batch, Dimension.of(model.classes())));
        builder.declare(oneHot, rows);
        Value scores = switch (scale) {
            case LOGIT -> model.logits();
            case PROBABILITY -> builder.node("Softmax", Attributes.NONE.with("axis", -1), model.logits());
            case LOG_PROBABILITY, LOSS -> builder.node("LogSoftmax", Attributes.NONE.with("axis", -1), model.logits());
        };
        TensorType logits = new TensorType(ElementType.FLOAT32, List.of(batch, Dimension.of(model.classes())));
        builder.declare(scores, logits);
        Value picked = builder.node("Mul", scores, oneHot);
        builder.declare(picked, logits);
        Value score = builder.node("ReduceSum", Attributes.NONE.with("keepdims", 0), picked, builder.vector(1));
        builder.declare(score, new TensorType(ElementType.FLOAT32, List.of(batch)));
        if (scale == Scale.LOSS) {
            Value loss = builder.node("Neg", score);
            builder.declare(loss, new TensorType(ElementType.FLOAT32, List.of(batch)));
            return new Emitted(loss, model.logits());
        }
        return new Emitted(score, model.logits());
    }
}
