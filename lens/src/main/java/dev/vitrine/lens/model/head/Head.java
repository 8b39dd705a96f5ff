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
 * What the output of a network means. The scores are {@code f32[N,classes]}: logits where they can be reached, else what
 * the network puts out.
 *
 * @param link from scores to probabilities
 * @param output name of the output
 * @param size number of classes, or of numbers
 * @param outputs number of values that the scores are made of, 1 where one output tells yes from no
 * @param found by what the head was recognized, or who said so
 * @param notes what a person should know, one sentence each
 * @param anchor the value that the scores are read off, any shape; the scores themselves for most networks
 * @param places where the scores come from, if the output is a map or has many boxes
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

    /** A classifier of exclusive classes by its logits. */
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

    /** Whether scores have probabilities that {@link #probabilities} can tell. */
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

    /** What is shown for each class: its probability, or its number where there is none. */
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

    /** What {@link #shown} tells, in a word or two. */
    public String unit() {
        return hasProbabilities() ? "probability" : scoreName();
    }

    /** What a score is called. */
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

    /** A usage error where there are none. */
    public void requireProbabilities() {
        if (!hasProbabilities()) {
            throw VitrineException.usage("Output '" + output + "' is " + words()
                    + ": it has no probability or loss; expected --score logit, which explains the number itself. If it"
                    + " is a classifier, say 'activation: softmax' or 'activation: sigmoid' in the card, or by"
                    + " --activation.");
        }
    }

    /** What the head is, for people, such as {@code 4 independent classes (Sigmoid at the end)}. */
    public String words() {
        return summary() + " (" + found + ")";
    }

    /** The same without the reason. */
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

    /** The class of a detector that stands for nothing at all, which is no answer. */
    public OptionalInt background() {
        return places.flatMap(Places::detections).map(Detections::background).orElse(OptionalInt.empty());
    }

    /** Whether two classes, no and yes, are made of one output. */
    public boolean isBinary() {
        return kind == HeadKind.CLASSES && outputs == 1;
    }
}
