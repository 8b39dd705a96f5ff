package dev.vitrine.engine.operator;

import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** Gradients of element-wise arithmetic; each is summed over the axes along which its operand was broadcast. */
final class ArithmeticRules {
    private ArithmeticRules() {}

    /** Of y = Σ xᵢ: dxᵢ = dy. */
    static InputGradients sum(Node node, List<Value> gradients, BackwardContext c) {
        return eachInput(node, c, index -> gradients.get(0));
    }

    static InputGradients mean(Node node, List<Value> gradients, BackwardContext c) {
        Value share = c.multiply(gradients.get(0), 1.0 / node.inputs().size());
        return eachInput(node, c, index -> share);
    }

    static InputGradients subtract(Node node, List<Value> gradients, BackwardContext c) {
        return eachInput(node, c, index -> index == 0 ? gradients.get(0) : c.negate(gradients.get(0)));
    }

    static InputGradients multiply(Node node, List<Value> gradients, BackwardContext c) {
        return eachInput(node, c, index -> c.multiply(gradients.get(0), node.input(1 - index)));
    }

    /** Of y = a/b: da = dy/b, db = −dy · y/b, and 0 where b = 0. */
    static InputGradients divide(Node node, List<Value> gradients, BackwardContext c) {
        Value divisor = c.divisor(node.input(1));
        Value quotient = c.divide(gradients.get(0), divisor);
        Value y = divisor.equals(node.input(1)) || !c.wants(1) ? node.output() : c.divide(node.input(0), divisor);
        return eachInput(node, c, index -> index == 0 ? quotient : c.negate(c.multiply(quotient, y)));
    }

    /** Of y = a − n b with whole n = (a − y)/b: da = dy, db = −n dy. */
    static InputGradients remainder(Node node, List<Value> gradients, BackwardContext c) {
        Value gradient = gradients.get(0);
        return eachInput(node, c, index -> {
            if (index == 0) {
                return gradient;
            }
            Value turns = c.divide(c.subtract(node.input(0), node.output()), c.divisor(node.input(1)));
            return c.negate(c.multiply(gradient, c.node("Round", turns)));
        });
    }

    /** Of y = aᵇ: da = dy · b · aᵇ⁻¹ (0 where that is infinite, or dy = 0), db = dy · y · log a (0 where a ≤ 0). */
    static InputGradients power(Node node, List<Value> gradients, BackwardContext c) {
        Value base = node.input(0);
        Value exponent = node.input(1);
        Value gradient = gradients.get(0);
        return eachInput(node, c, index -> {
            if (index == 0) {
                return powerOfBase(base, exponent, gradient, c);
            }
            Value positive = c.node("Greater", base, c.zero());
            Value logarithm = c.where(positive, c.node("Log", c.where(positive, base, c.scalar(1))), c.zero());
            return c.multiply(c.multiply(gradient, node.output()), logarithm);
        });
    }

    private static Value powerOfBase(Value base, Value exponent, Value gradient, BackwardContext c) {
        Value lower = c.subtract(exponent, c.cast(c.scalar(1), exponent));
        Value scaled = c.multiply(gradient, c.cast(exponent, base));
        boolean smooth = c.constant(exponent)
                .filter(tensor -> tensor.elements() == 1)
                .map(ArithmeticRules::isWholeAndPositive)
                .orElse(false);
        if (smooth) {
            return c.multiply(scaled, c.node("Pow", base, lower));
        }
        Value steep = c.node("And", c.node("Equal", base, c.zero()), c.node("Less", c.cast(lower, base), c.zero()));
        Value slope = c.node("Pow", c.where(steep, c.scalar(1), base), lower);
        Value unused = c.node("Or", steep, c.node("Equal", gradient, c.zero()));
        return c.where(unused, c.zero(), c.multiply(scaled, slope));
    }

    private static boolean isWholeAndPositive(Tensor exponent) {
        double value = switch (exponent.elementType()) {
            case FLOAT32 -> exponent.floats().get(0);
            case INT64 -> exponent.longs().get(0);
            default -> 0;
        };
        return value >= 1 && value == Math.rint(value);
    }

    /** Each element's gradient goes to the operand it was taken from; of equal ones, to the first. */
    static InputGradients extreme(Node node, List<Value> gradients, BackwardContext c) {
        Value remaining = gradients.get(0);
        List<Value> results = new ArrayList<>();
        for (int index = 0; index < node.inputs().size(); index++) {
            Value input = node.input(index);
            if (index == node.inputs().size() - 1) {
                results.add(c.wants(index) ? c.unbroadcast(remaining, node.output(), input) : Value.NONE);
                break;
            }
            Value taken = c.node("Equal", input, node.output());
            results.add(
                    c.wants(index)
                            ? c.unbroadcast(c.where(taken, remaining, c.zero()), node.output(), input)
                            : Value.NONE);
            remaining = c.where(taken, c.zero(), remaining);
        }
        return new InputGradients(results);
    }

    static InputGradients where(Node node, List<Value> gradients, BackwardContext c) {
        Value condition = node.input(0);
        Value gradient = gradients.get(0);
        Value yes = c.wants(1)
                ? c.unbroadcast(c.where(condition, gradient, c.zero()), node.output(), node.input(1))
                : Value.NONE;
        Value no = c.wants(2)
                ? c.unbroadcast(c.where(condition, c.zero(), gradient), node.output(), node.input(2))
                : Value.NONE;
        return InputGradients.of(Value.NONE, yes, no);
    }

    private interface Operand {
        /** The gradient of an operand in the shape of the output. */
        Value gradient(int index);
    }

    private static InputGradients eachInput(Node node, BackwardContext c, Operand operand) {
        List<Value> results = new ArrayList<>();
        for (int index = 0; index < node.inputs().size(); index++) {
            results.add(
                    c.wants(index)
                            ? c.unbroadcast(operand.gradient(index), node.output(), node.input(index))
                            : Value.NONE);
        }
        return new InputGradients(results);
    }
}
