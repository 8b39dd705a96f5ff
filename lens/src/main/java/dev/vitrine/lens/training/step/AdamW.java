package dev.vitrine.lens.training.step;

import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.lens.setting.Setting;
import dev.vitrine.lens.setting.Settings;
import java.util.List;

/**
 * m' = β₁ m + (1 − β₁) g, v' = β₂ v + (1 − β₂) g², w' = w − η λ w − η (m'/(1 − β₁ᵗ)) / (√(v'/(1 − β₂ᵗ)) + ε).
 * Loshchilov and Hutter 2019, arXiv:1711.05101.
 */
public record AdamW(
        double beta1,
        double beta2,

        @Setting(above = 0, meaning = "ε, added to the root of the mean square")
        double epsilon,

        @Setting(least = 0, below = 1, meaning = "λ, the pull of weights towards 0")
        double weightDecay)
        implements Optimizer {
    public static final AdamW USUAL = new AdamW(0.9, 0.999, 1e-8, 0.01);

    public AdamW {
        if (!(beta1 >= 0 && beta1 < 1) || !(beta2 >= 0 && beta2 < 1)) {
            throw new IllegalArgumentException(
                    "betas " + beta1 + " and " + beta2 + ": expected both from 0 to below 1");
        }
        Settings.require(AdamW.class, beta1, beta2, epsilon, weightDecay);
    }

    @Override
    public String toString() {
        return "AdamW, betas " + beta1 + " and " + beta2 + ", epsilon " + epsilon + ", weight decay " + weightDecay;
    }

    @Override
    public int slots() {
        return 2;
    }

    @Override
    public List<String> numbers() {
        return List.of("rate", "mean-correction", "square-correction");
    }

    @Override
    public List<Double> numbers(long step, double rate) {
        return List.of(rate, 1 / (1 - Math.pow(beta1, step)), 1 / (1 - Math.pow(beta2, step)));
    }

    @Override
    public State emit(State before, Value gradient, List<Value> numbers, double decay, GraphBuilder builder) {
        Value weight = before.weight();
        Value square = builder.node("Mul", gradient, gradient);
        Value mean = mixed(before.slots().get(0), gradient, beta1, builder);
        Value squares = mixed(before.slots().get(1), square, beta2, builder);
        Value root = builder.node("Sqrt", builder.node("Mul", squares, numbers.get(2)));
        Value direction = builder.node(
                "Div", builder.node("Mul", mean, numbers.get(1)), builder.node("Add", root, builder.constant((float)
                        epsilon)));
        if (decay != 0) {
            direction = builder.node("Add", direction, builder.node("Mul", weight, builder.constant((float) decay)));
        }
        Value next = builder.node("Sub", weight, builder.node("Mul", direction, numbers.get(0)));
        return new State(next, List.of(mean, squares));
    }

    private static Value mixed(Value old, Value current, double share, GraphBuilder builder) {
        return builder.node(
                "Add",
                builder.node("Mul", old, builder.constant((float) share)),
                builder.node("Mul", current, builder.constant((float) (1 - share))));
    }
}
