package dev.vitrine.engine.oracle;

import dev.vitrine.engine.oracle.NDArray.Kind;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;

/** Operators that map each element by itself, with broadcasting. */
final class Elementwise {
    private Elementwise() {}

    private static NDArray map(NDArray x, DoubleUnaryOperator function) {
        double[] result = new double[x.size()];
        for (int i = 0; i < result.length; i++) {
            result[i] = function.applyAsDouble(x.data()[i]);
        }
        return new NDArray(result, x.shape(), x.kind());
    }

    static NDArray zip(NDArray a, NDArray b, Kind kind, DoubleBinaryOperator function) {
        long[] shape = NDArray.broadcast(a.shape(), b.shape());
        double[] left = a.expand(shape).data();
        double[] right = b.expand(shape).data();
        double[] result = new double[left.length];
        for (int i = 0; i < result.length; i++) {
            result[i] = function.applyAsDouble(left[i], right[i]);
        }
        return new NDArray(result, shape, kind);
    }

    private static NDArray arithmetic(Call call, DoubleBinaryOperator function) {
        return zip(call.in(0), call.in(1), Call.arithmetic(call.in(0), call.in(1)), function);
    }

    private interface Test {
        boolean of(double a, double b);
    }

    private static NDArray compare(Call call, Test test) {
        return zip(call.in(0), call.in(1), Kind.BOOLEAN, (a, b) -> test.of(a, b) ? 1 : 0);
    }

    private static NDArray fold(Call call, DoubleBinaryOperator function) {
        return call.all().stream()
                .reduce((a, b) -> zip(a, b, Call.arithmetic(a, b), function))
                .orElseThrow();
    }

    static NDArray relu(Call call) {
        return map(call.in(0), x -> Math.max(x, 0));
    }

    static NDArray leakyRelu(Call call) {
        double alpha = call.real("alpha", .01);
        return map(call.in(0), x -> x < 0 ? alpha * x : x);
    }

    static NDArray pRelu(Call call) {
        return zip(call.in(0), call.in(1), Kind.REAL, (x, slope) -> x < 0 ? slope * x : x);
    }

    static NDArray elu(Call call) {
        double alpha = call.real("alpha", 1);
        return map(call.in(0), x -> x < 0 ? alpha * Math.expm1(x) : x);
    }

    static NDArray selu(Call call) {
        double alpha = call.real("alpha", 1.67326319217681884765625);
        double gamma = call.real("gamma", 1.05070102214813232421875);
        return map(call.in(0), x -> x <= 0 ? gamma * alpha * Math.expm1(x) : gamma * x);
    }

    static NDArray celu(Call call) {
        double alpha = call.real("alpha", 1);
        return map(call.in(0), x -> Math.max(0, x) + Math.min(0, alpha * Math.expm1(x / alpha)));
    }

    static NDArray sigmoid(Call call) {
        return map(call.in(0), x -> 1 / (1 + Math.exp(-x)));
    }

    static NDArray hardSigmoid(Call call) {
        double alpha = call.real("alpha", .2);
        double beta = call.real("beta", .5);
        return map(call.in(0), x -> Math.max(0, Math.min(1, alpha * x + beta)));
    }

    static NDArray hardSwish(Call call) {
        return map(call.in(0), x -> x * Math.max(0, Math.min(1, x / 6 + .5)));
    }

    static NDArray tanh(Call call) {
        return map(call.in(0), Math::tanh);
    }

    private static double softplus(double x) {
        return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
    }

    static NDArray softplus(Call call) {
        return map(call.in(0), Elementwise::softplus);
    }

    static NDArray softsign(Call call) {
        return map(call.in(0), x -> x / (1 + Math.abs(x)));
    }

    static NDArray gelu(Call call) {
        if (call.text("approximate", "none").equals("tanh")) {
            return map(call.in(0), x -> .5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + .044715 * x * x * x))));
        }
        return map(call.in(0), x -> .5 * x * (1 + erf(x / Math.sqrt(2))));
    }

    static NDArray mish(Call call) {
        return map(call.in(0), x -> x * Math.tanh(softplus(x)));
    }

    /** {@code erf x = 2/√π · exp(-x²) · Σ 2ⁿ x²ⁿ⁺¹ / (2n+1)!!}; all terms have one sign, so nothing cancels. */
    static double erf(double x) {
        if (Math.abs(x) > 6) {
            return Math.signum(x);
        }
        double term = x;
        double sum = x;
        for (int n = 1; Math.abs(term) > 1e-18 * Math.abs(sum); n++) {
            term *= 2 * x * x / (2 * n + 1);
            sum += term;
        }
        return 2 / Math.sqrt(Math.PI) * Math.exp(-x * x) * sum;
    }

    static NDArray erf(Call call) {
        return map(call.in(0), Elementwise::erf);
    }

    static NDArray clip(Call call) {
        double low = call.scalar(1, Double.NEGATIVE_INFINITY);
        double high = call.scalar(2, Double.POSITIVE_INFINITY);
        return map(call.in(0), x -> Math.min(high, Math.max(low, x)));
    }

    static NDArray thresholdedRelu(Call call) {
        double alpha = call.real("alpha", 1);
        return map(call.in(0), x -> x > alpha ? x : 0);
    }

    static NDArray shrink(Call call) {
        double lambda = call.real("lambd", .5);
        double bias = call.real("bias", 0);
        return map(call.in(0), x -> x < -lambda ? x + bias : x > lambda ? x - bias : 0);
    }

    static NDArray sqrt(Call call) {
        return map(call.in(0), Math::sqrt);
    }

    static NDArray exp(Call call) {
        return map(call.in(0), Math::exp);
    }

    static NDArray log(Call call) {
        return map(call.in(0), Math::log);
    }

    static NDArray neg(Call call) {
        return map(call.in(0), x -> -x);
    }

    static NDArray abs(Call call) {
        return map(call.in(0), Math::abs);
    }

    static NDArray reciprocal(Call call) {
        return map(call.in(0), x -> 1 / x);
    }

    static NDArray sign(Call call) {
        return map(call.in(0), Math::signum);
    }

    static NDArray floor(Call call) {
        return map(call.in(0), Math::floor);
    }

    static NDArray ceil(Call call) {
        return map(call.in(0), Math::ceil);
    }

    static NDArray round(Call call) {
        return map(call.in(0), Math::rint);
    }

    static NDArray sin(Call call) {
        return map(call.in(0), Math::sin);
    }

    static NDArray cos(Call call) {
        return map(call.in(0), Math::cos);
    }

    static NDArray tan(Call call) {
        return map(call.in(0), Math::tan);
    }

    static NDArray asin(Call call) {
        return map(call.in(0), Math::asin);
    }

    static NDArray acos(Call call) {
        return map(call.in(0), Math::acos);
    }

    static NDArray sinh(Call call) {
        return map(call.in(0), Math::sinh);
    }

    static NDArray cosh(Call call) {
        return map(call.in(0), Math::cosh);
    }

    static NDArray asinh(Call call) {
        return map(call.in(0), x -> Math.signum(x) * Math.log(Math.abs(x) + Math.sqrt(x * x + 1)));
    }

    static NDArray acosh(Call call) {
        return map(call.in(0), x -> Math.log(x + Math.sqrt(x * x - 1)));
    }

    static NDArray atanh(Call call) {
        return map(call.in(0), x -> Math.log((1 + x) / (1 - x)) / 2);
    }

    static NDArray atan(Call call) {
        return map(call.in(0), Math::atan);
    }

    static NDArray not(Call call) {
        return map(call.in(0), x -> x == 0 ? 1 : 0);
    }

    static NDArray isNaN(Call call) {
        return map(call.in(0), x -> Double.isNaN(x) ? 1 : 0).withKind(Kind.BOOLEAN);
    }

    static NDArray cast(Call call) {
        // TensorProto.DataType: 1, 10, 11 and 16 are floating, 9 is bool
        return switch ((int) call.integer("to", 1)) {
            case 1, 10, 11, 16 -> call.in(0).withKind(Kind.REAL);
            case 9 -> map(call.in(0), x -> x == 0 ? 0 : 1).withKind(Kind.BOOLEAN);
            case 2, 3, 4, 5, 6, 7, 12, 13 ->
                map(call.in(0), x -> x < 0 ? Math.ceil(x) : Math.floor(x)).withKind(Kind.INTEGER);
            default -> throw call.error("no such element type: " + call.integer("to", 1));
        };
    }

    static NDArray identity(Call call) {
        return call.in(0);
    }

    static List<NDArray> dropout(Call call) {
        if (call.scalar(2, 0) != 0 && call.scalar(1, .5) != 0) {
            throw call.error("training mode is random");
        }
        double[] kept = new double[call.in(0).size()];
        Arrays.fill(kept, 1);
        return List.of(call.in(0), new NDArray(kept, call.in(0).shape(), Kind.BOOLEAN));
    }

    static NDArray add(Call call) {
        return arithmetic(call, Double::sum);
    }

    static NDArray sub(Call call) {
        return arithmetic(call, (a, b) -> a - b);
    }

    static NDArray mul(Call call) {
        return arithmetic(call, (a, b) -> a * b);
    }

    static NDArray div(Call call) {
        boolean integers = Call.arithmetic(call.in(0), call.in(1)) == Kind.INTEGER;
        return arithmetic(call, integers ? (a, b) -> (double) ((long) a / (long) b) : (a, b) -> a / b);
    }

    static NDArray mod(Call call) {
        return arithmetic(call, call.flag("fmod", 0) ? (a, b) -> a % b : (a, b) -> a - b * Math.floor(a / b));
    }

    static NDArray pow(Call call) {
        return zip(call.in(0), call.in(1), call.in(0).kind(), Math::pow);
    }

    static NDArray min(Call call) {
        return fold(call, Math::min);
    }

    static NDArray max(Call call) {
        return fold(call, Math::max);
    }

    static NDArray sum(Call call) {
        return fold(call, Double::sum);
    }

    static NDArray mean(Call call) {
        int count = call.all().size();
        return map(sum(call), x -> x / count);
    }

    static NDArray equal(Call call) {
        return compare(call, (a, b) -> a == b);
    }

    static NDArray greater(Call call) {
        return compare(call, (a, b) -> a > b);
    }

    static NDArray greaterOrEqual(Call call) {
        return compare(call, (a, b) -> a >= b);
    }

    static NDArray less(Call call) {
        return compare(call, (a, b) -> a < b);
    }

    static NDArray lessOrEqual(Call call) {
        return compare(call, (a, b) -> a <= b);
    }

    static NDArray and(Call call) {
        return compare(call, (a, b) -> a != 0 && b != 0);
    }

    static NDArray or(Call call) {
        return compare(call, (a, b) -> a != 0 || b != 0);
    }

    static NDArray xor(Call call) {
        return compare(call, (a, b) -> a != b);
    }

    static NDArray where(Call call) {
        NDArray yes = call.in(1);
        NDArray no = call.in(2);
        long[] shape = NDArray.broadcast(call.in(0).shape(), NDArray.broadcast(yes.shape(), no.shape()));
        double[] condition = call.in(0).expand(shape).data();
        double[] left = yes.expand(shape).data();
        double[] right = no.expand(shape).data();
        double[] result = new double[condition.length];
        for (int i = 0; i < result.length; i++) {
            result[i] = condition[i] != 0 ? left[i] : right[i];
        }
        return new NDArray(result, shape, yes.kind());
    }
}
