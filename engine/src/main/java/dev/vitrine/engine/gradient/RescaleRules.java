package dev.vitrine.engine.gradient;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.operator.BackwardContext;
import dev.vitrine.engine.operator.BackwardRule;
import dev.vitrine.engine.operator.InputGradients;
import dev.vitrine.engine.operator.OperatorTable;
import dev.vitrine.engine.operator.property.Rescale;
import dev.vitrine.engine.tensor.ElementType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * DeepLIFT's rescale rule as backward rules: the propagated quantity is the multiplier m = Δobjective/Δvalue against a
 * reference input, so that Σ m ⊙ Δinput = Δobjective. Shrikumar et al. 2017, arXiv:1704.02685.
 *
 * <p>Element-wise functions: mₓ = m_y Δy/Δx, and m_y f'(x) where Δx is close to 0. Products of two computed values
 * (Mul, MatMul, Gemm, Einsum, Conv with a computed kernel): the derivative at the mean of input and reference, since
 * Δ(ab) = ā Δb + b̄ Δa; likewise quotients y = a/b, since y b = a. Softmax: as a quotient of exponentials. Extremes
 * (max pooling): with c the extreme of y and y₀, c − y₀ goes to the switch at the input and y − c to the switch at the
 * reference. Min, Max and Pow of two computed values: each contributes its effect, averaged over the other at input and
 * reference. Linear operators keep their derivative.
 *
 * <p>Where no such rule is complete, the node is rejected by name: conditions and indices that depend on the input,
 * comparisons.
 */
public final class RescaleRules {
    private static final double SMALL = 1e-6;
    private static final double SMALL_SMOOTH = 1e-3;

    /** Added to a square so that 0/0 is 0. */
    private static final double TINY = 1e-36;

    /** Added to a difference so that it is never 0: no difference of two floats is exactly its opposite. */
    private static final double TINY_CHANGE = 1.17e-30;

    private static final double LARGE = 1e30;

    private final Map<Value, Value> reference;
    private final Set<Value> computed = new HashSet<>();

    /**
     * Signals that are contributions rather than multipliers: those from extremes to rectifiers that only they read.
     */
    private final Set<Value> contributions = new HashSet<>();

    private RescaleRules(Graph graph, Map<Value, Value> reference) {
        this.reference = reference;
        graph.inputs().stream().filter(reference::containsKey).forEach(computed::add);
        for (Node node : graph.nodes()) {
            if (!OperatorTable.row(node).isSizeOnly() && node.reads().stream().anyMatch(computed::contains)) {
                computed.addAll(node.outputs());
            }
        }
        computed.remove(Value.NONE);
    }

    /**
     * The rules against one reference input.
     *
     * @param graph the graph to differentiate
     * @param reference for each value, the same value of the reference input, as from {@code Mirror}; of the same
     *     batch, or of batch 1
     */
    public static BackwardRules of(Graph graph, Map<Value, Value> reference) {
        RescaleRules rules = new RescaleRules(graph, reference);
        return BackwardRules.PLAIN.with(OperatorTable::isDifferentiable, rules::rule);
    }

    private static Rescale form(Node node) {
        return OperatorTable.row(node).rescale();
    }

    private InputGradients rule(Node node, List<Value> multipliers, BackwardContext c) {
        return switch (form(node)) {
            case LINEAR, LINEAR_IN_FIRST -> linear(node, multipliers, c);
            case BILINEAR -> bilinear(node, multipliers, c);
            case SECANT, SECANT_OF_SMOOTH, SECANT_OF_STEEP -> elementWise(node, multipliers, c);
            case HINGE, LEAKY_HINGE -> hinge(node, multipliers, c);
            case STEPS -> step(node, multipliers, c);
            case ROOT -> root(node, multipliers, c);
            case RECIPROCAL -> reciprocal(node, multipliers, c);
            case SOFTMAX, LOG_SOFTMAX -> softmax(node, multipliers, c);
            case QUOTIENT -> quotient(node, multipliers, c);
            case OPERANDS, STEEP_OPERANDS -> operands(node, multipliers, c);
            case GREATEST, LEAST -> extreme(node, multipliers, c);
            case CODE -> quantized(node, multipliers, c);
            case PASSED -> InputGradients.of(multipliers.get(0));
            case PIECEWISE_CONSTANT -> withoutGradient(node);
            case NONE -> throw refusal(node, "there is no rescale rule for this operator");
        };
    }

    private Value at(Value value) {
        return reference.getOrDefault(value, value);
    }

    private static VitrineException refusal(Node node, String found) {
        return VitrineException.failure(
                node.label() + ": DeepLIFT's contributions would not sum to the change of the score: " + found
                        + ". Use integrated-gradients instead.");
    }

    private InputGradients withoutGradient(Node node) {
        if (node.outputs().stream().anyMatch(computed::contains)) {
            throw refusal(node, "it is piecewise constant in values that depend on the picture");
        }
        return InputGradients.NOTHING;
    }

    private static InputGradients derivative(Node node, List<Value> multipliers, BackwardContext c) {
        return OperatorTable.derivative(node).orElseThrow().emit(node, multipliers, c);
    }

    /** Operators that are linear if their indices, conditions and statistics do not depend on the picture. */
    private InputGradients linear(Node node, List<Value> multipliers, BackwardContext c) {
        boolean firstOnly = form(node) == Rescale.LINEAR_IN_FIRST;
        for (int i = 0; i < node.inputs().size(); i++) {
            Value input = node.input(i);
            boolean number = c.builder()
                    .type(input)
                    .map(type -> type.elementType() == ElementType.FLOAT32)
                    .orElse(true);
            if (computed.contains(input) && (!number || (i > 0 && firstOnly))) {
                throw refusal(node, "'" + input + "' depends on the picture; only the first input may");
            }
        }
        return derivative(node, multipliers, c);
    }

    private InputGradients elementWise(Node node, List<Value> multipliers, BackwardContext c) {
        if (node.inputs().stream().skip(1).anyMatch(computed::contains)) {
            throw refusal(node, "its parameters depend on the picture");
        }
        return InputGradients.of(rescaled(node, 0, multipliers, c));
    }

    private InputGradients step(Node node, List<Value> multipliers, BackwardContext c) {
        return InputGradients.of(secant(node, 0, multipliers.get(0), c));
    }

    /** The multiplier of a quantized value is that of the real number it represents, rescaled. */
    private InputGradients quantized(Node node, List<Value> multipliers, BackwardContext c) {
        List<Value> here = new ArrayList<>(node.inputs());
        here.set(0, node.output());
        List<Value> there = new ArrayList<>(node.inputs());
        there.set(0, at(node.output()));
        Value change = c.subtract(
                c.node("DequantizeLinear", node.attributes(), here.toArray(Value[]::new)),
                c.node("DequantizeLinear", node.attributes(), there.toArray(Value[]::new)));
        Value x = node.input(0);
        return InputGradients.of(quotient(c.multiply(multipliers.get(0), change), c.subtract(x, at(x)), c));
    }

    /**
     * Of y = max(x, 0) + α min(x, 0): with M = max(x, x₀, 0) and n = min(x, x₀, 0) the slope is (M − αn)/(M − n).
     * Exact, and never 0/0.
     */
    private InputGradients hinge(Node node, List<Value> multipliers, BackwardContext c) {
        Value x = node.input(0);
        Value x0 = at(x);
        if (contributions.contains(multipliers.get(0))) {
            // C/Δy · Δy/Δx
            return InputGradients.of(multiplier(multipliers.get(0), x, x0, c));
        }
        boolean leaky = form(node) == Rescale.LEAKY_HINGE;
        Value most = c.node("Max", x, leaky ? c.node("Relu", x0) : at(node.output()));
        Value least = c.node("Min", x, c.node("Min", x0, c.scalar(-1e-30)));
        Value rise =
                leaky ? c.subtract(most, c.multiply(least, node.attributes().real("alpha", 0.01f))) : most;
        Value slope = c.divide(rise, c.subtract(most, least));
        return InputGradients.of(c.multiply(multipliers.get(0), slope));
    }

    /** y = e/Σe, or log e − log Σe, with e = exp(x − s) and s the maximum over input and reference. */
    private InputGradients softmax(Node node, List<Value> multipliers, BackwardContext c) {
        Value x = node.input(0);
        Value m = multipliers.get(0);
        long axis = node.attributes().integer("axis", -1);
        Attributes keep = Attributes.NONE.with("keepdims", 1);
        Value axes = c.builder().vector(axis);
        Value shift = c.node("Max", c.node("ReduceMax", keep, x, axes), c.node("ReduceMax", keep, at(x), axes));
        Value e = c.node("Exp", c.subtract(x, shift));
        Value e0 = c.node("Exp", c.subtract(at(x), shift));
        // Keeps the sums above 0 where every exponential underflows.
        Value sum = c.add(c.sum(e, axis), c.scalar(1e-30));
        Value sum0 = c.add(c.sum(e0, axis), c.scalar(1e-30));
        if (form(node) == Rescale.LOG_SOFTMAX) {
            Value total = c.negate(c.sum(m, axis));
            Value dSum = c.subtract(sum, sum0);
            Value secant = quotient(c.subtract(c.node("Log", sum), c.node("Log", sum0)), dSum, c);
            Value slope = c.where(
                    c.node("Less", c.node("Abs", dSum), c.multiply(sum, SMALL)), c.node("Reciprocal", sum), secant);
            return InputGradients.of(c.add(m, c.multiply(c.multiply(total, slope), exponentialSlope(x, e, e0, c))));
        }
        Value inverse = c.multiply(c.add(c.node("Reciprocal", sum), c.node("Reciprocal", sum0)), 0.5);
        Value mean = c.multiply(c.add(e, e0), 0.5);
        Value toSum = c.negate(c.divide(c.sum(c.multiply(m, mean), axis), c.multiply(sum, sum0)));
        Value toExponential = c.add(c.multiply(m, inverse), toSum);
        return InputGradients.of(c.multiply(toExponential, exponentialSlope(x, e, e0, c)));
    }

    private Value exponentialSlope(Value x, Value e, Value e0, BackwardContext c) {
        Value dx = c.subtract(x, at(x));
        Value small = c.node("Less", c.node("Abs", dx), c.scalar(SMALL));
        return c.where(small, e, quotient(c.subtract(e, e0), dx, c));
    }

    /** a/b, and 0 where b is 0. */
    private static Value quotient(Value above, Value below, BackwardContext c) {
        return c.divide(c.multiply(above, below), c.add(c.multiply(below, below), c.scalar(TINY)));
    }

    /** A function of one or two computed values. */
    private InputGradients operands(Node node, List<Value> multipliers, BackwardContext c) {
        List<Integer> found = new ArrayList<>();
        for (int i = 0; i < node.inputs().size(); i++) {
            if (computed.contains(node.input(i))) {
                found.add(i);
            }
        }
        if (found.size() == 1) {
            int index = found.get(0);
            boolean alike = c.type(node.input(index))
                    .dimensions()
                    .equals(c.type(node.output()).dimensions());
            Value multiplier =
                    alike ? rescaled(node, index, multipliers, c) : secant(node, index, multipliers.get(0), c);
            return InputGradients.at(index, multiplier);
        }
        if (node.inputs().size() > 2) {
            throw refusal(node, found.size() + " of its operands depend on the picture; expected at most two");
        }
        return InputGradients.of(part(node, 0, multipliers.get(0), c), part(node, 1, multipliers.get(0), c));
    }

    /** The multiplier of one of two operands: its effect on y, averaged over the other at input and reference. */
    private Value part(Node node, int index, Value m, BackwardContext c) {
        Value own = node.input(index);
        Value own0 = at(own);
        Value other0 = at(node.input(1 - index));
        Value here = c.subtract(node.output(), evaluated(node, index, own0, node.input(1 - index), c));
        Value there = c.subtract(evaluated(node, index, own, other0, c), at(node.output()));
        Value change = c.multiply(c.multiply(m, c.add(here, there)), 0.5);
        return c.unbroadcast(quotient(change, c.subtract(own, own0), c), node.output(), own);
    }

    private static Value evaluated(Node node, int index, Value own, Value other, BackwardContext c) {
        return index == 0
                ? c.node(node.opType(), node.attributes(), own, other)
                : c.node(node.opType(), node.attributes(), other, own);
    }

    /** m Δy/Δx, summed over the positions that x was broadcast to. */
    private Value secant(Node node, int index, Value m, BackwardContext c) {
        Value x = node.input(index);
        Value change = c.multiply(m, c.subtract(node.output(), at(node.output())));
        return c.unbroadcast(quotient(change, c.subtract(x, at(x)), c), node.output(), x);
    }

    private Value rescaled(Node node, int index, List<Value> multipliers, BackwardContext c) {
        Value x = node.input(index);
        Value dx = c.subtract(x, at(x));
        Value dy = c.subtract(node.output(), at(node.output()));
        Value size = c.node("Abs", dx);
        boolean steep = form(node).isSteep();
        boolean smooth = steep || form(node) == Rescale.SECANT_OF_SMOOTH;
        Value small = c.node(
                "LessOrEqual",
                size,
                steep ? c.multiply(c.node("Abs", x), SMALL_SMOOTH) : c.scalar(smooth ? SMALL_SMOOTH : SMALL));
        Value slope = c.divide(dy, c.where(small, c.scalar(1), dx));
        Value gradient = derivative(node, multipliers, c).values().get(index);
        if (smooth) {
            gradient = c.multiply(c.add(gradient, derivativeAtReference(node, index, multipliers, c)), 0.5);
        }
        if (steep) {
            // At 0 the slope may be infinite, but the difference is 0.
            Value finite = c.node("Less", c.node("Abs", gradient), c.scalar(LARGE));
            gradient = c.where(finite, gradient, c.zero());
        }
        return c.where(small, gradient, c.multiply(multipliers.get(0), slope));
    }

    private Value derivativeAtReference(Node node, int index, List<Value> multipliers, BackwardContext c) {
        List<Value> inputs = node.inputs().stream().map(this::at).toList();
        Node mirrored = node.withInputs(inputs).withOutputs(List.of(at(node.output())));
        return derivative(mirrored, multipliers, c.forNode(mirrored, Set.of(inputs.get(index))))
                .values()
                .get(index);
    }

    /** Since y² = x, Δy = Δx/(y + y₀). */
    private InputGradients root(Node node, List<Value> multipliers, BackwardContext c) {
        Value y = node.output();
        return InputGradients.of(c.divide(multipliers.get(0), c.add(c.add(y, at(y)), c.scalar(1e-30))));
    }

    /** Δ(1/x) = −Δx/(x x₀). */
    private InputGradients reciprocal(Node node, List<Value> multipliers, BackwardContext c) {
        Value y = node.output();
        return InputGradients.of(c.negate(c.multiply(multipliers.get(0), c.multiply(y, at(y)))));
    }

    /**
     * Since y b = a, Δy = (Δa − ȳ Δb)/b̄ with means ȳ and b̄: nothing cancels where b and b₀ differ by orders of
     * magnitude. Where their signs differ, the means of 1/b and of a are used instead.
     */
    private InputGradients quotient(Node node, List<Value> multipliers, BackwardContext c) {
        Value m = multipliers.get(0);
        Value y = node.output();
        Value above = node.input(0);
        Value below = node.input(1);
        if (!computed.contains(below)) {
            return InputGradients.of(c.unbroadcast(c.divide(m, below), y, above));
        }
        Value below0 = at(below);
        Value sameSign = c.node("Greater", c.multiply(below, below0), c.zero());
        Value mean = c.multiply(c.add(below, below0), 0.5);
        Value inverse = c.where(
                sameSign,
                c.node("Reciprocal", mean),
                c.multiply(c.add(c.node("Reciprocal", below), c.node("Reciprocal", below0)), 0.5));
        Value toAbove = c.wants(0) ? c.unbroadcast(c.multiply(m, inverse), y, above) : Value.NONE;
        Value slope = c.where(
                sameSign,
                c.divide(c.multiply(c.add(y, at(y)), 0.5), mean),
                c.divide(middle(above, c), c.multiply(below, below0)));
        return InputGradients.of(toAbove, c.unbroadcast(c.negate(c.multiply(m, slope)), y, below));
    }

    /** The derivative at the mean of input and reference, for two computed factors. */
    private InputGradients bilinear(Node node, List<Value> multipliers, BackwardContext c) {
        int factors = OperatorTable.row(node).hasBias() ? 2 : node.inputs().size();
        List<Value> inputs = new ArrayList<>(node.inputs());
        Set<Value> wanted = new HashSet<>();
        int found = 0;
        for (int i = 0; i < inputs.size(); i++) {
            Value input = inputs.get(i);
            if (computed.contains(input) && i < factors) {
                Value mean = middle(input, c);
                c.builder().declare(mean, c.type(input));
                inputs.set(i, mean);
                found++;
            }
            if (c.wants(i)) {
                wanted.add(inputs.get(i));
            }
        }
        if (found < 2) {
            return derivative(node, multipliers, c);
        }
        if (found > 2) {
            throw refusal(node, found + " of its operands depend on the picture; expected at most two");
        }
        Node averaged = node.withInputs(inputs);
        return derivative(averaged, multipliers, c.forNode(averaged, wanted));
    }

    /** (v + v₀)/2, or v itself where it does not depend on the input. */
    private Value middle(Value value, BackwardContext c) {
        return computed.contains(value) ? c.multiply(c.add(value, at(value)), 0.5) : value;
    }

    private InputGradients extreme(Node node, List<Value> multipliers, BackwardContext c) {
        Value x = node.input(0);
        Value y = node.output();
        Node twin = twin(node, c);
        Value x0 = twin.input(0);
        Value y0 = twin.output();
        Value m = multipliers.get(0);
        Value cross = c.node(form(node) == Rescale.LEAST ? "Min" : "Max", y, y0);
        BackwardRule route = OperatorTable.derivative(node).orElseThrow();
        Value here = route.emit(node, List.of(c.multiply(m, c.subtract(cross, y0))), c)
                .values()
                .get(0);
        BackwardContext inner = c.forNode(twin, Collections.singleton(x0));
        Value there = route.emit(twin, List.of(c.multiply(m, c.subtract(y, cross))), inner)
                .values()
                .get(0);
        Value contribution = c.forward().forms().sum(here, there, c);
        boolean rectified = c.forward().isInner(x)
                && c.forward()
                        .producer(x)
                        .filter(source -> form(source).isHinge())
                        .isPresent();
        if (rectified) {
            contributions.add(contribution);
            return InputGradients.of(contribution);
        }
        return InputGradients.of(multiplier(contribution, x, x0, c));
    }

    /**
     * C/Δx for x's contribution C to an extreme. Where Δx is 0, so is C, since only a changed element can become the
     * extreme; only 0/0 must be avoided.
     */
    private static Value multiplier(Value contribution, Value x, Value x0, BackwardContext c) {
        return c.divide(contribution, c.add(c.subtract(x, x0), c.scalar(TINY_CHANGE)));
    }

    /** The node at the reference, expanded to the batch of the input. */
    private Node twin(Node node, BackwardContext c) {
        Value x = node.input(0);
        Value x0 = at(x);
        TensorType type = c.type(x);
        Node known = c.forward().producer(at(node.output())).orElse(node);
        if (known != node && c.type(x0).dimensions().equals(type.dimensions())) {
            return known;
        }
        Value expanded = c.expandLike(x0, x);
        c.builder().declare(expanded, type);
        if (c.forward().forms().isNonNegative(x, c)) {
            c.forward().forms().nonNegative(expanded);
        }
        List<Value> inputs = new ArrayList<>(node.inputs());
        inputs.set(0, expanded);
        Value extreme = c.node(node.opType(), node.attributes(), inputs.toArray(Value[]::new));
        c.builder().declare(extreme, c.type(node.output()));
        return new Node(extreme.name(), "", node.opType(), inputs, List.of(extreme), node.attributes());
    }
}
