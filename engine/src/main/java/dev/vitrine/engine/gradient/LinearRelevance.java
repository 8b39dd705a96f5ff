package dev.vitrine.engine.gradient;

import dev.vitrine.engine.graph.Dimension;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.operator.BackwardContext;
import dev.vitrine.engine.operator.OperatorTable;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * Relevance of the input x of one linear layer z = w x + b by an LRP rule, in as few passes as the known signs of x and
 * z permit. Each pass is the layer or its adjoint with modified weights.
 */
record LinearRelevance(Node node, Value relevance, Stabilizer stabilizer, BackwardContext c) {
    private static final double STABILIZER = 1e-6;

    /** Modified weights: w times {@code positive} where w > 0, times {@code negative} elsewhere. */
    private record Part(double positive, double negative) {
        static final Part ALL = new Part(1, 1);
        static final Part POSITIVE = new Part(1, 0);
        static final Part NEGATIVE = new Part(0, 1);

        Part times(double factor) {
            return new Part(positive * factor, negative * factor);
        }
    }

    /** The weight of an input independent of its value. */
    private enum Share {
        EVEN,
        /** w². */
        SQUARE
    }

    Value of(RelevanceRule rule) {
        if (rule instanceof RelevanceRule.Epsilon epsilon) {
            return c.multiply(x(), adjoint(Part.ALL, share(stabilizer.of(node.output(), epsilon.epsilon(), c))));
        }
        if (rule instanceof RelevanceRule.ZPlus) {
            return signs(1, 0);
        }
        if (rule instanceof RelevanceRule.AlphaBeta alphaBeta) {
            return signs(alphaBeta.alpha(), alphaBeta.beta());
        }
        if (rule instanceof RelevanceRule.Gamma gamma) {
            return gamma(gamma.gamma());
        }
        if (rule instanceof RelevanceRule.ZBox box) {
            return box(box);
        }
        return fixed(rule instanceof RelevanceRule.Flat ? Share.EVEN : Share.SQUARE);
    }

    /** R_b = vjp_b(Ry / (y + ε sign y)) ⊙ b: the relevance that the bias absorbs. */
    Value ofBias(RelevanceRule.Epsilon rule) {
        Value share = share(stabilizer.of(node.output(), rule.epsilon(), c));
        BackwardContext inner = c.forNode(node, Collections.singleton(node.input(2)));
        Value gradient = OperatorTable.derivative(node)
                .orElseThrow()
                .emit(node, List.of(share), inner)
                .values()
                .get(2);
        return c.multiply(node.input(2), gradient);
    }

    private Value x() {
        return node.input(0);
    }

    private Value share(Value denominator) {
        return c.divide(relevance, denominator);
    }

    /**
     * α times the share of the positive contributions w⁺x⁺ + w⁻x⁻ + b⁺, minus β times that of the negative ones. The ε
     * of each denominator is added to the bias.
     */
    private Value signs(double alpha, double beta) {
        boolean single = stabilizer.isNonNegative(x());
        Value up = single ? x() : c.node("Relu", x());
        Value down = single ? Value.NONE : c.node("Min", x(), c.zero());
        Value toPositive = share(contributions(up, down, Part.POSITIVE, Part.NEGATIVE, STABILIZER));
        Value toNegative =
                beta == 0 ? Value.NONE : share(contributions(up, down, Part.NEGATIVE, Part.POSITIVE, -STABILIZER));
        Value ofPositive = mixed(Part.POSITIVE, toPositive, alpha, Part.NEGATIVE, toNegative, -beta);
        if (single) {
            return c.multiply(x(), ofPositive);
        }
        Value ofNegative = mixed(Part.NEGATIVE, toPositive, alpha, Part.POSITIVE, toNegative, -beta);
        return c.multiply(x(), c.where(c.node("Greater", x(), c.zero()), ofPositive, ofNegative));
    }

    private Value contributions(Value up, Value down, Part ofUp, Part ofDown, double epsilon) {
        Value sum = forward(up, ofUp, ofUp, epsilon);
        return down.isPresent() ? c.add(forward(down, ofDown), sum) : sum;
    }

    private Value mixed(Part left, Value ofLeft, double leftFactor, Part right, Value ofRight, double rightFactor) {
        Value first = adjoint(left.times(leftFactor), ofLeft);
        return ofRight.isPresent() ? c.add(adjoint(right.times(rightFactor), ofRight), first) : first;
    }

    /**
     * Where z > 0, positive contributions count 1 + γ times (w + γw⁺); elsewhere, the negative ones (w + γw⁻).
     *
     * <p>Since a positive contribution is (wx + |wx|)/2, both denominators have the magnitude (1 + γ/2)|z| + γ/2 T,
     * with T = |w||x| + |b|, and the sign of z: nothing cancels.
     */
    private Value gamma(double gamma) {
        boolean rectified = stabilizer.isRectified(node.output());
        boolean single = stabilizer.isNonNegative(x());
        if (rectified && single) {
            // Where z ≤ 0 the sum may be negative, but no relevance arrives there.
            Part favored = new Part(1 + gamma, 1);
            Value sum = c.node(
                    "Clip",
                    forward(x(), favored, favored, STABILIZER),
                    c.scalar(STABILIZER),
                    c.scalar(Float.MAX_VALUE));
            return c.multiply(x(), adjoint(favored, share(sum)));
        }
        Part sizes = new Part(gamma / 2, -gamma / 2);
        Part all = Part.ALL.times(1 + gamma / 2);
        Value z = node.output();
        Value magnitude = single ? x() : c.node("Abs", x());
        Value total = forward(magnitude, sizes, sizes, STABILIZER);
        Value size = c.multiply(c.node("Abs", z), 1 + gamma / 2);
        Value share = share(c.add(size, total));
        Value signedShare = rectified ? share : c.where(c.node("Greater", z, c.zero()), share, c.negate(share));
        Value plain = adjoint(all, signedShare);
        Value more = adjoint(sizes, share);
        return single
                ? c.multiply(x(), c.add(more, plain))
                : c.add(c.multiply(x(), plain), c.multiply(magnitude, more));
    }

    /** (x − l) ⊙ vjp_w⁺(s) + (x − h) ⊙ vjp_w⁻(s), s = Ry/(w x − w⁺ l − w⁻ h). */
    private Value box(RelevanceRule.ZBox box) {
        Value low = c.builder().constant(bound(box.low()));
        Value high = c.builder().constant(bound(box.high()));
        // Independent of the picture, so computed once.
        Value lowest =
                c.add(forward(everywhere(low), Part.POSITIVE, Part.ALL, 0), forward(everywhere(high), Part.NEGATIVE));
        Value share = share(Stabilizer.signed(c.subtract(node.output(), lowest), STABILIZER, c));
        return c.add(
                c.multiply(c.subtract(x(), low), adjoint(Part.POSITIVE, share)),
                c.multiply(c.subtract(x(), high), adjoint(Part.NEGATIVE, share)));
    }

    /** vjp_v(Ry / v·1), with shares v in place of the weights. */
    private Value fixed(Share kind) {
        Tensor weight = c.constant(node.input(1)).orElseThrow();
        Value shares =
                c.builder().constant(node.input(1).name() + ".share", weight.derived(kind, () -> shares(weight, kind)));
        Value ones = everywhere(c.scalar(1));
        // Independent of the picture, so computed once.
        Value total = c.add(forward(List.of(ones, shares)), c.scalar(STABILIZER));
        return adjoint(shares, share(total));
    }

    private static Tensor shares(Tensor weight, Share kind) {
        FloatBuffer source = weight.floats();
        ByteBuffer bytes = Tensor.allocate(ElementType.FLOAT32, weight.shape());
        FloatBuffer target = bytes.asFloatBuffer();
        for (int i = 0; i < target.capacity(); i++) {
            target.put(i, kind == Share.EVEN ? 1 : source.get(i) * source.get(i));
        }
        return Tensor.wrap(ElementType.FLOAT32, weight.shape(), bytes);
    }

    /** One number per channel, shaped to broadcast to x. */
    private Tensor bound(List<Float> perChannel) {
        TensorType type = c.type(x());
        float[] data = new float[perChannel.size()];
        for (int i = 0; i < data.length; i++) {
            data[i] = perChannel.get(i);
        }
        long[] shape = new long[type.rank()];
        Arrays.fill(shape, 1);
        shape[type.dimension(1).matches(Dimension.of(data.length)) ? 1 : type.rank() - 1] = data.length;
        return Tensor.floats(data, shape);
    }

    /** A bound in the shape of one sample of x. */
    private Value everywhere(Value bound) {
        TensorType sample = c.type(x()).withDimension(0, Dimension.of(1));
        return sample.isStatic()
                ? c.node("Expand", bound, c.builder().vector(sample.shape()))
                : c.expandLike(bound, x());
    }

    /** The layer without its bias. */
    private Value forward(Value x, Part part) {
        return forward(List.of(x, weights(1, part)));
    }

    /** The layer with ε added to its bias. */
    private Value forward(Value x, Part part, Part ofBias, double epsilon) {
        Value weight = weights(1, part);
        boolean plain = node.attributes().real("beta", 1) == 1;
        if (OperatorTable.row(node).hasBias() && plain) {
            return forward(List.of(x, weight, bias(ofBias, epsilon)));
        }
        Value sum = node.input(2).isPresent()
                ? forward(List.of(x, weight, weights(2, ofBias)))
                : forward(List.of(x, weight));
        return epsilon == 0 ? sum : c.add(sum, c.scalar(epsilon));
    }

    private Value forward(List<Value> inputs) {
        return c.node(node.opType(), node.attributes(), inputs.toArray(Value[]::new));
    }

    private Value adjoint(Part part, Value signal) {
        return adjoint(weights(1, part), signal);
    }

    private Value adjoint(Value weights, Value signal) {
        Node replaced = node.withInputs(List.of(x(), weights));
        BackwardContext inner = c.forNode(replaced, Collections.singleton(x()));
        return OperatorTable.derivative(node)
                .orElseThrow()
                .emit(replaced, List.of(signal), inner)
                .values()
                .get(0);
    }

    private Value weights(int input, Part part) {
        return part.equals(Part.ALL) ? node.input(input) : scaled(node.input(input), part, 0);
    }

    private Value bias(Part part, double epsilon) {
        if (node.input(2).isPresent()) {
            return scaled(node.input(2), part, epsilon);
        }
        int count = OperatorTable.row(node).isConvolution() ? (int) c.size(node.output(), 1) : 1;
        float[] data = new float[count];
        Arrays.fill(data, (float) epsilon);
        return c.builder().constant(Tensor.floats(data, count));
    }

    /** Key of derived weights: the part, and the number added to each element. */
    private record Recipe(Part part, double added) {}

    private Value scaled(Value constant, Part part, double added) {
        Tensor weight = c.constant(constant).orElseThrow();
        Recipe recipe = new Recipe(part, added);
        return c.builder().constant(constant.name() + ".part", weight.derived(recipe, () -> scaled(weight, recipe)));
    }

    private static Tensor scaled(Tensor weight, Recipe recipe) {
        FloatBuffer source = weight.floats();
        ByteBuffer bytes = Tensor.allocate(ElementType.FLOAT32, weight.shape());
        FloatBuffer target = bytes.asFloatBuffer();
        for (int i = 0; i < target.capacity(); i++) {
            float w = source.get(i);
            double factor = w > 0 ? recipe.part().positive() : recipe.part().negative();
            target.put(i, (float) (w * factor + recipe.added()));
        }
        return Tensor.wrap(ElementType.FLOAT32, weight.shape(), bytes);
    }
}
