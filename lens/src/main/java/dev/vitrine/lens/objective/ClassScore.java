package dev.vitrine.lens.objective;

import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Dimension;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.model.head.Head;
import dev.vitrine.lens.model.head.Places;
import java.util.List;
import java.util.OptionalLong;

/**
 * The score of a class: its logit z, its probability p (softmax(z), σ(z), or what the network itself gives), log p, or
 * the cross-entropy loss −log p. Of a network without probabilities, the number itself.
 *
 * @param fixed the class, or empty where each run says it
 */
public record ClassScore(Scale scale, OptionalLong fixed) implements ClassObjective {
    /** The scale of the score. */
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

    @Override
    public double of(Head head, float[] scores, long target) {
        int index = Math.toIntExact(fixed.orElse(target));
        return switch (scale) {
            case LOGIT -> scores[index];
            case PROBABILITY -> head.probabilities(scores)[index];
            case LOG_PROBABILITY -> head.logProbability(scores, index);
            case LOSS -> -head.logProbability(scores, index);
        };
    }

    @Override
    public boolean isToldByScores(Head head) {
        return scale == Scale.LOGIT || head.hasProbabilities();
    }

    /** A usage error where the model has no probabilities and one is asked for. */
    public void requireIn(Model model) {
        boolean mapped = model.head().places().flatMap(Places::probabilities).isPresent();
        if (scale != Scale.LOGIT && !mapped) {
            model.head().requireProbabilities();
        }
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
    public String description(Model model) {
        return scale == Scale.LOGIT ? model.head().scoreName() : scale.label();
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
        Value scores = switch (scale) {
            case LOGIT -> model.logits();
            case PROBABILITY -> model.head().probabilities(builder, model.logits(), batch);
            case LOG_PROBABILITY, LOSS -> model.head().logProbabilities(builder, model.logits(), batch);
        };
        Value picked = builder.node("Mul", scores, oneHot);
        Value score = builder.node("ReduceSum", Attributes.NONE.with("keepdims", 0), picked, builder.vector(1));
        if (scale == Scale.LOSS) {
            Value loss = builder.node("Neg", score);
            return new Emitted(loss, model.head().anchor());
        }
        return new Emitted(score, model.head().anchor());
    }
}
