package dev.vitrine.engine.rewrite.recognition;

import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.operator.ScalarFunctions;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.DoubleStream;

/**
 * An activation, identified by its values: a function that agrees with one of these at all sample points is that one,
 * however it is written.
 */
sealed interface KnownActivation {
    /** max(x, 0). */
    record Relu() implements KnownActivation {}

    /** min(max(x, low), high), either of which may be infinite. */
    record Clip(double low, double high) implements KnownActivation {}

    /** scale · operator(inner · x). */
    record Named(String operator, Attributes attributes, double inner, double scale) implements KnownActivation {
        private Named(String operator, Attributes attributes) {
            this(operator, attributes, 1, 1);
        }
    }

    /** scale · x · σ(βx). */
    record Swish(double beta, double scale) implements KnownActivation {}

    /** Activations x · g(x) with an operator of their own. */
    enum Gate {
        GELU("Gelu", Attributes.NONE, ScalarFunctions::gelu),
        TANH_GELU("Gelu", Attributes.NONE.with("approximate", "tanh"), ScalarFunctions::tanhGelu),
        MISH("Mish", Attributes.NONE, ScalarFunctions::mish),
        HARD_SWISH("HardSwish", Attributes.NONE, ScalarFunctions::hardSwish);

        private final String operator;
        private final Attributes attributes;
        private final DoubleUnaryOperator function;

        Gate(String operator, Attributes attributes, DoubleUnaryOperator function) {
            this.operator = operator;
            this.attributes = attributes;
            this.function = function;
        }

        /** The k in 1/4..4 with g(k)/k = share, by bisection: g(k)/k rises from 1/2 to 1. */
        private double inner(double share) {
            double low = 0.25;
            double high = 4;
            for (int i = 0; i < 60; i++) {
                double middle = (low + high) / 2;
                boolean below = function.applyAsDouble(middle) / middle < share;
                low = below ? middle : low;
                high = below ? high : middle;
            }
            return (low + high) / 2;
        }
    }

    /** Sample points: dense around 0, where activations differ, and a few farther out. */
    double[] POINTS = DoubleStream.of(
                    1e-6, 1e-4, 1e-3, 0.01, 0.07, 0.2, 0.35, 0.5, 0.71, 1, 1.3, 1.73, 2.1, 2.5, 2.9, 3.05, 3.6, 4.4,
                    5.3, 5.9, 6.1, 7.7, 9.1, 12.5, 17, 21)
            .flatMap(x -> DoubleStream.of(-x, x))
            .toArray();

    double FAR = 1e9;
    double LARGE = 500;

    /** Relative error of a constant stored in half precision. */
    double HALF_PRECISION = 1e-3;

    /** Difference between two forms of a function with float32 constants, relative to the larger of |x| and |y|. */
    double TOLERANCE = 1e-5;

    /** The activation that a function matches, if any. */
    static Optional<KnownActivation> of(DoubleUnaryOperator f) {
        return bent(f).or(() -> exponential(f)).or(() -> gated(f));
    }

    private static Optional<KnownActivation> bent(DoubleUnaryOperator f) {
        double low = f.applyAsDouble(-FAR);
        double high = f.applyAsDouble(FAR);
        if (Double.isNaN(low) || Double.isNaN(high)) {
            return Optional.empty();
        }
        if (Math.abs(low) < FAR / 2 && high == FAR && agrees(f, x -> Math.max(x, 0))) {
            return Optional.of(new Relu());
        }
        double alpha = -f.applyAsDouble(-1);
        if (alpha > 0 && alpha < 1 && agrees(f, x -> x > 0 ? x : alpha * x) && near(high, FAR, FAR)) {
            return Optional.of(new Named("LeakyRelu", with("alpha", alpha)));
        }
        double least = low == -FAR ? Double.NEGATIVE_INFINITY : low;
        double most = high == FAR ? Double.POSITIVE_INFINITY : high;
        DoubleUnaryOperator clip = x -> Math.min(Math.max(x, least), most);
        boolean bounded = least > Double.NEGATIVE_INFINITY || most < Double.POSITIVE_INFINITY;
        if (bounded && least < most && agrees(f, clip) && agrees(f, clip, least) && agrees(f, clip, most)) {
            return Optional.of(new Clip(least, most));
        }
        double beta = f.applyAsDouble(0);
        double slope = (f.applyAsDouble(0.01) - f.applyAsDouble(-0.01)) / 0.02;
        if (low == 0
                && Math.abs(high - 1) < HALF_PRECISION
                && beta > 0
                && beta < high
                && slope > 0
                && agrees(f, x -> Math.min(high, Math.max(0, slope * x + beta)))) {
            double scale = near(high, 1, 1) ? 1 : high;
            return Optional.of(new Named(
                    "HardSigmoid", with("alpha", slope / scale).with("beta", (float) (beta / scale)), 1, scale));
        }
        return Optional.empty();
    }

    private static Optional<KnownActivation> exponential(DoubleUnaryOperator f) {
        double gamma = f.applyAsDouble(1);
        double depth = -f.applyAsDouble(-LARGE);
        if (depth > 0 && gamma > 0) {
            double alpha = depth / gamma;
            if (near(gamma, 1, 1) && agrees(f, x -> x > 0 ? x : depth * Math.expm1(x))) {
                return Optional.of(new Named("Elu", with("alpha", depth)));
            }
            if (near(gamma, 1, 1) && agrees(f, x -> x > 0 ? x : depth * Math.expm1(x / depth))) {
                return Optional.of(new Named("Celu", with("alpha", depth)));
            }
            if (agrees(f, x -> gamma * (x > 0 ? x : alpha * Math.expm1(x)))) {
                return Optional.of(new Named("Selu", with("alpha", alpha).with("gamma", (float) gamma)));
            }
        }
        if (agrees(f, ScalarFunctions::sigmoid)) {
            return Optional.of(new Named("Sigmoid", Attributes.NONE));
        }
        if (agrees(f, Math::tanh)) {
            return Optional.of(new Named("Tanh", Attributes.NONE));
        }
        if (agrees(f, ScalarFunctions::softplus)) {
            return Optional.of(new Named("Softplus", Attributes.NONE));
        }
        return agrees(f, x -> x / (1 + Math.abs(x)))
                ? Optional.of(new Named("Softsign", Attributes.NONE))
                : Optional.empty();
    }

    private static Optional<KnownActivation> gated(DoubleUnaryOperator f) {
        double measured = f.applyAsDouble(LARGE) / LARGE;
        if (!(measured > 0) || Double.isInfinite(measured)) {
            return Optional.empty();
        }
        double scale = near(measured, 1, 1) ? 1 : measured;
        double share = f.applyAsDouble(1) / scale;
        for (Gate gate : Gate.values()) {
            // Half-precision constants, such as a rounded √2, turn g(x) into g(kx)/k.
            double k = agrees(f, x -> scale * gate.function.applyAsDouble(x)) ? 1 : gate.inner(share);
            if (agrees(f, x -> scale / k * gate.function.applyAsDouble(k * x))) {
                return Optional.of(new Named(gate.operator, gate.attributes, k, scale / k));
            }
        }
        double found = Math.log(share / (1 - share));
        double beta = near(found, 1, 1) ? 1 : found;
        return beta > 0 && agrees(f, x -> scale * x * ScalarFunctions.sigmoid(beta * x))
                ? Optional.of(new Swish(beta, scale))
                : Optional.empty();
    }

    private static Attributes with(String name, double value) {
        return Attributes.NONE.with(name, (float) value);
    }

    private static boolean agrees(DoubleUnaryOperator f, DoubleUnaryOperator g) {
        return agrees(f, g, 1);
    }

    /** At the points times a factor. */
    private static boolean agrees(DoubleUnaryOperator f, DoubleUnaryOperator g, double factor) {
        if (Double.isInfinite(factor) || factor == 0) {
            return true;
        }
        for (double point : POINTS) {
            double x = point * Math.abs(factor);
            if (!near(f.applyAsDouble(x), g.applyAsDouble(x), x)) {
                return false;
            }
        }
        return near(f.applyAsDouble(0), g.applyAsDouble(0), 0);
    }

    private static boolean near(double found, double expected, double x) {
        return Math.abs(found - expected) <= TOLERANCE * Math.max(Math.abs(x), Math.abs(expected));
    }
}
