package dev.vitrine.app.synthesis;

import dev.vitrine.app.terminal.Choices;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.lens.visualization.optimization.Adam;
import dev.vitrine.lens.visualization.optimization.Ascent;
import dev.vitrine.lens.visualization.optimization.LimitedMemory;
import dev.vitrine.lens.visualization.optimization.Momentum;
import dev.vitrine.lens.visualization.optimization.Optimizer;
import java.util.Optional;
import picocli.CommandLine.Option;

/** How the optimiser walks. */
final class OptimizerOptions {
    private enum Kind {
        ADAM,
        ASCENT,
        MOMENTUM,
        LBFGS
    }

    private static final class Kinds extends Choices.Words<Kind> {
        Kinds() {
            super(Kind.class);
        }
    }

    private static final double ADAM_RATE = 0.05;
    private static final double ASCENT_RATE = 0.01;
    private static final double MOMENTUM_RATE = 0.01;
    private static final double MOMENTUM = 0.9;
    private static final int MEMORY = 8;

    @Option(
            names = "--optimizer",
            paramLabel = "NAME",
            converter = Kinds.class,
            description = "adam, ascent (steps of one length), momentum or lbfgs. Default: the method's own.")
    private Optional<Kind> kind;

    @Option(
            names = "--rate",
            paramLabel = "R",
            description = "Length of a step. Default: " + ADAM_RATE + " for adam, " + ASCENT_RATE + " for the others.")
    private Optional<Double> rate;

    /** What is asked for; {@code usual} where nothing is. */
    Optimizer optimizer(Optimizer usual) {
        Kind wanted = kind.orElse(kindOf(usual));
        if (kind.isEmpty() && rate.isEmpty()) {
            return usual;
        }
        try {
            return switch (wanted) {
                case ADAM -> new Adam(rate.orElse(ADAM_RATE));
                case ASCENT -> new Ascent(rate.orElse(ASCENT_RATE));
                case MOMENTUM -> new Momentum(rate.orElse(MOMENTUM_RATE), MOMENTUM);
                case LBFGS -> new LimitedMemory(MEMORY);
            };
        } catch (IllegalArgumentException wrong) {
            throw VitrineException.usage("--rate: " + wrong.getMessage() + ".");
        }
    }

    private static Kind kindOf(Optimizer optimizer) {
        if (optimizer instanceof Adam) {
            return Kind.ADAM;
        }
        if (optimizer instanceof Ascent) {
            return Kind.ASCENT;
        }
        return optimizer instanceof Momentum ? Kind.MOMENTUM : Kind.LBFGS;
    }
}
