package dev.vitrine.engine.operator;

import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.tensor.ElementType;
import java.util.List;

/** dx = f'(x) ⊙ dy for element-wise y = f(x); f' at a kink is the slope towards zero or below, as in PyTorch. */
final class ActivationRules {
    private ActivationRules() {}

    /** f'(x) of one element-wise function, from its input and output. */
    private interface Slope {
        Value emit(Node node, Value x, Value y, BackwardContext context);
    }

    private static BackwardRule of(Slope slope) {
        return (node, gradients, context) -> context.forward().forms().isMasked(gradients.get(0))
                ? InputGradients.of(gradients.get(0))
                : InputGradients.of(
                        context.multiply(gradients.get(0), slope.emit(node, node.input(0), node.output(), context)));
    }

    static final BackwardRule RELU = of((node, x, y, c) -> c.step(y, c.zero()));

    static final BackwardRule LEAKY_RELU = of((node, x, y, c) -> {
        float alpha = node.attributes().real("alpha", 0.01f);
        return leakySlope(alpha, alpha < 0 ? x : y, c);
    });

    /** 1 where the value is above 0, else α: the slope of a LeakyRelu from its input, or from its output if α ≥ 0. */
    static Value leakySlope(float alpha, Value value, BackwardContext c) {
        return c.where(c.node("Greater", value, c.zero()), c.scalar(1), c.scalar(alpha));
    }

    static final BackwardRule THRESHOLDED_RELU =
            of((node, x, y, c) -> c.step(x, c.scalar(node.attributes().real("alpha", 1f))));

    static final BackwardRule ELU = of((node, x, y, c) -> {
        Value alpha = c.scalar(node.attributes().real("alpha", 1f));
        return c.where(c.node("Greater", x, c.zero()), c.scalar(1), c.multiply(alpha, clippedExponential(x, c)));
    });

    static final BackwardRule SELU = of((node, x, y, c) -> {
        float alpha = node.attributes().real("alpha", 1.67326319217681884765625f);
        float gamma = node.attributes().real("gamma", 1.05070102214813232421875f);
        return c.where(
                c.node("Greater", x, c.zero()),
                c.scalar(gamma),
                c.multiply(clippedExponential(x, c), (double) alpha * gamma));
    });

    static final BackwardRule CELU = of((node, x, y, c) -> {
        Value alpha = c.scalar(node.attributes().real("alpha", 1f));
        return c.where(c.node("Greater", x, c.zero()), c.scalar(1), clippedExponential(c.divide(x, alpha), c));
    });

    /** exp(min(x, 0)): the branch not taken must not overflow, since 0 · ∞ is NaN. */
    private static Value clippedExponential(Value x, BackwardContext c) {
        return c.node("Exp", c.node("Min", x, c.zero()));
    }

    static final BackwardRule SIGMOID = of((node, x, y, c) -> c.multiply(y, c.subtract(c.scalar(1), y)));

    static final BackwardRule TANH = of((node, x, y, c) -> c.subtract(c.scalar(1), c.multiply(y, y)));

    static final BackwardRule SOFTPLUS = of((node, x, y, c) -> c.node("Sigmoid", x));

    static final BackwardRule SOFTSIGN = of((node, x, y, c) -> {
        Value denominator = c.add(c.scalar(1), c.node("Abs", x));
        return c.node("Reciprocal", c.multiply(denominator, denominator));
    });

    static final BackwardRule HARD_SIGMOID = of((node, x, y, c) -> {
        double alpha = node.attributes().real("alpha", 0.2f);
        return c.multiply(inside(y, c.zero(), c.scalar(1), c), alpha);
    });

    /** x · min(max(x/6 + 1/2, 0), 1): slope 0 below -3, x/3 + 1/2 between, 1 above 3. */
    static final BackwardRule HARD_SWISH = of((node, x, y, c) -> {
        Value middle = c.add(c.multiply(x, 1.0 / 3), c.scalar(0.5));
        Value upper = c.where(c.node("Less", x, c.scalar(3)), middle, c.scalar(1));
        return c.where(c.node("Greater", x, c.scalar(-3)), upper, c.zero());
    });

    static final BackwardRule ERF =
            of((node, x, y, c) -> c.multiply(c.node("Exp", c.negate(c.multiply(x, x))), 2 / Math.sqrt(Math.PI)));

    /**
     * Exact form: Φ(x) + x φ(x). Tanh form, with t = tanh(√(2/π)(x + .044715 x³)): (1+t)/2 + x (1−t²)/2 · √(2/π)(1 +
     * .134145 x²). Hendrycks and Gimpel 2016, arXiv:1606.08415.
     */
    static final BackwardRule GELU = of((node, x, y, c) -> {
        Value square = c.multiply(x, x);
        if (node.attributes().text("approximate", "none").equals("tanh")) {
            double root = Math.sqrt(2 / Math.PI);
            Value inner = c.multiply(c.add(x, c.multiply(c.multiply(square, x), 0.044715)), root);
            Value tanh = c.node("Tanh", inner);
            Value first = c.multiply(c.add(tanh, c.scalar(1)), 0.5);
            Value bell = c.multiply(c.subtract(c.scalar(1), c.multiply(tanh, tanh)), 0.5 * root);
            Value slope = c.add(c.multiply(square, 3 * 0.044715), c.scalar(1));
            return c.add(first, c.multiply(c.multiply(x, bell), slope));
        }
        Value cumulative = c.multiply(c.add(c.node("Erf", c.multiply(x, Math.sqrt(0.5))), c.scalar(1)), 0.5);
        Value density = c.multiply(c.node("Exp", c.multiply(square, -0.5)), 1 / Math.sqrt(2 * Math.PI));
        return c.add(cumulative, c.multiply(x, density));
    });

    /** With t = tanh(softplus(x)): t + x σ(x)(1 − t²). Misra 2019, arXiv:1908.08681. */
    static final BackwardRule MISH = of((node, x, y, c) -> {
        Value tanh = c.node("Tanh", c.node("Softplus", x));
        Value bell = c.subtract(c.scalar(1), c.multiply(tanh, tanh));
        return c.add(tanh, c.multiply(c.multiply(x, c.node("Sigmoid", x)), bell));
    });

    /** dx = dy/(2y), and 0 where dy = 0 or y = 0, where the slope is infinite. */
    static InputGradients root(Node node, List<Value> gradients, BackwardContext c) {
        Value gradient = gradients.get(0);
        Value slope = c.divide(c.scalar(0.5), c.divisor(node.output()));
        return InputGradients.of(c.where(c.node("Equal", gradient, c.zero()), c.zero(), c.multiply(gradient, slope)));
    }

    /** y, kept finite so that a gradient of 0 stays 0. */
    static final BackwardRule EXP = of((node, x, y, c) -> c.node("Min", y, c.scalar(Float.MAX_VALUE)));

    static final BackwardRule LOG = of((node, x, y, c) -> c.node("Reciprocal", c.divisor(x)));

    static final BackwardRule ABS = of((node, x, y, c) -> c.node("Sign", x));

    static final BackwardRule RECIPROCAL = of((node, x, y, c) -> {
        Value inverse = c.node("Reciprocal", c.divisor(x));
        return c.negate(c.multiply(inverse, inverse));
    });

    static final BackwardRule SINE = of((node, x, y, c) -> c.node("Cos", x));

    static final BackwardRule COSINE = of((node, x, y, c) -> c.negate(c.node("Sin", x)));

    static final BackwardRule TANGENT = of((node, x, y, c) -> c.add(c.multiply(y, y), c.scalar(1)));

    static final BackwardRule ARC_SINE =
            of((node, x, y, c) -> inverseRoot(c.subtract(c.scalar(1), c.multiply(x, x)), c));

    static final BackwardRule ARC_COSINE =
            of((node, x, y, c) -> c.negate(inverseRoot(c.subtract(c.scalar(1), c.multiply(x, x)), c)));

    static final BackwardRule ARC_TANGENT =
            of((node, x, y, c) -> c.node("Reciprocal", c.add(c.multiply(x, x), c.scalar(1))));

    static final BackwardRule HYPERBOLIC_SINE = of((node, x, y, c) -> c.node("Cosh", x));

    static final BackwardRule HYPERBOLIC_COSINE = of((node, x, y, c) -> c.node("Sinh", x));

    static final BackwardRule AREA_SINE = of((node, x, y, c) -> inverseRoot(c.add(c.multiply(x, x), c.scalar(1)), c));

    static final BackwardRule AREA_COSINE =
            of((node, x, y, c) -> inverseRoot(c.subtract(c.multiply(x, x), c.scalar(1)), c));

    static final BackwardRule AREA_TANGENT =
            of((node, x, y, c) -> c.node("Reciprocal", c.divisor(c.subtract(c.scalar(1), c.multiply(x, x)))));

    /** 1/√x, and 0 where x = 0. */
    private static Value inverseRoot(Value x, BackwardContext c) {
        return c.node("Reciprocal", c.node("Sqrt", c.divisor(x)));
    }

    /** 1 outside −λ to λ, 0 within. */
    static final BackwardRule SHRINK = of((node, x, y, c) -> {
        Value distance = c.node("Abs", x);
        return c.step(distance, c.scalar(node.attributes().real("lambd", 0.5f)));
    });

    static InputGradients negate(Node node, List<Value> gradients, BackwardContext context) {
        return InputGradients.of(context.negate(gradients.get(0)));
    }

    /** dx = dy where min ≤ x ≤ max; each bound gets Σ dy over the elements that it clipped. */
    static InputGradients clip(Node node, List<Value> gradients, BackwardContext c) {
        Value x = node.input(0);
        Value low = node.input(1);
        Value high = node.input(2);
        Value gradient = gradients.get(0);
        Value dlow = Value.NONE;
        Value dhigh = Value.NONE;
        if (high.isPresent()) {
            Value above = c.node("Greater", x, high);
            dhigh = c.wants(2) ? total(c.where(above, gradient, c.zero()), c) : Value.NONE;
            gradient = c.where(above, c.zero(), gradient);
        }
        if (low.isPresent()) {
            Value below = c.node("Less", x, low);
            dlow = c.wants(1) ? total(c.where(below, gradient, c.zero()), c) : Value.NONE;
            gradient = c.where(below, c.zero(), gradient);
        }
        return InputGradients.of(gradient, dlow, dhigh);
    }

    private static Value total(Value value, BackwardContext c) {
        return c.node("ReduceSum", Attributes.NONE.with("keepdims", 0), value);
    }

    /** dx = dy where x > 0, else slope · dy; dslope = Σ dy · min(x, 0) over the axes it was broadcast along. */
    static InputGradients parametricRelu(Node node, List<Value> gradients, BackwardContext c) {
        Value x = node.input(0);
        Value slope = node.input(1);
        Value gradient = gradients.get(0);
        Value positive = c.node("Greater", x, c.zero());
        Value dx = c.wants(0) ? c.where(positive, gradient, c.multiply(gradient, slope)) : Value.NONE;
        Value dslope = c.wants(1)
                ? c.unbroadcast(c.multiply(gradient, c.node("Min", x, c.zero())), node.output(), slope)
                : Value.NONE;
        return InputGradients.of(dx, dslope);
    }

    /** dx = y ⊙ (dy − Σ dy ⊙ y) along the axis. */
    static InputGradients softmax(Node node, List<Value> gradients, BackwardContext c) {
        long axis = node.attributes().integer("axis", -1);
        Value y = node.output();
        Value weighted = c.multiply(gradients.get(0), y);
        return InputGradients.of(c.subtract(weighted, c.multiply(y, c.sum(weighted, axis))));
    }

    /** dx = dy − exp(y) Σ dy along the axis. */
    static InputGradients logSoftmax(Node node, List<Value> gradients, BackwardContext c) {
        long axis = node.attributes().integer("axis", -1);
        Value gradient = gradients.get(0);
        return InputGradients.of(c.subtract(gradient, c.multiply(c.node("Exp", node.output()), c.sum(gradient, axis))));
    }

    /** 1 where {@code low < value < high}. */
    private static Value inside(Value value, Value low, Value high, BackwardContext c) {
        Value both = c.node("And", c.node("Greater", value, low), c.node("Less", value, high));
        return c.node("Cast", Attributes.NONE.with("to", ElementType.FLOAT32.code()), both);
    }
}
