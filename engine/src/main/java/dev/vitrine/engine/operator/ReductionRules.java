package dev.vitrine.engine.operator;

import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.Value;
import java.util.List;
import java.util.stream.LongStream;

/** Gradients of reductions: dy is spread over the reduced axes. */
final class ReductionRules {
    private ReductionRules() {}

    interface Spread {
        /** ∂/∂x, where dy and y have the reduced axes as size 1. */
        Value emit(Value x, Value y, Value gradient, long[] axes);
    }

    static InputGradients reduce(Node node, List<Value> gradients, BackwardContext c, Spread spread) {
        Value x = node.input(0);
        long[] axes = axes(node, c);
        Value gradient = gradients.get(0);
        Value y = node.output();
        if (node.attributes().integer("keepdims", 1) == 0) {
            gradient = c.node("Unsqueeze", gradient, c.builder().vector(axes));
            y = c.node("Unsqueeze", y, c.builder().vector(axes));
        }
        return InputGradients.of(axes.length == 0 ? gradient : spread.emit(x, y, gradient, axes));
    }

    static InputGradients sum(Node node, List<Value> gradients, BackwardContext c) {
        return reduce(node, gradients, c, (x, y, dy, axes) -> c.expandLike(dy, x));
    }

    static InputGradients mean(Node node, List<Value> gradients, BackwardContext c) {
        return reduce(node, gradients, c, (x, y, dy, axes) -> c.expandLike(c.divide(dy, c.ratio(x, node.output())), x));
    }

    /** dy is shared evenly among all elements equal to the extreme. */
    static InputGradients extreme(Node node, List<Value> gradients, BackwardContext c) {
        return reduce(node, gradients, c, (x, y, dy, axes) -> {
            Value chosen = c.where(c.node("Equal", x, y), c.scalar(1), c.zero());
            return c.multiply(chosen, c.divide(dy, c.sum(chosen, axes)));
        });
    }

    static InputGradients l1(Node node, List<Value> gradients, BackwardContext c) {
        return reduce(node, gradients, c, (x, y, dy, axes) -> c.multiply(c.node("Sign", x), dy));
    }

    /** dx = dy · x / y, and 0 where y = 0. */
    static InputGradients l2(Node node, List<Value> gradients, BackwardContext c) {
        return reduce(
                node,
                gradients,
                c,
                (x, y, dy, axes) -> c.multiply(x, c.where(c.node("Equal", y, c.zero()), c.zero(), c.divide(dy, y))));
    }

    static InputGradients sumSquare(Node node, List<Value> gradients, BackwardContext c) {
        return reduce(node, gradients, c, (x, y, dy, axes) -> c.multiply(x, c.multiply(dy, 2)));
    }

    static InputGradients logSumExp(Node node, List<Value> gradients, BackwardContext c) {
        return reduce(node, gradients, c, (x, y, dy, axes) -> c.multiply(dy, c.node("Exp", c.subtract(x, y))));
    }

    private static long[] axes(Node node, BackwardContext c) {
        int rank = c.rank(node.input(0));
        if (node.input(1).isPresent()) {
            long[] given = StructureRules.constantLongs(node, 1, c);
            if (given.length > 0) {
                return LongStream.of(given)
                        .map(axis -> axis < 0 ? axis + rank : axis)
                        .sorted()
                        .toArray();
            }
        }
        return node.attributes().integer("noop_with_empty_axes", 0) == 1
                ? new long[0]
                : LongStream.range(0, rank).toArray();
    }
}
