package dev.vitrine.lens.training.step;

import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.Value;
import java.util.List;

/** How a weight follows its gradient. */
public sealed interface Optimizer permits Sgd, AdamW {
    /**
     * A weight's way through one step, as values of the graph.
     *
     * @param slots what the optimizer remembers of the weight, each in its shape
     */
    record State(Value weight, List<Value> slots) {
        public State {
            slots = List.copyOf(slots);
        }
    }

    /** How many tensors in the shape of a weight the optimizer remembers for it. */
    int slots();

    /** How strongly weights are drawn to zero; biases and scales are not. */
    double weightDecay();

    /** Names of the numbers {@code f32[]} that change from step to step; the first is the learning rate. */
    List<String> numbers();

    /**
     * These numbers.
     *
     * @param step counted from 1
     */
    List<Double> numbers(long step, double rate);

    /**
     * Writes the weight's next state.
     *
     * @param numbers in the order of {@link #numbers()}
     * @param decay {@link #weightDecay}, or 0 where there is none for this weight
     */
    State emit(State before, Value gradient, List<Value> numbers, double decay, GraphBuilder builder);
}
