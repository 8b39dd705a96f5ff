package dev.vitrine.lens.visualization.optimization;

import dev.vitrine.lens.setting.Setting;
import dev.vitrine.lens.setting.Settings;
import java.util.Optional;
import java.util.OptionalDouble;

/** An optimizer by name and its step length; by default the method's own, or the usual one. */
public record OptimizerChoice(
        @Setting(
                label = "NAME",
                meaning = "adam, ascent (steps of constant length), momentum or lbfgs",
                otherwise = "the method's own")
        Optional<Kind> optimizer,

        @Setting(
                label = "R",
                above = 0,
                meaning = "length of a step",
                otherwise = ADAM_RATE + " for adam, " + OTHER_RATE + " for the others")
        OptionalDouble rate) {
    /** The optimizers. */
    public enum Kind {
        ADAM,
        ASCENT,
        MOMENTUM,
        LBFGS
    }

    private static final double ADAM_RATE = 0.05;
    private static final double OTHER_RATE = 0.01;
    private static final double MOMENTUM = 0.9;
    private static final int MEMORY = 8;

    /** The method's default. */
    public static final OptimizerChoice NONE = new OptimizerChoice(Optional.empty(), OptionalDouble.empty());

    public OptimizerChoice {
        Settings.require(OptimizerChoice.class, optimizer, rate);
    }

    /** The chosen optimizer, or {@code usual} by default. */
    public Optimizer or(Optimizer usual) {
        if (optimizer.isEmpty() && rate.isEmpty()) {
            return usual;
        }
        return switch (optimizer.orElse(kind(usual))) {
            case ADAM -> new Adam(rate.orElse(ADAM_RATE));
            case ASCENT -> new Ascent(rate.orElse(OTHER_RATE));
            case MOMENTUM -> new Momentum(rate.orElse(OTHER_RATE), MOMENTUM);
            case LBFGS -> new LimitedMemory(MEMORY);
        };
    }

    private static Kind kind(Optimizer optimizer) {
        if (optimizer instanceof Adam) {
            return Kind.ADAM;
        }
        if (optimizer instanceof Ascent) {
            return Kind.ASCENT;
        }
        return optimizer instanceof Momentum ? Kind.MOMENTUM : Kind.LBFGS;
    }
}
