package dev.vitrine.engine.oracle;

import java.util.Arrays;
import java.util.stream.LongStream;

/** Resize: along each axis, every output element is a weighted sum of input elements. */
final class Resizing {
    private Resizing() {}

    static NDArray resize(Call call) {
        NDArray x = call.in(0);
        long[] axes = call.integers("axes", LongStream.range(0, x.rank()).toArray());
        if (call.flag("antialias", 0)
                || !call.text("keep_aspect_ratio_policy", "stretch").equals("stretch")) {
            throw call.error("antialias and keep_aspect_ratio_policy are not there");
        }
        boolean bySize = call.has(3);
        double[] wanted = call.in(bySize ? 3 : 2).data();
        NDArray result = x;
        for (int i = 0; i < axes.length; i++) {
            int axis = (int) Math.floorMod(axes[i], (long) x.rank());
            int in = x.dimension(axis);
            int out = (int) Math.floor(bySize ? wanted[i] : in * wanted[i]);
            double scale = bySize ? wanted[i] / in : wanted[i];
            if (scale != 1) {
                result = along(result, axis, weights(call, in, out, scale));
            }
        }
        return result;
    }

    private static NDArray along(NDArray x, int axis, double[][] weights) {
        int in = x.dimension(axis);
        int out = weights.length;
        int inner = (int) x.strides()[axis];
        long[] shape = x.shape().clone();
        shape[axis] = out;
        double[] y = new double[NDArray.count(shape)];
        for (int outer = 0; outer < x.size() / (in * inner); outer++) {
            for (int o = 0; o < out; o++) {
                for (int i = 0; i < in; i++) {
                    double weight = weights[o][i];
                    for (int j = 0; weight != 0 && j < inner; j++) {
                        y[(outer * out + o) * inner + j] += weight * x.data()[(outer * in + i) * inner + j];
                    }
                }
            }
        }
        return new NDArray(y, shape, x.kind());
    }

    private static double[][] weights(Call call, int in, int out, double scale) {
        double[][] weights = new double[out][in];
        for (int o = 0; o < out; o++) {
            double position = position(call, o, in, out, scale);
            switch (call.text("mode", "nearest")) {
                case "nearest" -> {
                    int nearest = nearest(call.text("nearest_mode", "round_prefer_floor"), position);
                    weights[o][Math.max(0, Math.min(in - 1, nearest))] = 1;
                }
                case "linear" -> {
                    double inside = Math.max(0, Math.min(in - 1, position));
                    int left = (int) Math.floor(inside);
                    weights[o][left] += 1 - (inside - left);
                    weights[o][Math.min(in - 1, left + 1)] += inside - left;
                }
                case "cubic" -> cubic(call, weights[o], position);
                default -> throw call.error("no such mode");
            }
        }
        return weights;
    }

    private static double position(Call call, int o, int in, int out, double scale) {
        return switch (call.text("coordinate_transformation_mode", "half_pixel")) {
            case "half_pixel" -> (o + .5) / scale - .5;
            case "pytorch_half_pixel" -> out > 1 ? (o + .5) / scale - .5 : 0;
            case "align_corners" -> out > 1 ? (double) o * (in - 1) / (out - 1) : 0;
            case "asymmetric" -> o / scale;
            case "half_pixel_symmetric" -> in / 2.0 * (1 - out / (scale * in)) + (o + .5) / scale - .5;
            default -> throw call.error("no such coordinate_transformation_mode");
        };
    }

    private static int nearest(String mode, double position) {
        return (int)
                switch (mode) {
                    case "round_prefer_floor" -> Math.ceil(position - .5);
                    case "round_prefer_ceil" -> Math.floor(position + .5);
                    case "floor" -> Math.floor(position);
                    case "ceil" -> Math.ceil(position);
                    default -> throw new IllegalArgumentException("no such nearest_mode: " + mode);
                };
    }

    private static void cubic(Call call, double[] weights, double position) {
        double a = call.real("cubic_coeff_a", -.75);
        boolean excludeOutside = call.flag("exclude_outside", 0);
        int left = (int) Math.floor(position);
        for (int tap = left - 1; tap <= left + 2; tap++) {
            if (!excludeOutside || tap >= 0 && tap < weights.length) {
                weights[Math.max(0, Math.min(weights.length - 1, tap))] += keys(Math.abs(position - tap), a);
            }
        }
        double sum = Arrays.stream(weights).sum();
        Arrays.setAll(weights, i -> weights[i] / sum);
    }

    /** Keys' cubic convolution kernel at a distance. */
    private static double keys(double t, double a) {
        if (t <= 1) {
            return ((a + 2) * t - (a + 3)) * t * t + 1;
        }
        return t < 2 ? a * (((t - 5) * t + 8) * t - 4) : 0;
    }
}
