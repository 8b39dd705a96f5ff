package dev.vitrine.lens.model.head;

import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;

/** From the scores of one sample to probabilities. */
public enum Link {
    /** p = softmax(z). */
    SOFTMAX,
    /** p = σ(z) for each class. */
    SIGMOID,
    /** p = z: the network outputs probabilities whose logits are not available. */
    GIVEN,
    /** Plain numbers have no probability. */
    NONE;

    /** Lower bound for the argument of a logarithm. */
    private static final float LEAST = 1e-30f;

    /** The probabilities of scores; not available for plain numbers. */
    double[] probabilities(float[] scores) {
        double[] result = new double[scores.length];
        double largest = Double.NEGATIVE_INFINITY;
        for (float score : scores) {
            largest = Math.max(largest, score);
        }
        double total = 0;
        for (int index = 0; index < result.length; index++) {
            double score = scores[index];
            result[index] = switch (this) {
                case SOFTMAX -> Math.exp(score - largest);
                case SIGMOID -> 1 / (1 + Math.exp(-score));
                case GIVEN -> Math.min(1, Math.max(0, score));
                case NONE -> throw new IllegalStateException("plain numbers have no probability");
            };
            total += result[index];
        }
        for (int index = 0; this == SOFTMAX && index < result.length; index++) {
            result[index] /= total;
        }
        return result;
    }

    /** The logarithm of the probability of one class. */
    double logProbability(float[] scores, int index) {
        return switch (this) {
            case SOFTMAX -> {
                double largest = Double.NEGATIVE_INFINITY;
                for (float score : scores) {
                    largest = Math.max(largest, score);
                }
                double total = 0;
                for (float score : scores) {
                    total += Math.exp(score - largest);
                }
                yield scores[index] - largest - Math.log(total);
            }
            case SIGMOID -> Math.min(scores[index], 0) - Math.log1p(Math.exp(-Math.abs(scores[index])));
            case GIVEN -> Math.log(Math.max(LEAST, scores[index]));
            case NONE -> throw new IllegalStateException("plain numbers have no probability");
        };
    }

    /** The probabilities of scores {@code f32[N,classes]} as nodes. */
    Value probabilities(GraphBuilder builder, Value scores, TensorType type) {
        Value result = switch (this) {
            case SOFTMAX -> builder.node("Softmax", Attributes.NONE.with("axis", -1), scores);
            case SIGMOID -> builder.node("Sigmoid", scores);
            case GIVEN -> scores;
            case NONE -> throw new IllegalStateException("plain numbers have no probability");
        };
        builder.declare(result, type);
        return result;
    }

    /** Their logarithms. */
    Value logProbabilities(GraphBuilder builder, Value scores, TensorType type) {
        Value result = switch (this) {
            case SOFTMAX -> builder.node("LogSoftmax", Attributes.NONE.with("axis", -1), scores);
            case SIGMOID -> {
                Value against = builder.node("Neg", scores);
                builder.declare(against, type);
                Value loss = builder.node("Softplus", against);
                builder.declare(loss, type);
                yield builder.node("Neg", loss);
            }
            case GIVEN -> {
                Value bounded = builder.node("Max", scores, builder.constant(LEAST));
                builder.declare(bounded, type);
                yield builder.node("Log", bounded);
            }
            case NONE -> throw new IllegalStateException("plain numbers have no probability");
        };
        builder.declare(result, type);
        return result;
    }
}
