package dev.vitrine.engine.rewrite.recognition;

import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Node;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;

/** Element-wise operators as functions of real numbers; a truth value is 0 or 1. */
final class Pointwise {
    /** One element of an output from one element of each input; NaN stands for an omitted input. */
    interface Function {
        double at(Attributes attributes, double[] inputs);
    }

    private static final int FLOAT = 1;
    private static final int BOOL = 9;
    private static final int DOUBLE = 11;
    private static final Set<Integer> PLAIN_TYPES = Set.of(FLOAT, BOOL, DOUBLE);

    private static final Set<String> NAMES = Set.of(
            "Relu",
            "LeakyRelu",
            "PRelu",
            "ThresholdedRelu",
            "Elu",
            "Sigmoid",
            "HardSigmoid",
            "HardSwish",
            "Tanh",
            "Softplus",
            "Softsign",
            "Gelu",
            "Mish",
            "Erf",
            "Clip",
            "Sqrt",
            "Exp",
            "Log",
            "Abs",
            "Reciprocal",
            "Neg",
            "Sign",
            "Pow",
            "Add",
            "Sub",
            "Mul",
            "Div",
            "Sum",
            "Mean",
            "Max",
            "Min",
            "Where",
            "Greater",
            "GreaterOrEqual",
            "Less",
            "LessOrEqual",
            "Not",
            "Cast",
            "Identity");

    private Pointwise() {}

    static Optional<Function> of(Node node) {
        boolean known = node.outputs().size() == 1
                && (!node.operator().equals("Cast")
                        || PLAIN_TYPES.contains((int) node.attributes().integer("to", 0)));
        String operator = node.operator();
        return known && NAMES.contains(operator)
                ? Optional.of((attributes, inputs) -> at(operator, attributes, inputs))
                : Optional.empty();
    }

    private static double at(String operator, Attributes a, double[] x) {
        return switch (operator) {
            case "Relu" -> Math.max(x[0], 0);
            case "LeakyRelu" -> x[0] > 0 ? x[0] : a.real("alpha", 0.01f) * x[0];
            case "PRelu" -> x[0] > 0 ? x[0] : x[1] * x[0];
            case "ThresholdedRelu" -> x[0] > a.real("alpha", 1f) ? x[0] : 0;
            case "Elu" -> x[0] > 0 ? x[0] : a.real("alpha", 1f) * Math.expm1(x[0]);
            case "Sigmoid" -> sigmoid(x[0]);
            case "HardSigmoid" -> Math.min(1, Math.max(0, a.real("alpha", 0.2f) * x[0] + a.real("beta", 0.5f)));
            case "HardSwish" -> hardSwish(x[0]);
            case "Tanh" -> Math.tanh(x[0]);
            case "Softplus" -> softplus(x[0]);
            case "Softsign" -> x[0] / (1 + Math.abs(x[0]));
            case "Gelu" -> a.text("approximate", "none").equals("tanh") ? tanhGelu(x[0]) : gelu(x[0]);
            case "Mish" -> mish(x[0]);
            case "Erf" -> erf(x[0]);
            case "Clip" -> clip(x);
            case "Sqrt" -> Math.sqrt(x[0]);
            case "Exp" -> Math.exp(x[0]);
            case "Log" -> Math.log(x[0]);
            case "Abs" -> Math.abs(x[0]);
            case "Reciprocal" -> 1 / x[0];
            case "Neg" -> -x[0];
            case "Sign" -> Math.signum(x[0]);
            case "Pow" -> Math.pow(x[0], x[1]);
            case "Add" -> x[0] + x[1];
            case "Sub" -> x[0] - x[1];
            case "Mul" -> x[0] * x[1];
            case "Div" -> x[0] / x[1];
            case "Sum" -> sum(x);
            case "Mean" -> sum(x) / x.length;
            case "Max" -> Arrays.stream(x).max().orElseThrow();
            case "Min" -> Arrays.stream(x).min().orElseThrow();
            case "Where" -> x[0] != 0 ? x[1] : x[2];
            case "Greater" -> truth(x[0] > x[1]);
            case "GreaterOrEqual" -> truth(x[0] >= x[1]);
            case "Less" -> truth(x[0] < x[1]);
            case "LessOrEqual" -> truth(x[0] <= x[1]);
            case "Not" -> 1 - x[0];
            case "Cast" -> a.integer("to", FLOAT) == BOOL ? truth(x[0] != 0) : x[0];
            case "Identity" -> x[0];
            default -> throw new IllegalArgumentException(operator);
        };
    }

    private static double truth(boolean value) {
        return value ? 1 : 0;
    }

    private static double sum(double[] values) {
        return Arrays.stream(values).sum();
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

    /** erf(x) by its power series; beyond 4 it is 1 to within 2e-8. */
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
