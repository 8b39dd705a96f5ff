package dev.vitrine.engine.rewrite.recognition;

import static java.util.Map.entry;

import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Node;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Element-wise operators as functions of real numbers; a truth value is 0 or 1. */
final class Pointwise {
    /** One element of an output from one element of each input; NaN stands for an input that is left out. */
    interface Function {
        double at(Attributes attributes, double[] inputs);
    }

    private static final int FLOAT = 1;
    private static final int BOOL = 9;
    private static final int DOUBLE = 11;
    private static final Set<Integer> PLAIN_TYPES = Set.of(FLOAT, BOOL, DOUBLE);

    private static final Map<String, Function> FUNCTIONS = Map.ofEntries(
            entry("Relu", (a, x) -> Math.max(x[0], 0)),
            entry("LeakyRelu", (a, x) -> x[0] > 0 ? x[0] : a.real("alpha", 0.01f) * x[0]),
            entry("PRelu", (a, x) -> x[0] > 0 ? x[0] : x[1] * x[0]),
            entry("ThresholdedRelu", (a, x) -> x[0] > a.real("alpha", 1f) ? x[0] : 0),
            entry("Elu", (a, x) -> x[0] > 0 ? x[0] : a.real("alpha", 1f) * Math.expm1(x[0])),
            entry("Sigmoid", (a, x) -> sigmoid(x[0])),
            entry(
                    "HardSigmoid",
                    (a, x) -> Math.min(1, Math.max(0, a.real("alpha", 0.2f) * x[0] + a.real("beta", 0.5f)))),
            entry("HardSwish", (a, x) -> hardSwish(x[0])),
            entry("Tanh", (a, x) -> Math.tanh(x[0])),
            entry("Softplus", (a, x) -> softplus(x[0])),
            entry("Softsign", (a, x) -> x[0] / (1 + Math.abs(x[0]))),
            entry("Gelu", (a, x) -> a.text("approximate", "none").equals("tanh") ? tanhGelu(x[0]) : gelu(x[0])),
            entry("Mish", (a, x) -> mish(x[0])),
            entry("Erf", (a, x) -> erf(x[0])),
            entry("Clip", (a, x) -> clip(x)),
            entry("Sqrt", (a, x) -> Math.sqrt(x[0])),
            entry("Exp", (a, x) -> Math.exp(x[0])),
            entry("Log", (a, x) -> Math.log(x[0])),
            entry("Abs", (a, x) -> Math.abs(x[0])),
            entry("Reciprocal", (a, x) -> 1 / x[0]),
            entry("Neg", (a, x) -> -x[0]),
            entry("Sign", (a, x) -> Math.signum(x[0])),
            entry("Pow", (a, x) -> Math.pow(x[0], x[1])),
            entry("Add", (a, x) -> x[0] + x[1]),
            entry("Sub", (a, x) -> x[0] - x[1]),
            entry("Mul", (a, x) -> x[0] * x[1]),
            entry("Div", (a, x) -> x[0] / x[1]),
            entry("Sum", (a, x) -> sum(x)),
            entry("Mean", (a, x) -> sum(x) / x.length),
            entry("Max", (a, x) -> java.util.Arrays.stream(x).max().orElseThrow()),
            entry("Min", (a, x) -> java.util.Arrays.stream(x).min().orElseThrow()),
            entry("Where", (a, x) -> x[0] != 0 ? x[1] : x[2]),
            entry("Greater", (a, x) -> truth(x[0] > x[1])),
            entry("GreaterOrEqual", (a, x) -> truth(x[0] >= x[1])),
            entry("Less", (a, x) -> truth(x[0] < x[1])),
            entry("LessOrEqual", (a, x) -> truth(x[0] <= x[1])),
            entry("Not", (a, x) -> 1 - x[0]),
            entry("Cast", (a, x) -> a.integer("to", FLOAT) == BOOL ? truth(x[0] != 0) : x[0]),
            entry("Identity", (a, x) -> x[0]));

    private Pointwise() {}

    static Optional<Function> of(Node node) {
        boolean known = node.outputs().size() == 1
                && (!node.operator().equals("Cast")
                        || PLAIN_TYPES.contains((int) node.attributes().integer("to", 0)));
        return known ? Optional.ofNullable(FUNCTIONS.get(node.operator())) : Optional.empty();
    }

    private static double truth(boolean value) {
        return value ? 1 : 0;
    }

    private static double sum(double[] values) {
        return java.util.Arrays.stream(values).sum();
    }

    private static double clip(double[] x) {
        double low = x.length > 1 && !Double.isNaN(x[1]) ? x[1] : Double.NEGATIVE_INFINITY;
        double high = x.length > 2 && !Double.isNaN(x[2]) ? x[2] : Double.POSITIVE_INFINITY;
        return Math.min(Math.max(x[0], low), high);
    }

    static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }

    static double softplus(double x) {
        return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
    }

    static double hardSwish(double x) {
        return x * Math.min(1, Math.max(0, x / 6 + 0.5));
    }

    static double mish(double x) {
        return x * Math.tanh(softplus(x));
    }

    static double gelu(double x) {
        return 0.5 * x * (1 + erf(x / Math.sqrt(2)));
    }

    static double tanhGelu(double x) {
        return 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
    }

    /** By its power series; beyond 4 it is 1 to 2e-8. */
    static double erf(double x) {
        if (Math.abs(x) > 4) {
            return Math.signum(x);
        }
        double term = x;
        double sum = x;
        for (int n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
            term *= -x * x / n;
            sum += term / (2 * n + 1);
        }
        return 2 / Math.sqrt(Math.PI) * sum;
    }
}
