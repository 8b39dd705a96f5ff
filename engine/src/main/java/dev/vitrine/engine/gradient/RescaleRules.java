package dev.vitrine.engine.gradient;

import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.operator.BackwardContext;
import dev.vitrine.engine.operator.BackwardRule;
import dev.vitrine.engine.operator.InputGradients;
import dev.vitrine.engine.operator.Operator;
import dev.vitrine.engine.operator.OperatorTable;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * DeepLIFT's rescale rule as backward rules: what is carried back is the multiplier m = Δobjective/Δvalue against a
 * reference input, so that Σ m ⊙ Δinput = Δobjective. Shrikumar et al. 2017, arXiv:1704.02685.
 *
 * <p>Element-wise functions: mₓ = m_y Δy/Δx, and m_y f'(x) where |Δx| is below 1e-6. Products of two computed values:
 * the mean of the other factor at input and reference. Max pooling: with c = max(y, y₀), c − y₀ goes to the switch at
 * the input and y − c to the switch at the reference. Quotients: of 1/b the mean, of b the mean of a times −1/(b b₀).
 * Linear operators keep their derivative. So does the rest (normalisation by computed statistics, softmax, extremes of
 * two computed values), and there the sum need not hold.
 */
public final class RescaleRules {
    private static final double SMALL = 1e-6;
    private static final NodeSelector WITH_SWITCHES = NodeSelector.operators("MaxPool");

    private final Map<Value, Value> reference;

    private RescaleRules(Map<Value, Value> reference) {
        this.reference = reference;
    }

    /**
     * The rules against one reference input.
     *
     * @param reference for each value, the same value of the reference input, as from {@code Mirror}
     */
    public static BackwardRules of(Map<Value, Value> reference) {
        RescaleRules rules = new RescaleRules(reference);
        return BackwardRules.PLAIN
                .with(NodeSelector.kind(Operator.Kind.ACTIVATION), rules::elementWise)
                .with(NodeSelector.operators("Softmax", "LogSoftmax"), RescaleRules::derivative)
                .with(NodeSelector.operators("Min", "Max", "Pow"), rules::oneOperand)
                .with(NodeSelector.operators("Mul"), rules::product)
                .with(NodeSelector.operators("Div"), rules::quotient)
                .with(NodeSelector.operators("MatMul"), rules::matrixProduct)
                .with(NodeSelector.operators("MaxPool", "GlobalMaxPool"), rules::maxPool);
    }

    private Value at(Value value) {
        return reference.getOrDefault(value, value);
    }

    private InputGradients elementWise(Node node, List<Value> multipliers, BackwardContext c) {
        return InputGradients.of(rescaled(node, 0, multipliers, c));
    }

    /** A function of one computed value and constants. */
    private InputGradients oneOperand(Node node, List<Value> multipliers, BackwardContext c) {
        int[] computed = IntStream.range(0, node.inputs().size())
                .filter(i -> reference.containsKey(node.input(i)))
                .toArray();
        boolean elementWise = computed.length == 1
                && c.type(node.input(computed[0]))
                        .dimensions()
                        .equals(c.type(node.output()).dimensions());
        return elementWise
                ? InputGradients.at(computed[0], rescaled(node, computed[0], multipliers, c))
                : derivative(node, multipliers, c);
    }

    private static InputGradients derivative(Node node, List<Value> multipliers, BackwardContext c) {
        return OperatorTable.find(node).orElseThrow().rule().emit(node, multipliers, c);
    }

    private Value rescaled(Node node, int index, List<Value> multipliers, BackwardContext c) {
        Value x = node.input(index);
        Value dx = c.subtract(x, at(x));
        Value dy = c.subtract(node.output(), at(node.output()));
        Value small = c.node("Less", c.node("Abs", dx), c.scalar(SMALL));
        Value slope = c.divide(dy, c.where(small, c.scalar(1), dx));
        Value gradient = derivative(node, multipliers, c).values().get(index);
        return c.where(small, gradient, c.multiply(multipliers.get(0), slope));
    }

    private InputGradients quotient(Node node, List<Value> multipliers, BackwardContext c) {
        Value m = multipliers.get(0);
        Value above = node.input(0);
        Value below = node.input(1);
        Value toAbove = Value.NONE;
        Value toBelow = Value.NONE;
        if (c.wants(0)) {
            Value inverse = c.add(c.node("Reciprocal", below), c.node("Reciprocal", at(below)));
            toAbove = c.unbroadcast(c.multiply(m, c.multiply(inverse, 0.5)), node.output(), above);
        }
        if (c.wants(1)) {
            Value slope = c.divide(middle(above, c), c.multiply(below, at(below)));
            toBelow = c.unbroadcast(c.negate(c.multiply(m, slope)), node.output(), below);
        }
        return InputGradients.of(toAbove, toBelow);
    }

    private InputGradients product(Node node, List<Value> multipliers, BackwardContext c) {
        Value m = multipliers.get(0);
        return InputGradients.of(
                c.wants(0)
                        ? c.unbroadcast(c.multiply(m, middle(node.input(1), c)), node.output(), node.input(0))
                        : Value.NONE,
                c.wants(1)
                        ? c.unbroadcast(c.multiply(m, middle(node.input(0), c)), node.output(), node.input(1))
                        : Value.NONE);
    }

    private InputGradients matrixProduct(Node node, List<Value> multipliers, BackwardContext c) {
        if (!c.wants(0) || !c.wants(1)) {
            return derivative(node, multipliers, c);
        }
        Value left = typed(middle(node.input(0), c), node.input(0), c);
        Value right = typed(middle(node.input(1), c), node.input(1), c);
        Node averaged = node.withInputs(List.of(left, right));
        return OperatorTable.find(node)
                .orElseThrow()
                .rule()
                .emit(averaged, multipliers, c.forNode(averaged, Set.of(left, right)));
    }

    private static Value typed(Value value, Value like, BackwardContext c) {
        c.builder().declare(value, c.type(like));
        return value;
    }

    /** (v + v₀)/2, or v itself where it does not depend on the input. */
    private Value middle(Value value, BackwardContext c) {
        return reference.containsKey(value) ? c.multiply(c.add(value, at(value)), 0.5) : value;
    }

    private InputGradients maxPool(Node node, List<Value> multipliers, BackwardContext c) {
        Value x = node.input(0);
        Value y = node.output();
        Value yReference = at(y);
        Value cross = c.node("Max", y, yReference);
        Value m = multipliers.get(0);
        Value toSwitch = c.multiply(m, c.subtract(cross, yReference));
        Value toReferenceSwitch = c.multiply(m, c.subtract(y, cross));
        BackwardRule route = OperatorTable.find(node).orElseThrow().rule();
        Value here = route.emit(node, List.of(toSwitch), c).values().get(0);
        List<Value> outputs = WITH_SWITCHES.selects(node)
                ? List.of(
                        at(y),
                        c.builder()
                                .nodes("MaxPool", 2, node.attributes(), at(x))
                                .get(1))
                : List.of(at(y));
        Node mirrored = new Node(
                node.name() + ".reference", node.domain(), node.opType(), List.of(at(x)), outputs, node.attributes());
        Value there = route.emit(mirrored, List.of(toReferenceSwitch), c.forNode(mirrored, Set.of(at(x))))
                .values()
                .get(0);
        Value dx = c.subtract(x, at(x));
        Value none = c.node("Equal", dx, c.zero());
        Value contribution = c.add(here, there);
        return InputGradients.of(c.where(none, c.zero(), c.divide(contribution, c.where(none, c.scalar(1), dx))));
    }
}
