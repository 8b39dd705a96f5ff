package dev.vitrine.engine.operator;

import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/**
 * dy goes to the switch of each window, its first maximum in row-major order; overlapping windows accumulate.
 *
 * <p>In general dy is scattered by the switches that the runtime records. The two common windows, 2×2 and 3×3 with
 * stride 2, use comparisons instead: pooling runs along the width, then along the height, and the gradient goes back in
 * the same two steps, each element times a mask that is exactly 0 or 1: [b > a] is min(max(2⁹⁰ (b − a), 0), 1), for
 * values below 2³⁷ that differ by at least 2⁻⁹⁰.
 *
 * <p>These comparisons are a CPU form that stays in the rule rather than in a lowering: the rules before it use the
 * gradient in its four phases ({@link GradientForms.Phased}), and the slope of the rectifier before the pooling is
 * taken at the pooled value; neither can be recovered from the scattered gradient.
 */
final class MaxPoolRule implements BackwardRule {
    private static final float STEEP = 0x1p90f;
    private static final long[] NO_PADS = new long[4];

    @Override
    public InputGradients emit(Node node, List<Value> gradients, BackwardContext c) {
        if (node.attributes().integer("storage_order", 0) != 0) {
            throw c.unsupported("storage_order=1", "row-major switches", "Re-export with storage_order=0");
        }
        Optional<Node> rectifier = plainRectifier(node, c);
        Value gradient = gradients.get(0);
        Optional<Geometry> geometry = geometry(node, c);
        if (geometry.isEmpty()) {
            return InputGradients.of(scattered(node, gradient, c));
        }
        if (rectifier.isPresent()) {
            gradient = c.multiply(gradient, slope(rectifier.get(), node.output(), c));
        }
        GradientForms.Phased parts = new Comparison(node, geometry.get(), c).parts(gradient);
        Value whole = Blocks.interleave(parts, c);
        c.forward().forms().phased(whole, parts);
        if (rectifier.isPresent()) {
            c.forward().forms().masked(whole);
        }
        return InputGradients.of(whole);
    }

    /** The rectifier before the pooling, where its slope at the switch can be read off the pooled value. */
    private static Optional<Node> plainRectifier(Node node, BackwardContext c) {
        return c.forward()
                .producer(node.input(0))
                .filter(producer -> producer.operator().equals("Relu")
                        || producer.operator().equals("LeakyRelu"))
                .filter(producer -> isIncreasing(producer.attributes().real("alpha", 0)))
                .filter(c.forward()::isPlain)
                .filter(producer -> c.forward().isInner(producer.output()));
    }

    private static boolean isIncreasing(float alpha) {
        return alpha >= 0 && alpha <= 1;
    }

    private static Value slope(Node rectifier, Value pooled, BackwardContext c) {
        return rectifier.operator().equals("Relu")
                ? c.step(pooled, c.zero())
                : ActivationRules.leakySlope(rectifier.attributes().real("alpha", 0.01f), pooled, c);
    }

    private static Value scattered(Node node, Value gradient, BackwardContext c) {
        Value x = node.input(0);
        Value switches = c.reshape(c.forwardOutput(1), -1);
        Value flat = c.node(
                "ConstantOfShape",
                Attributes.NONE.with("value", Tensor.floats(new float[] {0}, 1)),
                c.node("Reshape", c.node("Size", x), c.builder().vector(1)));
        Value scattered = c.node(
                "ScatterElements",
                Attributes.NONE.with("axis", 0).with("reduction", "add"),
                flat,
                switches,
                c.reshape(gradient, -1));
        return c.reshapeLike(scattered, x);
    }

    /** A window that comparisons can handle: {@code size} 2 or 3, {@code pad} 0 or 1 before, stride 2. */
    private record Geometry(int size, int pad, long height, long width, long outHeight, long outWidth) {}

    private static Optional<Geometry> geometry(Node node, BackwardContext c) {
        TensorType x = c.type(node.input(0));
        TensorType y = c.type(node.output());
        long[] kernel = node.attributes().integers("kernel_shape");
        if (!Blocks.fits(x)
                || !Blocks.fits(y)
                || kernel.length != 2
                || node.output(1).isPresent()) {
            return Optional.empty();
        }
        Window window = Window.of(node, node.input(0), kernel, c);
        int size = (int) kernel[0];
        int pad = (int) window.padsBegin()[0];
        boolean square = kernel[1] == size
                && window.strides()[0] == 2
                && window.strides()[1] == 2
                && window.padsBegin()[1] == pad
                && window.dilations()[0] == 1
                && window.dilations()[1] == 1;
        Geometry geometry = new Geometry(
                size,
                pad,
                x.dimension(2).size(),
                x.dimension(3).size(),
                y.dimension(2).size(),
                y.dimension(3).size());
        boolean rectified = c.forward().forms().isNonNegative(node.input(0), c);
        return square && isServed(geometry, rectified) ? Optional.of(geometry) : Optional.empty();
    }

    private static boolean isServed(Geometry g, boolean rectified) {
        boolean even = g.height() == 2 * g.outHeight() && g.width() == 2 * g.outWidth();
        boolean odd = g.height() == 2 * g.outHeight() + 1 && g.width() == 2 * g.outWidth() + 1;
        return switch (g.size()) {
            case 2 -> g.pad() == 0 && even;
            // A padded place counts as 0 in a comparison, which is right where no input is below 0.
            case 3 -> (g.pad() == 0 && odd) || (g.pad() == 1 && even && rectified);
            default -> false;
        };
    }

    /** The two steps, along the height and then along the width. */
    private static final class Comparison {
        private static final float[][] MINUS_ONE = {{-1}};
        private static final Attributes POSITIVE =
                Attributes.NONE.with("alpha", 0x1p127f).with("beta", 0f);

        private final Geometry geometry;
        private final BackwardContext c;
        private final Value x;
        private final Value y;
        private final int channels;
        private final Value rowMaxima;

        Comparison(Node node, Geometry geometry, BackwardContext c) {
            this.geometry = geometry;
            this.c = c;
            this.x = node.input(0);
            this.y = node.output();
            this.channels = (int) c.type(x).dimension(1).size();
            this.rowMaxima = splitForward(node);
        }

        /** Pools along the width first, to provide the values that the backward pass compares. */
        private Value splitForward(Node node) {
            Value maxima = c.builder().fresh(node.output().name() + ".rows");
            Attributes along = pooling(1, geometry.size(), 1, 2, 0, geometry.pad());
            Attributes down = pooling(geometry.size(), 1, 2, 1, geometry.pad(), 0);
            Node first = new Node(maxima.name(), "", "MaxPool", List.of(x), List.of(maxima), along);
            Node second = new Node(node.name(), "", "MaxPool", List.of(maxima), List.of(y), down);
            c.forward().split(node, first, second);
            c.builder().infer(first);
            return maxima;
        }

        private static Attributes pooling(long height, long width, long down, long along, long top, long left) {
            return Attributes.NONE
                    .with("kernel_shape", height, width)
                    .with("strides", down, along)
                    .with("pads", top, left, 0, 0);
        }

        GradientForms.Phased parts(Value gradient) {
            return geometry.size() == 2 ? pairs(gradient) : triples(gradient);
        }

        private GradientForms.Phased phased(Value... parts) {
            return new GradientForms.Phased(List.of(parts), channels, geometry.height(), geometry.width());
        }

        private Value minus(Value from, Value taken) {
            return c.add(Blocks.depthwise(taken, channels, MINUS_ONE, c), from);
        }

        private Value mask(Value steep) {
            return c.node("Clip", steep, c.scalar(0), c.scalar(1));
        }

        private Value compared(Value value, float[][] kernel, long down, long along) {
            long[] strides = {down, along};
            return mask(Blocks.depthwise(value, channels, kernel, 0, strides, NO_PADS, c));
        }

        /** Windows of 2×2: the second of a pair gets the gradient only where it is larger than the first. */
        private GradientForms.Phased pairs(Value gradient) {
            Value lower = compared(rowMaxima, new float[][] {{-STEEP}, {STEEP}}, 2, 1);
            Value bottom = c.multiply(gradient, lower);
            Value top = minus(gradient, bottom);
            Value topRight = c.multiply(top, compared(x, new float[][] {{-STEEP, STEEP}}, 2, 2));
            Value bottomRight = c.multiply(bottom, compared(x, new float[][] {{0, 0}, {-STEEP, STEEP}}, 2, 2));
            return phased(minus(top, topRight), topRight, minus(bottom, bottomRight), bottomRight);
        }

        /** Windows of 3×3, first down, then along each of the two kinds of rows. */
        private GradientForms.Phased triples(Value gradient) {
            int pad = geometry.pad();
            long[] down = {2, 1};
            Value upperTwo = c.node("MaxPool", pooling(2, 1, 2, 1, pad, 0), rowMaxima);
            Value lowest = c.node("HardSigmoid", POSITIVE, minus(y, upperTwo));
            Value middle = mask(Blocks.depthwise(
                    rowMaxima, channels, new float[][] {{-STEEP}, {STEEP}}, 0, down, new long[] {pad, 0, 0, 0}, c));
            Value[] rows = split(gradient, middle, lowest, true);
            Value leftTwo = c.node("MaxPool", pooling(1, 2, 1, 2, 0, pad), x);
            Value excess = minus(rowMaxima, leftTwo);
            Value[] parts = new Value[4];
            for (int phase = 0; phase < 2; phase++) {
                Value right = compared(excess, tall(phase, STEEP), 2, 1);
                Value center = mask(
                        Blocks.depthwise(x, channels, wide(phase), 0, new long[] {2, 2}, new long[] {0, pad, 0, 0}, c));
                Value[] columns = split(rows[phase], center, right, false);
                parts[2 * phase] = columns[0];
                parts[2 * phase + 1] = columns[1];
            }
            return phased(parts);
        }

        /** A column kernel that selects row {@code at} of each pair. */
        private static float[][] tall(int at, float value) {
            float[][] kernel = new float[at + 1][1];
            kernel[at][0] = value;
            return kernel;
        }

        /** The right minus the left of each pair of columns, in row {@code at} of each pair of rows. */
        private static float[][] wide(int at) {
            float[][] kernel = new float[at + 1][2];
            kernel[at][0] = -STEEP;
            kernel[at][1] = STEEP;
            return kernel;
        }

        /**
         * Distributes the gradient of windows of three to even and odd positions along one axis.
         *
         * @param second 1 where the second of three is larger than the first
         * @param third 1 where the third is larger than both
         */
        private Value[] split(Value gradient, Value second, Value third, boolean down) {
            Value toThird = c.multiply(gradient, third);
            Value toFirstTwo = minus(gradient, toThird);
            Value toSecond = c.multiply(toFirstTwo, second);
            Value toFirst = minus(toFirstTwo, toSecond);
            if (geometry.pad() == 0) {
                // Windows start at even positions: the third of one is the first of the next.
                Value even = c.add(moved(toThird, down, 1, 1, 0), moved(toFirst, down, 1, 1, 1));
                return new Value[] {even, toSecond};
            }
            // Windows start at odd positions: the first of one is the third of the previous one.
            Value odd = c.add(moved(toFirst, down, 0, 1, 1), toThird);
            return new Value[] {toSecond, odd};
        }

        /** Along one axis, element {@code i − before + tap} at position i, zero outside. */
        private Value moved(Value value, boolean down, int before, int after, int tap) {
            float[][] kernel = down ? new float[2][1] : new float[1][2];
            kernel[down ? tap : 0][down ? 0 : tap] = 1;
            long[] pads = down ? new long[] {before, 0, after, 0} : new long[] {0, before, 0, after};
            return Blocks.depthwise(value, channels, kernel, 0, new long[] {1, 1}, pads, c);
        }
    }
}
