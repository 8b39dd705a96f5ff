package dev.vitrine.lens.objective;

import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.lens.model.Model;
import java.util.List;

/** One number a sample to be explained, as nodes of the model's graph. */
public interface Objective {
    /** Name of the graph input that tells each sample's class, where the objective leaves it open: {@code i64[N]}. */
    String TARGET = "target";

    /**
     * What an objective is made of.
     *
     * @param score {@code f32[N]}
     * @param anchor the layer or the logits that the score reads
     */
    record Emitted(Value score, Value anchor) {}

    /** Writes the objective on top of the model's graph. */
    Emitted emit(Model model, GraphBuilder builder);

    /** Layers of the model that must keep their names and values. */
    List<Value> layers();

    /** Whether the class comes with each run, by the input {@link #TARGET}. */
    boolean takesTarget();

    /** What is explained, for people: {@code logit}, {@code channel 12 of fire3/concat}. */
    String description();

    /** The same, by the words that fit the model: a regression has a value, no logit. */
    default String description(Model model) {
        return description();
    }
}
