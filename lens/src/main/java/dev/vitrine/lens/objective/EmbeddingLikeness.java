package dev.vitrine.lens.objective;

import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.model.Model;
import java.util.List;

/**
 * How near a network's output e is to a point or direction r: cosine e·r / (‖e‖ ‖r‖), negative distance −‖e − r‖, or
 * projection e·r.
 *
 * @param reference r, one number for each output
 * @param name of what r belongs to, for people
 */
public record EmbeddingLikeness(Measure measure, List<Float> reference, String name) implements OutputObjective {
    /** Measure of similarity. */
    public enum Measure {
        COSINE("cosine similarity to "),
        EUCLIDEAN("negative distance to "),
        PROJECTION("projection on ");

        private final String words;

        Measure(String words) {
            this.words = words;
        }
    }

    private static final float LEAST = 1e-12f;

    public EmbeddingLikeness {
        reference = List.copyOf(reference);
    }

    @Override
    public String description() {
        return measure.words + name;
    }

    /** The score of one sample's output. */
    public double of(float[] output) {
        double dot = 0;
        double own = 0;
        double other = 0;
        double apart = 0;
        for (int index = 0; index < output.length; index++) {
            double r = reference.get(index);
            dot += output[index] * r;
            own += (double) output[index] * output[index];
            other += r * r;
            apart += (output[index] - r) * (output[index] - r);
        }
        return switch (measure) {
            case COSINE -> dot / Math.max(LEAST, Math.sqrt(own) * Math.sqrt(other));
            case EUCLIDEAN -> -Math.sqrt(apart);
            case PROJECTION -> dot;
        };
    }

    @Override
    public Emitted emit(Model model, GraphBuilder b) {
        Attributes flat = Attributes.NONE.with("keepdims", 0);
        float[] point = new float[reference.size()];
        double length = 0;
        for (int index = 0; index < point.length; index++) {
            point[index] = reference.get(index);
            length += (double) point[index] * point[index];
        }
        if (measure == Measure.EUCLIDEAN) {
            Value apart = b.node("Sub", model.logits(), b.constant("reference", Tensor.floats(point, 1, point.length)));
            Value distance = b.node("ReduceL2", flat, apart, b.vector(1));
            Value nearness = b.node("Neg", distance);
            return new Emitted(nearness, model.head().anchor());
        }
        for (int index = 0; measure == Measure.COSINE && index < point.length; index++) {
            point[index] /= (float) Math.max(LEAST, Math.sqrt(length));
        }
        Value products = b.node("Mul", model.logits(), b.constant("reference", Tensor.floats(point, 1, point.length)));
        Value dot = b.node("ReduceSum", flat, products, b.vector(1));
        if (measure == Measure.PROJECTION) {
            return new Emitted(dot, model.head().anchor());
        }
        Value own = b.node("ReduceL2", flat, model.logits(), b.vector(1));
        Value bounded = b.node("Max", own, b.constant(LEAST));
        Value cosine = b.node("Div", dot, bounded);
        return new Emitted(cosine, model.head().anchor());
    }
}
