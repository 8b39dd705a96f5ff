package dev.vitrine.engine.operator;

import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Dimension;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.tensor.Tensor;
import java.nio.FloatBuffer;
import java.util.OptionalDouble;
import java.util.stream.LongStream;

/** The weight of each input position in each output position of a Resize along one axis (ONNX operator Resize, 19). */
final class ResizeWeights {
    private ResizeWeights() {}

    /** Whether the node leaves an axis unchanged. */
    static boolean keeps(Node node, int axis, BackwardContext c) {
        Dimension in = c.type(node.input(0)).dimension(axis);
        Dimension out = c.type(node.output()).dimension(axis);
        if (!in.isFixed() || !out.isFixed()) {
            return in.matches(out) || statedScale(node, axis, c).orElse(0) == 1;
        }
        return in.size() == out.size() && scale(node, axis, (int) in.size(), (int) out.size(), c) == 1;
    }

    /** {@code [out][in]}. */
    static float[][] of(Node node, int axis, BackwardContext c) {
        int in = (int) c.size(node.input(0), axis);
        int out = (int) c.size(node.output(), axis);
        Attributes attributes = node.attributes();
        if (attributes.has("antialias") && attributes.integer("antialias", 0) == 1) {
            throw c.unsupported("antialias=1", "antialias=0", "Resize without antialiasing");
        }
        float scale = scale(node, axis, in, out, c);
        String mode = attributes.text("mode", "nearest");
        float[][] weights = new float[out][in];
        for (int o = 0; o < out; o++) {
            float place = place(attributes, o, in, out, scale, c);
            switch (mode) {
                case "nearest" -> weights[o][nearest(attributes, place, in, c)] += 1;
                case "linear" -> linear(weights[o], Math.max(0, Math.min(in - 1, place)));
                case "cubic" -> cubic(weights[o], place, attributes);
                default -> throw c.unsupported("mode=" + mode, "nearest, linear or cubic", "Resize in another mode");
            }
        }
        return weights;
    }

    private static float scale(Node node, int axis, int in, int out, BackwardContext c) {
        OptionalDouble stated = statedScale(node, axis, c);
        return stated.isPresent() ? (float) stated.getAsDouble() : (float) out / in;
    }

    private static OptionalDouble statedScale(Node node, int axis, BackwardContext c) {
        Attributes attributes = node.attributes();
        if (!attributes.text("keep_aspect_ratio_policy", "stretch").equals("stretch")) {
            throw c.unsupported(
                    "keep_aspect_ratio_policy=" + attributes.text("keep_aspect_ratio_policy", ""),
                    "stretch",
                    "Resize to fixed sizes");
        }
        int rank = c.rank(node.input(0));
        long[] axes = attributes.integers("axes", LongStream.range(0, rank).toArray());
        FloatBuffer scales = node.input(2).isPresent()
                ? c.constant(node.input(2)).map(Tensor::floats).orElse(FloatBuffer.allocate(0))
                : FloatBuffer.allocate(0);
        for (int i = 0; i < scales.remaining(); i++) {
            if (Math.floorMod(axes[i], (long) rank) == axis) {
                return OptionalDouble.of(scales.get(i));
            }
        }
        boolean named = LongStream.of(axes).anyMatch(each -> Math.floorMod(each, (long) rank) == axis);
        return named ? OptionalDouble.empty() : OptionalDouble.of(1);
    }

    /** In single precision, as in the runtime: 17 / 1.7f is 10 there, but 9.9999997 in double precision. */
    private static float place(Attributes attributes, int o, int in, int out, float scale, BackwardContext c) {
        String mode = attributes.text("coordinate_transformation_mode", "half_pixel");
        return switch (mode) {
            case "half_pixel" -> (o + 0.5f) / scale - 0.5f;
            case "pytorch_half_pixel" -> out > 1 ? (o + 0.5f) / scale - 0.5f : 0;
            case "asymmetric" -> o / scale;
            case "align_corners" -> out == 1 ? 0 : o * (in - 1f) / (out - 1);
            case "half_pixel_symmetric" -> {
                float adjustment = out / (scale * in);
                yield in / 2f * (1 - adjustment) + (o + 0.5f) / scale - 0.5f;
            }
            default ->
                throw c.unsupported(
                        "coordinate_transformation_mode=" + mode,
                        "half_pixel, pytorch_half_pixel, asymmetric, align_corners or half_pixel_symmetric",
                        "Resize in another mode");
        };
    }

    private static int nearest(Attributes attributes, double place, int in, BackwardContext c) {
        String rounding = attributes.text("nearest_mode", "round_prefer_floor");
        double rounded = switch (rounding) {
            case "round_prefer_floor" -> Math.ceil(place - 0.5);
            case "round_prefer_ceil" -> Math.floor(place + 0.5);
            case "floor" -> Math.floor(place);
            case "ceil" -> Math.ceil(place);
            default ->
                throw c.unsupported(
                        "nearest_mode=" + rounding,
                        "round_prefer_floor, round_prefer_ceil, floor or ceil",
                        "Resize in another mode");
        };
        return (int) Math.max(0, Math.min(in - 1, rounded));
    }

    private static void linear(float[] row, double place) {
        int left = (int) Math.floor(place);
        int right = Math.min(left + 1, row.length - 1);
        row[left] += (float) (1 - (place - left));
        row[right] += (float) (place - left);
    }

    /**
     * Keys 1981, with coefficient a; positions outside repeat the border, or are left out with {@code exclude_outside}.
     */
    private static void cubic(float[] row, double place, Attributes attributes) {
        double a = attributes.real("cubic_coeff_a", -0.75f);
        boolean exclude = attributes.integer("exclude_outside", 0) == 1;
        int left = (int) Math.floor(place);
        double t = place - left;
        double total = 0;
        double[] weights = new double[4];
        for (int i = 0; i < 4; i++) {
            double distance = Math.abs(t - (i - 1));
            weights[i] = distance <= 1
                    ? ((a + 2) * distance - (a + 3)) * distance * distance + 1
                    : ((a * distance - 5 * a) * distance + 8 * a) * distance - 4 * a;
            int source = left + i - 1;
            if (exclude && (source < 0 || source >= row.length)) {
                weights[i] = 0;
            }
            total += weights[i];
        }
        for (int i = 0; i < 4; i++) {
            int source = Math.max(0, Math.min(row.length - 1, left + i - 1));
            row[source] += (float) (exclude ? weights[i] / total : weights[i]);
        }
    }
}
