package dev.vitrine.engine.oracle;

import java.util.Arrays;
import java.util.List;

/** Normalizations and the softmax family. */
final class Normalizations {
    private Normalizations() {}

    /** {@code y = (x - mean) / √(variance + epsilon)} over each run of {@code length} neighbors. */
    private static NDArray standardize(NDArray x, int length, double epsilon, double[] means, double[] inverses) {
        double[] y = new double[x.size()];
        for (int run = 0; run < x.size() / length; run++) {
            int from = run * length;
            double mean = 0;
            for (int i = from; i < from + length; i++) {
                mean += x.data()[i] / length;
            }
            double variance = 0;
            for (int i = from; i < from + length; i++) {
                variance += (x.data()[i] - mean) * (x.data()[i] - mean) / length;
            }
            means[run] = mean;
            inverses[run] = 1 / Math.sqrt(variance + epsilon);
            for (int i = from; i < from + length; i++) {
                y[i] = (x.data()[i] - mean) * inverses[run];
            }
        }
        return new NDArray(y, x.shape());
    }

    private static NDArray standardize(NDArray x, int length, double epsilon) {
        return standardize(x, length, epsilon, new double[x.size() / length], new double[x.size() / length]);
    }

    /** {@code y[n, c, ...] = x · scale[c] + bias[c]}. */
    private static NDArray affine(NDArray x, double[] scale, double[] bias) {
        int plane = x.size() / x.dimension(0) / x.dimension(1);
        double[] y = new double[x.size()];
        for (int i = 0; i < y.length; i++) {
            int channel = i / plane % x.dimension(1);
            y[i] = x.data()[i] * scale[channel] + bias[channel];
        }
        return new NDArray(y, x.shape());
    }

    static List<NDArray> batch(Call call) {
        NDArray x = call.in(0);
        double epsilon = call.real("epsilon", 1e-5);
        double[] mean = call.in(3).data();
        double[] variance = call.in(4).data();
        int channels = mean.length;
        boolean training = call.flag("training_mode", 0);
        if (training) {
            mean = new double[channels];
            variance = new double[channels];
            int plane = x.size() / x.dimension(0) / channels;
            int count = x.size() / channels;
            for (int i = 0; i < x.size(); i++) {
                mean[i / plane % channels] += x.data()[i] / count;
            }
            for (int i = 0; i < x.size(); i++) {
                int channel = i / plane % channels;
                variance[channel] += Math.pow(x.data()[i] - mean[channel], 2) / count;
            }
        }
        double[] scale = new double[channels];
        double[] bias = new double[channels];
        for (int c = 0; c < channels; c++) {
            scale[c] = call.in(1).data()[c] / Math.sqrt(variance[c] + epsilon);
            bias[c] = call.in(2).data()[c] - mean[c] * scale[c];
        }
        NDArray y = affine(x, scale, bias);
        if (!training) {
            return List.of(y);
        }
        double momentum = call.real("momentum", .9);
        return List.of(y, running(call.in(3), mean, momentum), running(call.in(4), variance, momentum));
    }

    private static NDArray running(NDArray old, double[] current, double momentum) {
        double[] mixed = new double[current.length];
        Arrays.setAll(mixed, c -> old.data()[c] * momentum + current[c] * (1 - momentum));
        return new NDArray(mixed, old.shape());
    }

    static NDArray instance(Call call) {
        NDArray x = call.in(0);
        int plane = x.size() / x.dimension(0) / x.dimension(1);
        NDArray standard = standardize(x, plane, call.real("epsilon", 1e-5));
        return affine(standard, call.in(1).data(), call.in(2).data());
    }

    static NDArray group(Call call) {
        NDArray x = call.in(0);
        int length = x.size() / x.dimension(0) / (int) call.integer("num_groups", 1);
        NDArray standard = standardize(x, length, call.real("epsilon", 1e-5));
        return affine(standard, call.in(1).data(), call.in(2).data());
    }

    static List<NDArray> layer(Call call) {
        NDArray x = call.in(0);
        int axis = call.axis(-1, x.rank());
        int length = NDArray.count(Arrays.copyOfRange(x.shape(), axis, x.rank()));
        double[] means = new double[x.size() / length];
        double[] inverses = new double[x.size() / length];
        NDArray standard = standardize(x, length, call.real("epsilon", 1e-5), means, inverses);
        double[] y = standard.data();
        double[] scale = call.in(1).expand(x.shape()).data();
        double[] bias = call.has(2) ? call.in(2).expand(x.shape()).data() : new double[y.length];
        for (int i = 0; i < y.length; i++) {
            y[i] = y[i] * scale[i] + bias[i];
        }
        long[] statistics = x.shape().clone();
        Arrays.fill(statistics, axis, x.rank(), 1);
        return List.of(standard, new NDArray(means, statistics), new NDArray(inverses, statistics));
    }

    static NDArray meanVariance(Call call) {
        NDArray x = call.in(0);
        if (!Arrays.equals(call.integers("axes", 0, 2, 3), new long[] {0, 2, 3}) || x.rank() != 4) {
            throw call.error("axes other than 0, 2, 3");
        }
        NDArray channelsFirst = x.transpose(1, 0, 2, 3);
        return standardize(channelsFirst, x.size() / x.dimension(1), 1e-9).transpose(1, 0, 2, 3);
    }

    /** {@code y = x / (bias + alpha/size · Σ x²)^beta} over {@code size} neighboring channels. */
    static NDArray localResponse(Call call) {
        NDArray x = call.in(0);
        int size = (int) call.integer("size", 1);
        double alpha = call.real("alpha", 1e-4);
        double beta = call.real("beta", .75);
        double bias = call.real("bias", 1);
        int channels = x.dimension(1);
        int plane = x.size() / x.dimension(0) / channels;
        double[] y = new double[x.size()];
        for (int i = 0; i < y.length; i++) {
            int channel = i / plane % channels;
            int first = Math.max(0, channel - (size - 1) / 2);
            int last = Math.min(channels - 1, channel + size / 2);
            double sum = 0;
            for (int c = first; c <= last; c++) {
                double value = x.data()[i + (c - channel) * plane];
                sum += value * value;
            }
            y[i] = x.data()[i] / Math.pow(bias + alpha / size * sum, beta);
        }
        return new NDArray(y, x.shape());
    }

    /** What one line of elements along an axis becomes. */
    private interface Line {
        void apply(double[] line);
    }

    private static NDArray along(NDArray x, int axis, Line function) {
        int length = x.dimension(axis);
        int stride = (int) x.strides()[axis];
        double[] y = x.data().clone();
        double[] line = new double[length];
        for (int start = 0; start < y.length; start++) {
            if (start / stride % length == 0) {
                for (int i = 0; i < length; i++) {
                    line[i] = y[start + i * stride];
                }
                function.apply(line);
                for (int i = 0; i < length; i++) {
                    y[start + i * stride] = line[i];
                }
            }
        }
        return new NDArray(y, x.shape());
    }

    static NDArray lp(Call call) {
        long p = call.integer("p", 2);
        return along(call.in(0), call.axis(-1, call.in(0).rank()), line -> {
            double sum = 0;
            for (double value : line) {
                sum += Math.pow(Math.abs(value), p);
            }
            double norm = Math.pow(sum, 1.0 / p);
            for (int i = 0; i < line.length; i++) {
                line[i] = norm == 0 ? 0 : line[i] / norm;
            }
        });
    }

    private static double logSumExp(double[] line) {
        double max = Arrays.stream(line).max().orElseThrow();
        return max
                + Math.log(
                        Arrays.stream(line).map(value -> Math.exp(value - max)).sum());
    }

    static NDArray softmax(Call call) {
        return along(call.in(0), call.axis(-1, call.in(0).rank()), line -> {
            double total = logSumExp(line);
            Arrays.setAll(line, i -> Math.exp(line[i] - total));
        });
    }

    static NDArray logSoftmax(Call call) {
        return along(call.in(0), call.axis(-1, call.in(0).rank()), line -> {
            double total = logSumExp(line);
            Arrays.setAll(line, i -> line[i] - total);
        });
    }
}
