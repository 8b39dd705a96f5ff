package dev.vitrine.engine.operator;

import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

/** Gradients of pooling. */
final class PoolingRules {
    private PoolingRules() {}

    /** Each position of a window gets dy divided by the number of positions averaged. */
    static InputGradients averagePool(Node node, List<Value> gradients, BackwardContext c) {
        Value x = node.input(0);
        Window window = Window.of(node, x, node.attributes().integers("kernel_shape"), c);
        Value share = c.multiply(gradients.get(0), c.builder().constant(shares(node, window, c)));
        return InputGradients.of(spread(share, x, node.output(), window, c));
    }

    /** Of y = (Σ|x|ᵖ)^(1/p): dx = sign(x) |x|ᵖ⁻¹ Σ over windows of dy · y^(1−p), and 0 where y = 0. */
    static InputGradients lpPool(Node node, List<Value> gradients, BackwardContext c) {
        Value x = node.input(0);
        Value y = node.output();
        long p = node.attributes().integer("p", 2);
        Window window = Window.of(node, x, node.attributes().integers("kernel_shape"), c);
        Value positive = c.node("Greater", y, c.zero());
        Value safe = c.where(positive, y, c.scalar(1));
        Value weight = c.where(
                positive, c.multiply(gradients.get(0), c.node("Pow", safe, c.scalar((double) (1 - p)))), c.zero());
        Value spread = spread(weight, x, y, window, c);
        Value slope = c.multiply(c.node("Sign", x), c.node("Pow", c.node("Abs", x), c.scalar((double) (p - 1))));
        return InputGradients.of(c.multiply(slope, spread));
    }

    static InputGradients globalAveragePool(Node node, List<Value> gradients, BackwardContext c) {
        Value x = node.input(0);
        if (Blocks.fits(c.type(x))) {
            int channels = (int) c.size(x, 1);
            float part = 1f / (c.size(x, 2) * c.size(x, 3));
            Value share = Blocks.depthwise(gradients.get(0), channels, new float[][] {{part}}, c);
            return InputGradients.of(Blocks.spread(share, x, c));
        }
        Value share = c.divide(gradients.get(0), c.ratio(x, node.output()));
        return InputGradients.of(c.rank(x) == 4 ? Blocks.spread(share, x, c) : c.expandLike(share, x));
    }

    /** dy goes to the first maximum of each channel. */
    static InputGradients globalMaxPool(Node node, List<Value> gradients, BackwardContext c) {
        Value x = node.input(0);
        Value flat = c.node("Reshape", x, c.builder().vector(0, 0, -1));
        Value first = c.node("ArgMax", Attributes.NONE.with("axis", 2).with("keepdims", 1), flat);
        Value zeros = c.node(
                "ConstantOfShape",
                Attributes.NONE.with("value", Tensor.floats(new float[] {0}, 1)),
                c.node("Shape", flat));
        Value gradient = c.node("Reshape", gradients.get(0), c.builder().vector(0, 0, 1));
        Value scattered = c.node("ScatterElements", Attributes.NONE.with("axis", 2), zeros, first, gradient);
        return InputGradients.of(c.reshapeLike(scattered, x));
    }

    /** One over the number of positions that each window averages, {@code f32[1, 1, out…]}. */
    private static Tensor shares(Node node, Window window, BackwardContext c) {
        long[] in = ConvolutionRules.spatial(node.input(0), window, c);
        long[] out = ConvolutionRules.spatial(node.output(), window, c);
        boolean countPads = node.attributes().integer("count_include_pad", 0) == 1;
        int axes = window.axes();
        float[] result = new float[(int) LongStream.of(out).reduce(1, (a, b) -> a * b)];
        Arrays.fill(result, 1);
        int inner = result.length;
        int outer = 1;
        for (int axis = 0; axis < axes; axis++) {
            inner /= (int) out[axis];
            for (int o = 0; o < out[axis]; o++) {
                long count = 0;
                for (long k = 0; k < window.kernel()[axis]; k++) {
                    long place = o * window.strides()[axis] - window.padsBegin()[axis] + k * window.dilations()[axis];
                    long low = countPads ? -window.padsBegin()[axis] : 0;
                    long high = countPads ? in[axis] + window.padsEnd()[axis] : in[axis];
                    count += place >= low && place < high ? 1 : 0;
                }
                for (int a = 0; a < outer; a++) {
                    for (int b = 0; b < inner; b++) {
                        result[(a * (int) out[axis] + o) * inner + b] /= count;
                    }
                }
            }
            outer *= (int) out[axis];
        }
        long[] shape =
                LongStream.concat(LongStream.of(1, 1), LongStream.of(out)).toArray();
        return Tensor.floats(result, shape);
    }

    /** Every position of a window gets the window's value, summed over windows: a transposed convolution with ones. */
    private static Value spread(Value value, Value x, Value y, Window window, BackwardContext c) {
        long[] in = ConvolutionRules.spatial(x, window, c);
        long[] out = ConvolutionRules.spatial(y, window, c);
        float[] ones = new float[(int) LongStream.of(window.kernel()).reduce(1, (a, b) -> a * b)];
        Arrays.fill(ones, 1);
        long[] kernelShape = LongStream.concat(LongStream.of(1, 1), LongStream.of(window.kernel()))
                .toArray();
        Value kernel = c.builder().constant(Tensor.floats(ones, kernelShape));
        Value single = c.reshape(
                value,
                LongStream.concat(LongStream.of(-1, 1), LongStream.of(out)).toArray());
        Value result = c.node("ConvTranspose", window.transposed(in, out, 1), single, kernel);
        return c.reshapeLike(result, x);
    }
}
