package dev.vitrine.lens.training.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.oracle.Interpreter;
import dev.vitrine.engine.oracle.NDArray;
import dev.vitrine.engine.tensor.ElementType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Two steps of one weight, worked by hand: w = 1, gradients 0.5 and then −1. */
class OptimizerTest {
    private static final double[] GRADIENTS = {0.5, -1};

    private static List<Double> weights(Optimizer optimizer, double rate, double decay) {
        GraphBuilder builder = new GraphBuilder();
        TensorType type = TensorType.of(ElementType.FLOAT32, 1);
        Value weight = builder.input("weight", type);
        Value gradient = builder.input("gradient", type);
        List<Value> slots = new ArrayList<>();
        for (int i = 0; i < optimizer.slots(); i++) {
            slots.add(builder.input("slot" + i, type));
        }
        List<Value> numbers = optimizer.numbers().stream()
                .map(name -> builder.input(name, TensorType.of(ElementType.FLOAT32)))
                .toList();
        Optimizer.State after = optimizer.emit(new Optimizer.State(weight, slots), gradient, numbers, decay, builder);
        builder.output(after.weight());
        after.slots().forEach(builder::output);
        Graph graph = builder.build();
        Map<Value, NDArray> state = new LinkedHashMap<>();
        state.put(weight, new NDArray(new double[] {1}, 1));
        slots.forEach(slot -> state.put(slot, new NDArray(new double[] {0}, 1)));
        List<Double> found = new ArrayList<>();
        for (int step = 1; step <= GRADIENTS.length; step++) {
            Map<Value, NDArray> inputs = new LinkedHashMap<>(state);
            inputs.put(gradient, new NDArray(new double[] {GRADIENTS[step - 1]}, 1));
            List<Double> values = optimizer.numbers(step, rate);
            for (int i = 0; i < values.size(); i++) {
                inputs.put(numbers.get(i), NDArray.scalar(values.get(i)));
            }
            Map<Value, NDArray> outputs = Interpreter.evaluate(graph, inputs);
            state.put(weight, outputs.get(after.weight()));
            for (int i = 0; i < slots.size(); i++) {
                state.put(slots.get(i), outputs.get(after.slots().get(i)));
            }
            found.add(state.get(weight).data()[0]);
        }
        return found;
    }

    @Test
    void momentumRemembers() {
        List<Double> found = weights(new Sgd(0.5, 0.1, Sgd.Momentum.CLASSIC), 0.2, 0.1);
        // m = .5 + .1 = .6, w = 1 − .12 = .88; m = .3 − 1 + .088 = −.612, w = .88 + .1224
        assertThat(found.get(0)).isEqualTo(0.88, within(1e-6));
        assertThat(found.get(1)).isEqualTo(1.0024, within(1e-6));
    }

    @Test
    void nesterovLooksAhead() {
        List<Double> found = weights(new Sgd(0.5, 0, Sgd.Momentum.NESTEROV), 0.2, 0);
        // m = .5, w = 1 − .2 (.5 + .25) = .85; m = .25 − 1 = −.75, w = .85 − .2 (−1 − .375)
        assertThat(found.get(0)).isEqualTo(0.85, within(1e-6));
        assertThat(found.get(1)).isEqualTo(1.125, within(1e-6));
    }

    @Test
    void adamGoesByTheSignAtFirst() {
        List<Double> found = weights(new AdamW(0.9, 0.99, 1e-9, 0), 0.1, 0);
        assertThat(found.get(0)).isEqualTo(0.9, within(1e-6));
        // m = .045 − .1 = −.055, over 1 − .81; v = .99 · .0025 + .01 = .012475, over 1 − .9801
        double expected = 0.9 + 0.1 * (0.055 / 0.19) / Math.sqrt(0.012475 / 0.0199);
        assertThat(found.get(1)).isEqualTo(expected, within(1e-6));
    }

    @Test
    void adamDecaysWeightsBesideTheGradient() {
        List<Double> found = weights(new AdamW(0.9, 0.99, 1e-9, 0.5), 0.1, 0.5);
        // 1 − .1 · .5 · 1 − .1
        assertThat(found.get(0)).isEqualTo(0.85, within(1e-6));
    }

    @Test
    void impossibleNumbersAreRefused() {
        assertThatThrownBy(() -> new Sgd(1, 0, Sgd.Momentum.CLASSIC)).hasMessageContaining("momentum 1.0");
        assertThatThrownBy(() -> new Sgd(0.9, -1, Sgd.Momentum.CLASSIC)).hasMessageContaining("weight-decay -1.0");
        assertThatThrownBy(() -> new AdamW(0.9, 1, 1e-8, 0)).hasMessageContaining("betas");
        assertThatThrownBy(() -> new AdamW(0.9, 0.99, 0, 0)).hasMessageContaining("epsilon");
    }
}
