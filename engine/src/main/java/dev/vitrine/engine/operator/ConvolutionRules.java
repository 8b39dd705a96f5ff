package dev.vitrine.engine.operator;

import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;

/** Gradients of Conv and ConvTranspose with any stride, dilation, padding and number of groups. */
final class ConvolutionRules {
    private ConvolutionRules() {}

    /** Of y = w * x + b: dx = wᵀ * dy, dw = correlation of x with dy, db = Σ dy over batch and positions. */
    static InputGradients conv(Node node, List<Value> gradients, BackwardContext c) {
        return conv(node, gradients, c, new WeightsBySamples(1));
    }

    /** {@link #conv(Node, List, BackwardContext)} with another form of the weight gradient where applicable. */
    static InputGradients conv(Node node, List<Value> gradients, BackwardContext c, WeightsBySamples bySamples) {
        Value x = node.input(0);
        Value gradient = gradients.get(0);
        long group = node.attributes().integer("group", 1);
        Window window = Window.of(node, x, kernel(node, c), c);
        Value dx = c.wants(0) ? toInput(gradient, node.input(1), x, node.output(), window, group, c) : Value.NONE;
        Value dw = c.wants(1)
                ? bySamples
                        .of(x, node.output(), gradient, window, group, c)
                        .orElseGet(() -> toWeights(gradient, x, node.output(), window, group, c))
                : Value.NONE;
        Value db = node.input(2).isPresent() && c.wants(2) ? toBias(gradient, node.output(), c) : Value.NONE;
        return InputGradients.of(dx, dw, db);
    }

    /** ConvTranspose is the adjoint of a convolution, so its own adjoint is that convolution. */
    static InputGradients convTranspose(Node node, List<Value> gradients, BackwardContext c) {
        Value x = node.input(0);
        Value gradient = gradients.get(0);
        long group = node.attributes().integer("group", 1);
        Window window = transposedWindow(node, c);
        Value dx = Value.NONE;
        if (c.wants(0)) {
            Attributes attributes = Attributes.NONE
                    .with("kernel_shape", window.kernel())
                    .with("strides", window.strides())
                    .with("dilations", window.dilations())
                    .with("group", group)
                    .with("pads", window.pads());
            dx = c.node("Conv", attributes, gradient, node.input(1));
        }
        Value dw = c.wants(1) ? new WeightGradient(node.output(), x, window, group, c).of(gradient, x) : Value.NONE;
        Value db = node.input(2).isPresent() && c.wants(2) ? toBias(gradient, node.output(), c) : Value.NONE;
        return InputGradients.of(dx, dw, db);
    }

    /** Of windows summed into a picture: each gets its own part of the picture's gradient. */
    static InputGradients col2Im(Node node, List<Value> gradients, BackwardContext c) {
        Value x = node.input(0);
        Optional<Tensor> image = c.constant(node.input(1));
        Optional<Tensor> block = c.constant(node.input(2));
        if (image.isEmpty() || block.isEmpty()) {
            throw c.unsupported("a computed size of picture or window", "constants", "Fold the graph's constants");
        }
        long[] size = image.get().toLongs();
        long[] kernel = block.get().toLongs();
        Window window = Window.of(node, node.output(), kernel, c);
        int places = (int) LongStream.of(kernel).reduce(1, (a, b) -> a * b);
        float[] taps = new float[places * places];
        for (int place = 0; place < places; place++) {
            taps[place * places + place] = 1;
        }
        long[] weightShape = LongStream.concat(LongStream.of(places, 1), LongStream.of(kernel))
                .toArray();
        long[] mapShape =
                LongStream.concat(LongStream.of(-1, 1), LongStream.of(size)).toArray();
        Attributes attributes = Attributes.NONE
                .with("kernel_shape", kernel)
                .with("strides", window.strides())
                .with("dilations", window.dilations())
                .with("pads", window.pads());
        Value weight = c.builder().constant(Tensor.floats(taps, weightShape));
        Value windows = c.node("Conv", attributes, c.reshape(gradients.get(0), mapShape), weight);
        return InputGradients.of(c.node("Reshape", windows, c.shapeOf(x)));
    }

    private static long[] kernel(Node node, BackwardContext c) {
        long[] weight = c.type(node.input(1)).shape();
        return Arrays.copyOfRange(weight, 2, weight.length);
    }

    /** The window of the convolution from a ConvTranspose's output back to its input. */
    private static Window transposedWindow(Node node, BackwardContext c) {
        long[] kernel = kernel(node, c);
        int axes = kernel.length;
        long[] ones = new long[axes];
        Arrays.fill(ones, 1);
        Attributes attributes = node.attributes();
        long[] strides = attributes.integers("strides", ones);
        long[] dilations = attributes.integers("dilations", ones);
        long[] begin = new long[axes];
        long[] end = new long[axes];
        String autoPad = attributes.text("auto_pad", "NOTSET");
        if (autoPad.equals("NOTSET") && !attributes.has("output_shape")) {
            long[] pads = attributes.integers("pads", new long[2 * axes]);
            System.arraycopy(pads, 0, begin, 0, axes);
            System.arraycopy(pads, axes, end, 0, axes);
        } else if (!autoPad.equals("VALID")) {
            long[] extra = attributes.integers("output_padding", new long[axes]);
            for (int i = 0; i < axes; i++) {
                long in = c.size(node.input(0), i + 2);
                long out = c.size(node.output(), i + 2);
                long total = strides[i] * (in - 1) + extra[i] + dilations[i] * (kernel[i] - 1) + 1 - out;
                long smaller = Math.max(0, total) / 2;
                begin[i] = autoPad.equals("SAME_UPPER") ? smaller : Math.max(0, total) - smaller;
                end[i] = Math.max(0, total) - begin[i];
            }
        }
        return new Window(kernel, strides, dilations, begin, end);
    }

    private static Value toInput(
            Value gradient, Value weight, Value x, Value y, Window window, long group, BackwardContext c) {
        Optional<Tensor> constant = c.constant(weight);
        if (constant.isPresent() && group == 1) {
            Optional<Value> spared = sparing(gradient, constant.get(), x, y, window, c);
            if (spared.isPresent()) {
                return spared.get();
            }
        }
        if (constant.isPresent() && window.isUnitStride() && fitsInsideKernel(window)) {
            Value flipped = c.builder().constant(weight.name() + ".adjoint", Kernels.adjoint(constant.get(), group));
            long[] begin = reach(window, window.padsBegin());
            long[] end = reach(window, window.padsEnd());
            Attributes attributes = Attributes.NONE
                    .with("kernel_shape", window.kernel())
                    .with("strides", window.strides())
                    .with("dilations", window.dilations())
                    .with("group", group)
                    .with(
                            "pads",
                            LongStream.concat(LongStream.of(begin), LongStream.of(end))
                                    .toArray());
            return c.node("Conv", attributes, gradient, flipped);
        }
        Optional<Value> adjoint = constant.isPresent()
                ? Optional.empty()
                : new VariableAdjoint(weight, window, group, c)
                        .of(gradient, spatial(x, window, c), spatial(y, window, c));
        return adjoint.orElseGet(() -> c.node(
                "ConvTranspose",
                window.transposed(spatial(x, window, c), spatial(y, window, c), group),
                gradient,
                weight));
    }

    /** Largest number of channels of an input that counts as a picture rather than feature maps. */
    private static final int FEW = 4;

    /** Cheaper forms where the gradient's form or the sizes allow. */
    private static Optional<Value> sparing(
            Value gradient, Tensor weight, Value x, Value y, Window window, BackwardContext c) {
        boolean undilated = LongStream.of(window.dilations()).allMatch(d -> d == 1);
        if (window.axes() != 2 || !undilated || window.strides()[0] != window.strides()[1]) {
            return Optional.empty();
        }
        boolean point = LongStream.of(window.kernel()).allMatch(k -> k == 1)
                && LongStream.of(window.pads()).allMatch(pad -> pad == 0)
                && window.isUnitStride();
        Optional<Value> uniform = c.forward().forms().uniform(gradient);
        if (point && uniform.isPresent()) {
            Value kernel = c.builder().constant("adjoint", Kernels.adjoint(weight, 1));
            return Optional.of(Blocks.spread(c.node("Conv", uniform.get(), kernel), x, c));
        }
        if (!c.type(x).dimension(2).isFixed() || !c.type(x).dimension(3).isFixed()) {
            return Optional.empty();
        }
        long[] in = spatial(x, window, c);
        long[] out = spatial(y, window, c);
        int stride = (int) window.strides()[0];
        boolean few = weight.dimension(1) <= FEW;
        Optional<GradientForms.Phased> phased = c.forward().forms().phased(gradient);
        if (phased.isPresent() && stride <= 2 && (few || 2 * weight.dimension(1) <= weight.dimension(0))) {
            return new BlockConvolution(weight, window.padsBegin(), stride, 2)
                    .emit(phased.get().parts(), out, in, c);
        }
        if (few && stride == 2) {
            return new BlockConvolution(weight, window.padsBegin(), stride, 1).emit(List.of(gradient), out, in, c);
        }
        if (few && stride == 1 && in[0] % 2 == 0 && in[1] % 2 == 0 && fitsInsideKernel(window)) {
            long[] begin = reach(window, window.padsBegin());
            long[] end = reach(window, window.padsEnd());
            return Optional.of(BlockConvolution.strided(Kernels.adjoint(weight, 1), gradient, begin, end, in, c));
        }
        return Optional.empty();
    }

    private static long[] reach(Window window, long[] pads) {
        return LongStream.range(0, window.axes())
                .map(i -> window.extent((int) i) - 1 - pads[(int) i])
                .toArray();
    }

    private static boolean fitsInsideKernel(Window window) {
        for (int i = 0; i < window.axes(); i++) {
            long reach = window.extent(i) - 1;
            if (window.padsBegin()[i] > reach || window.padsEnd()[i] > reach) {
                return false;
            }
        }
        return true;
    }

    private static Value toWeights(Value gradient, Value x, Value y, Window window, long group, BackwardContext c) {
        SampleConvolution convolution = new SampleConvolution(x, y, window, c);
        // The runtime computes a convolution in pieces where it has no more outputs than positions.
        boolean wide = convolution.suits(group)
                && c.size(y, 1) <= LongStream.of(window.kernel()).reduce(1, (a, b) -> a * b);
        return wide ? convolution.apart(gradient) : new WeightGradient(x, y, window, group, c).of(x, gradient);
    }

    private static Value toBias(Value gradient, Value y, BackwardContext c) {
        long[] axes = LongStream.range(0, c.rank(y)).filter(axis -> axis != 1).toArray();
        return c.sumAway(gradient, axes);
    }

    static long[] spatial(Value value, Window window, BackwardContext c) {
        return LongStream.range(2, window.axes() + 2)
                .map(axis -> c.size(value, (int) axis))
                .toArray();
    }
}
