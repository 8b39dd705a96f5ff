package dev.vitrine.engine.oracle;

import dev.vitrine.engine.oracle.NDArray.Kind;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** Reductions over axes, and what else looks along an axis. */
final class Reductions {
    private Reductions() {}

    private static boolean keepsEverything(Call call) {
        return axes(call).length == 0 && call.flag("noop_with_empty_axes", 0);
    }

    private static long[] axes(Call call) {
        return call.has(1) ? call.in(1).toLongs() : call.integers("axes");
    }

    private static NDArray reduce(Call call, NDArray x, double start, DoubleBinaryOperator combine) {
        long[] axes = axes(call);
        if (axes.length == 0) {
            axes = LongStream.range(0, call.flag("noop_with_empty_axes", 0) ? 0 : x.rank())
                    .toArray();
        }
        long[] kept = x.shape().clone();
        long[] strides = new long[x.rank()];
        for (long axis : axes) {
            kept[(int) Math.floorMod(axis, (long) x.rank())] = 1;
        }
        long[] keptStrides = NDArray.strides(kept);
        for (int axis = 0; axis < kept.length; axis++) {
            strides[axis] = kept[axis] == 1 ? 0 : keptStrides[axis];
        }
        int[] targets = NDArray.walk(x.shape(), strides, 0);
        double[] y = new double[NDArray.count(kept)];
        Arrays.fill(y, start);
        for (int i = 0; i < targets.length; i++) {
            y[targets[i]] = combine.applyAsDouble(y[targets[i]], x.data()[i]);
        }
        return new NDArray(y, kept, x.kind());
    }

    private static NDArray drop(Call call, NDArray kept) {
        if (call.flag("keepdims", 1) || keepsEverything(call)) {
            return kept;
        }
        long[] axes = axes(call);
        int rank = kept.rank();
        long[] shape = IntStream.range(0, rank)
                .filter(axis -> axes.length > 0
                        && Arrays.stream(axes).noneMatch(dropped -> Math.floorMod(dropped, (long) rank) == axis))
                .mapToLong(axis -> kept.shape()[axis])
                .toArray();
        return kept.reshape(shape);
    }

    private static NDArray map(NDArray x, DoubleUnaryOperator function) {
        return new NDArray(Arrays.stream(x.data()).map(function).toArray(), x.shape(), x.kind());
    }

    static NDArray sum(Call call) {
        return drop(call, reduce(call, call.in(0), 0, Double::sum));
    }

    static NDArray mean(Call call) {
        NDArray sum = sum(call);
        double count = (double) call.in(0).size() / sum.size();
        return map(sum, value -> value / count);
    }

    static NDArray max(Call call) {
        return drop(call, reduce(call, call.in(0), Double.NEGATIVE_INFINITY, Math::max));
    }

    static NDArray min(Call call) {
        return drop(call, reduce(call, call.in(0), Double.POSITIVE_INFINITY, Math::min));
    }

    static NDArray prod(Call call) {
        return drop(call, reduce(call, call.in(0), 1, (a, b) -> a * b));
    }

    static NDArray l1(Call call) {
        return drop(call, reduce(call, call.in(0), 0, (a, b) -> a + Math.abs(b)));
    }

    static NDArray sumSquare(Call call) {
        return drop(call, reduce(call, call.in(0), 0, (a, b) -> a + b * b));
    }

    static NDArray l2(Call call) {
        return map(sumSquare(call), Math::sqrt);
    }

    static NDArray logSum(Call call) {
        return map(sum(call), Math::log);
    }

    static NDArray logSumExp(Call call) {
        NDArray x = call.in(0);
        NDArray max = reduce(call, x, Double.NEGATIVE_INFINITY, Math::max);
        NDArray shifted = Elementwise.zip(x, max, Kind.REAL, (a, b) -> Math.exp(a - b));
        NDArray sums = reduce(call, shifted, 0, Double::sum);
        return drop(call, Elementwise.zip(sums, max, Kind.REAL, (sum, b) -> Math.log(sum) + b));
    }

    /** {@code sign} is 1 for the largest and -1 for the smallest. */
    private static NDArray best(Call call, int sign) {
        NDArray x = call.in(0);
        int axis = call.axis(0, x.rank());
        boolean last = call.flag("select_last_index", 0);
        int length = x.dimension(axis);
        int stride = (int) x.strides()[axis];
        long[] shape = x.shape().clone();
        shape[axis] = 1;
        double[] y = new double[x.size() / length];
        int target = 0;
        for (int start = 0; start < x.size(); start++) {
            if (start / stride % length == 0) {
                int winner = 0;
                for (int i = 1; i < length; i++) {
                    double lead = sign * (x.data()[start + i * stride] - x.data()[start + winner * stride]);
                    if (lead > 0 || last && lead == 0) {
                        winner = i;
                    }
                }
                y[target++] = winner;
            }
        }
        if (!call.flag("keepdims", 1)) {
            shape = IntStream.range(0, shape.length)
                    .filter(other -> other != axis)
                    .mapToLong(other -> x.shape()[other])
                    .toArray();
        }
        return new NDArray(y, shape, Kind.INTEGER);
    }

    static NDArray argMax(Call call) {
        return best(call, 1);
    }

    static NDArray argMin(Call call) {
        return best(call, -1);
    }

    static NDArray cumSum(Call call) {
        NDArray x = call.in(0);
        int axis = (int) Math.floorMod((long) call.in(1).item(), (long) x.rank());
        int length = x.dimension(axis);
        int stride = (int) x.strides()[axis];
        boolean reverse = call.flag("reverse", 0);
        boolean exclusive = call.flag("exclusive", 0);
        double[] y = new double[x.size()];
        for (int start = 0; start < y.length; start++) {
            if (start / stride % length == 0) {
                double sum = 0;
                for (int step = 0; step < length; step++) {
                    int at = start + (reverse ? length - 1 - step : step) * stride;
                    y[at] = exclusive ? sum : sum + x.data()[at];
                    sum += x.data()[at];
                }
            }
        }
        return new NDArray(y, x.shape(), x.kind());
    }

    /** Of equal elements the first wins. */
    static List<NDArray> topK(Call call) {
        NDArray x = call.in(0);
        int axis = call.axis(-1, x.rank());
        int length = x.dimension(axis);
        int stride = (int) x.strides()[axis];
        int k = (int) call.in(1).item();
        double sign = call.flag("largest", 1) ? -1 : 1;
        long[] shape = x.shape().clone();
        shape[axis] = k;
        double[] top = new double[NDArray.count(shape)];
        double[] indices = new double[top.length];
        for (int start = 0; start < x.size(); start++) {
            if (start / stride % length == 0) {
                int from = start;
                int[] order = IntStream.range(0, length)
                        .boxed()
                        .sorted(Comparator.comparingDouble(i -> sign * x.data()[from + i * stride] + 0.0))
                        .mapToInt(Integer::intValue)
                        .toArray();
                int to = start / (stride * length) * stride * k + start % stride;
                for (int i = 0; i < k; i++) {
                    top[to + i * stride] = x.data()[start + order[i] * stride];
                    indices[to + i * stride] = order[i];
                }
            }
        }
        return List.of(new NDArray(top, shape, x.kind()), new NDArray(indices, shape, Kind.INTEGER));
    }
}
