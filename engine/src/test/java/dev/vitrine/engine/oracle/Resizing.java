package dev.vitrine.engine.oracle;

import java.util.Arrays;
import java.util.stream.LongStream;

/** Resize and GridSample: every output element is a weighted sum of input elements. */
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

    static NDArray gridSample(Call call) {
        NDArray x = call.in(0);
        NDArray grid = call.in(1);
        if (x.rank() != 4) {
            throw call.error("only pictures");
        }
        int height = x.dimension(2);
        int width = x.dimension(3);
        int places = grid.dimension(1) * grid.dimension(2);
        double[] y = new double[x.dimension(0) * x.dimension(1) * places];
        for (int i = 0; i < y.length; i++) {
            int plane = i / places;
            int at = 2 * (plane / x.dimension(1) * places + i % places);
            double column = sampled(call, grid.data()[at], width);
            double row = sampled(call, grid.data()[at + 1], height);
            for (int v = (int) Math.floor(row) - 1; v <= Math.floor(row) + 2; v++) {
                for (int u = (int) Math.floor(column) - 1; u <= Math.floor(column) + 2; u++) {
                    int pixelRow = pixel(call, v, height);
                    int pixelColumn = pixel(call, u, width);
                    if (pixelRow >= 0 && pixelColumn >= 0) {
                        double weight = weight(call, row - v) * weight(call, column - u);
                        y[i] += weight * x.data()[(plane * height + pixelRow) * width + pixelColumn];
                    }
                }
            }
        }
        return new NDArray(y, x.dimension(0), x.dimension(1), grid.dimension(1), grid.dimension(2));
    }

    private static double weight(Call call, double distance) {
        double d = Math.abs(distance);
        return switch (call.text("mode", "linear")) {
            case "nearest" -> d == 0 ? 1 : 0;
            case "linear" -> Math.max(0, 1 - d);
            default -> {
                double a = -.75;
                yield d <= 1 ? ((a + 2) * d - (a + 3)) * d * d + 1 : d < 2 ? ((d - 5) * d + 8) * d * a - 4 * a : 0;
            }
        };
    }

    /** The pixel that stands at a whole place, or -1 for the zeros beyond the picture. */
    private static int pixel(Call call, int place, int size) {
        return switch (call.text("padding_mode", "zeros")) {
            case "border" -> Math.max(0, Math.min(size - 1, place));
            case "reflection" -> (int) Math.round(reflected(call, place, size));
            default -> place >= 0 && place < size ? place : -1;
        };
    }

    private static double reflected(Call call, double place, int size) {
        double low = call.flag("align_corners", 0) ? 0 : -.5;
        double high = call.flag("align_corners", 0) ? size - 1 : size - .5;
        double at = place;
        while (at < low || at > high) {
            at = at < low ? 2 * low - at : 2 * high - at;
        }
        return at;
    }

    private static double sampled(Call call, double coordinate, int size) {
        double place =
                call.flag("align_corners", 0) ? (coordinate + 1) / 2 * (size - 1) : ((coordinate + 1) * size - 1) / 2;
        if (call.text("mode", "linear").equals("nearest")) {
            return Math.rint(place);
        }
        return switch (call.text("padding_mode", "zeros")) {
            case "border" ->
                call.text("mode", "linear").equals("cubic") ? place : Math.max(0, Math.min(size - 1, place));
            case "reflection" -> reflected(call, place, size);
            default -> place;
        };
    }
}
