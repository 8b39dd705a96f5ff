package dev.vitrine.lens.model.head;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.graph.Dimension;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.tensor.ElementType;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The meaning of a network's output. The scores are {@code f32[N,classes]}: logits where they can be reached, else the
 * output itself.
 *
 * @param link from scores to probabilities
 * @param output name of the output
 * @param size number of classes or values
 * @param outputs number of values that the scores are computed from, 1 for a single binary output
 * @param found how the head was recognized or specified
 * @param notes notes for the user, one sentence each
 * @param anchor the value that the scores are read from, of any shape; for most networks the scores themselves
 * @param places the positions of the scores, if the output is a map or has many boxes
 */
public record Head(
        HeadKind kind,
        Link link,
        String output,
        long size,
        long outputs,
        String found,
        List<String> notes,
        Value anchor,
        Optional<Places> places) {
    public Head {
        notes = List.copyOf(notes);
    }

    /** A classifier of mutually exclusive classes by its logits. */
    public static Head classes(Value logits, long size) {
        return new Head(
                HeadKind.CLASSES,
                Link.SOFTMAX,
                logits.name(),
                size,
                size,
                "logits",
                List.of(),
                logits,
                Optional.empty());
    }

    /** Whether {@link #probabilities} is available. */
    public boolean hasProbabilities() {
        return link != Link.NONE;
    }

    /** The probability of each class, 0..1, from the scores of one sample. */
    public double[] probabilities(float[] scores) {
        requireProbabilities();
        return link.probabilities(scores);
    }

    /** log p of one class. */
    public double logProbability(float[] scores, int index) {
        requireProbabilities();
        return link.logProbability(scores, index);
    }

    /** The value shown for each class: its probability, or its score if there is none. */
    public double[] shown(float[] scores) {
        if (hasProbabilities()) {
            return probabilities(scores);
        }
        double[] numbers = new double[scores.length];
        for (int index = 0; index < numbers.length; index++) {
            numbers[index] = scores[index];
        }
        return numbers;
    }

    /** The name of the quantity of {@link #shown}. */
    public String unit() {
        return hasProbabilities() ? "probability" : scoreName();
    }

    /** The name of a score. */
    public String scoreName() {
        return switch (kind) {
            case CLASSES, DETECTOR -> link == Link.GIVEN ? "probability" : "logit";
            case NUMBERS -> "value";
            case EMBEDDING -> "coordinate";
            case MAP -> "score";
        };
    }

    /** The probabilities of scores {@code f32[N,classes]}, as nodes. */
    public Value probabilities(GraphBuilder builder, Value scores, Dimension batch) {
        return mapped().orElseGet(() -> {
            requireProbabilities();
            return link.probabilities(builder, scores, type(batch));
        });
    }

    /** log p of scores {@code f32[N,classes]}, as nodes. */
    public Value logProbabilities(GraphBuilder builder, Value scores, Dimension batch) {
        return mapped().map(mean -> Link.GIVEN.logProbabilities(builder, mean, type(batch)))
                .orElseGet(() -> {
                    requireProbabilities();
                    return link.logProbabilities(builder, scores, type(batch));
                });
    }

    private Optional<Value> mapped() {
        return places.flatMap(Places::probabilities);
    }

    private TensorType type(Dimension batch) {
        return new TensorType(ElementType.FLOAT32, List.of(batch, Dimension.of(size)));
    }

    /** A usage error if there are none. */
    public void requireProbabilities() {
        if (!hasProbabilities()) {
            throw VitrineException.usage("Output '" + output + "' is " + words()
                    + ": it has no probability or loss; expected --score logit, which explains the number itself. If it"
                    + " is a classifier, say 'activation: softmax' or 'activation: sigmoid' in the card, or by"
                    + " --activation.");
        }
    }

    /** A description of the head, such as {@code 4 independent classes (Sigmoid at the end)}. */
    public String words() {
        return summary() + " (" + found + ")";
    }

    /** The description without the reason. */
    public String summary() {
        return switch (kind) {
            case CLASSES ->
                switch (link) {
                    case SOFTMAX -> size + " exclusive classes, softmax";
                    case SIGMOID ->
                        isBinary() ? "yes or no, sigmoid of one number" : size + " independent classes, sigmoid";
                    case GIVEN -> isBinary() ? "yes or no, one probability" : "probabilities of " + size + " classes";
                    case NONE -> "scores of " + size + " classes";
                };
            case NUMBERS -> size == 1 ? "a number" : size + " numbers";
            case EMBEDDING -> "an embedding of " + size + " dimensions";
            case MAP -> "a map of " + (size == 1 ? "one score" : size + " classes") + placed();
            case DETECTOR -> "a detector of " + (size == 1 ? "one class" : size + " classes") + placed();
        };
    }

    private String placed() {
        return places.map(found -> ", scored " + found.words()).orElse("");
    }

    /** The background class of a detector, which is not a prediction. */
    public OptionalInt background() {
        return places.flatMap(Places::detections).map(Detections::background).orElse(OptionalInt.empty());
    }

    /** Whether two classes, no and yes, are derived from one output. */
    public boolean isBinary() {
        return kind == HeadKind.CLASSES && outputs == 1;
    }
}
