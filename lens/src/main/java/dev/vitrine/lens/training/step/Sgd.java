package dev.vitrine.lens.training.step;

import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.lens.setting.Setting;
import dev.vitrine.lens.setting.Settings;
import java.util.List;

/**
 * m' = μ m + (g + λ w), w' = w − η m', or w' = w − η (g + λ w + μ m') with Nesterov momentum. Sutskever et al. 2013, in
 * the form used by deep learning frameworks.
 */
public record Sgd(
        @Setting(label = "SHARE", least = 0, below = 1, meaning = "μ, the share of the last step that goes on")
        double momentum,

        @Setting(least = 0, below = 1, meaning = "λ, the pull of weights towards 0")
        double weightDecay,

        @Setting(name = "momentum-kind", label = "KIND", meaning = "when the momentum takes part")
        Momentum kind)
        implements Optimizer {
    public static final Sgd USUAL = new Sgd(0.9, 0, Momentum.NESTEROV);

    /** The kind of momentum. */
    public enum Momentum {
        CLASSIC,
        NESTEROV
    }

    public Sgd {
        Settings.require(Sgd.class, momentum, weightDecay, kind);
    }

    @Override
    public String toString() {
        return "SGD, momentum " + momentum + (kind == Momentum.NESTEROV ? " (Nesterov)" : "") + ", weight decay "
                + weightDecay;
    }

    @Override
    public int slots() {
        return 1;
    }

    @Override
    public List<String> numbers() {
        return List.of("rate");
    }

    @Override
    public List<Double> numbers(long step, double rate) {
        return List.of(rate);
    }

    @Override
    public State emit(State before, Value gradient, List<Value> numbers, double decay, GraphBuilder builder) {
        Value weight = before.weight();
        Value pulled = decay == 0
                ? gradient
                : builder.node("Add", gradient, builder.node("Mul", weight, builder.constant((float) decay)));
        Value factor = builder.constant((float) momentum);
        Value remembered =
                builder.node("Add", builder.node("Mul", before.slots().get(0), factor), pulled);
        Value direction = switch (kind) {
            case CLASSIC -> remembered;
            case NESTEROV -> builder.node("Add", pulled, builder.node("Mul", remembered, factor));
        };
        Value next = builder.node("Sub", weight, builder.node("Mul", direction, numbers.get(0)));
        return new State(next, List.of(remembered));
    }
}
