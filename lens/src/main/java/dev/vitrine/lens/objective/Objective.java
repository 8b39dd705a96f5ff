package dev.vitrine.lens.objective;

import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.lens.model.Model;
import java.util.List;

/** The scalar per sample to be explained, as nodes of the model's graph. */
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

    /** Whether each run gives the class, by the input {@link #TARGET}. */
    boolean takesTarget();

    /** Description for users: {@code logit}, {@code channel 12 of fire3/concat}. */
    String description();

    /** The same in the model's terms: a regression has a value, not a logit. */
    default String description(Model model) {
        return description();
    }
}
