package dev.vitrine.engine.operator;

import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.operator.property.ScalarFunction;
import java.util.Arrays;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;

/** The functions of element-wise operators, in double precision. */
public final class ScalarFunctions {
    /** ONNX's number for booleans. */
    private static final int BOOL = 9;

    private static final float SELU_ALPHA = 1.67326319217681884765625f;
    private static final float SELU_GAMMA = 1.05070102214813232421875f;

    private ScalarFunctions() {}

    static ScalarFunction of(DoubleUnaryOperator function) {
        return (attributes, x) -> function.applyAsDouble(x[0]);
    }

    static ScalarFunction of(DoubleBinaryOperator function) {
        return (attributes, x) -> function.applyAsDouble(x[0], x[1]);
    }

    static double leakyRelu(Attributes a, double[] x) {
        return x[0] > 0 ? x[0] : a.real("alpha", 0.01f) * x[0];
    }

    static double thresholdedRelu(Attributes a, double[] x) {
        return x[0] > a.real("alpha", 1f) ? x[0] : 0;
    }

    static double elu(Attributes a, double[] x) {
        return x[0] > 0 ? x[0] : a.real("alpha", 1f) * Math.expm1(x[0]);
    }

    static double selu(Attributes a, double[] x) {
        double alpha = a.real("alpha", SELU_ALPHA);
        return a.real("gamma", SELU_GAMMA) * (x[0] > 0 ? x[0] : alpha * Math.expm1(x[0]));
    }

    static double celu(Attributes a, double[] x) {
        double alpha = a.real("alpha", 1f);
        return Math.max(0, x[0]) + Math.min(0, alpha * Math.expm1(x[0] / alpha));
    }

    static double hardSigmoid(Attributes a, double[] x) {
        return Math.min(1, Math.max(0, a.real("alpha", 0.2f) * x[0] + a.real("beta", 0.5f)));
    }

    static double gelu(Attributes a, double[] x) {
        return a.text("approximate", "none").equals("tanh") ? tanhGelu(x[0]) : gelu(x[0]);
    }

    static double shrink(Attributes a, double[] x) {
        double bias = a.real("bias", 0f);
        double threshold = a.real("lambd", 0.5f);
        return x[0] < -threshold ? x[0] + bias : x[0] > threshold ? x[0] - bias : 0;
    }

    static double cast(Attributes a, double[] x) {
        return a.integer("to", 1) == BOOL ? truth(x[0] != 0) : x[0];
    }

    static double areaSine(double x) {
        return Math.signum(x) * Math.log(Math.abs(x) + Math.sqrt(x * x + 1));
    }

    static double areaCosine(double x) {
        return Math.log(x + Math.sqrt(x * x - 1));
    }

    static double areaTangent(double x) {
        return 0.5 * Math.log((1 + x) / (1 - x));
    }

    static double parametricRelu(double x, double slope) {
        return x > 0 ? x : slope * x;
    }

    static double clip(Attributes a, double[] x) {
        double low = x.length > 1 && !Double.isNaN(x[1]) ? x[1] : Double.NEGATIVE_INFINITY;
        double high = x.length > 2 && !Double.isNaN(x[2]) ? x[2] : Double.POSITIVE_INFINITY;
        return Math.min(Math.max(x[0], low), high);
    }

    static double sum(Attributes a, double[] x) {
        return Arrays.stream(x).sum();
    }

    static double mean(Attributes a, double[] x) {
        return Arrays.stream(x).sum() / x.length;
    }

    static double least(Attributes a, double[] x) {
        return Arrays.stream(x).min().orElseThrow();
    }

    static double greatest(Attributes a, double[] x) {
        return Arrays.stream(x).max().orElseThrow();
    }

    static double choice(Attributes a, double[] x) {
        return x[0] != 0 ? x[1] : x[2];
    }

    static double truth(boolean value) {
        return value ? 1 : 0;
    }

    public static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }

    public static double softplus(double x) {
        return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
    }

    public static double hardSwish(double x) {
        return x * Math.min(1, Math.max(0, x / 6 + 0.5));
    }

    public static double mish(double x) {
        return x * Math.tanh(softplus(x));
    }

    public static double gelu(double x) {
        return 0.5 * x * (1 + erf(x / Math.sqrt(2)));
    }

    public static double tanhGelu(double x) {
        return 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
    }

    /** erf(x) by its power series; beyond 4 it is 1 to within 2e-8. */
    public static double erf(double x) {
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
