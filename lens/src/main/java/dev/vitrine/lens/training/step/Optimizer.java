package dev.vitrine.lens.training.step;

import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.Value;
import java.util.List;

/** The update rule of a weight. */
public sealed interface Optimizer permits Sgd, AdamW {
    /**
     * A weight's update in one step, as values of the graph.
     *
     * @param slots optimizer state of the weight, each in its shape
     */
    record State(Value weight, List<Value> slots) {
        public State {
            slots = List.copyOf(slots);
        }
    }

    /** Number of state tensors per weight, each in its shape. */
    int slots();

    /** Weight decay; not applied to biases and scales. */
    double weightDecay();

    /** Names of the scalars {@code f32[]} that change at each step; the first is the learning rate. */
    List<String> numbers();

    /**
     * The values of these scalars.
     *
     * @param step counted from 1
     */
    List<Double> numbers(long step, double rate);

    /**
     * Emits the weight's next state.
     *
     * @param numbers in the order of {@link #numbers()}
     * @param decay {@link #weightDecay}, or 0 if it does not apply to this weight
     */
    State emit(State before, Value gradient, List<Value> numbers, double decay, GraphBuilder builder);
}
