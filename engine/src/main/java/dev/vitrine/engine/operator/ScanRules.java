package dev.vitrine.engine.operator;

import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.Value;
import java.util.Arrays;
import java.util.List;

/** Gradients of scans, of selections by index, and of products over axes. */
final class ScanRules {
    private ScanRules() {}

    /**
     * Of yᵢ = Σ xⱼ over j ≤ i ({@code j < i} if exclusive, from the end if reverse): the same sum of dy in the other
     * direction.
     */
    static InputGradients cumulativeSum(Node node, List<Value> gradients, BackwardContext c) {
        Attributes attributes = Attributes.NONE
                .with("exclusive", node.attributes().integer("exclusive", 0))
                .with("reverse", 1 - node.attributes().integer("reverse", 0));
        return InputGradients.of(c.node("CumSum", attributes, gradients.get(0), node.input(1)));
    }

    /**
     * Of y = Π xᵢ: dxᵢ = dy · Πⱼ≠ᵢ xⱼ. Without a zero factor the product is y / xᵢ; with one, only that factor's
     * product is nonzero; with more, all are 0.
     */
    static InputGradients product(Node node, List<Value> gradients, BackwardContext c) {
        return ReductionRules.reduce(node, gradients, c, (x, y, dy, axes) -> {
            Value zero = c.node("Equal", x, c.zero());
            Value one = c.where(zero, c.scalar(1), c.zero());
            Value count = c.sum(one, axes);
            Attributes kept = Attributes.NONE.with("keepdims", 1);
            Value filled = c.where(zero, c.scalar(1), x);
            Value others = c.node("ReduceProd", kept, filled, c.builder().vector(axes));
            Value counted = c.node("Equal", count, one);
            Value share = c.divide(c.multiply(dy, others), filled);
            return c.where(counted, share, c.zero());
        });
    }

    /** Of y = log Σ x: dx = dy / Σ x, and 0 where the sum is 0. */
    static InputGradients logSum(Node node, List<Value> gradients, BackwardContext c) {
        return ReductionRules.reduce(
                node, gradients, c, (x, y, dy, axes) -> c.expandLike(c.divide(dy, c.divisor(c.sum(x, axes))), x));
    }

    /** TopK: each value's gradient returns to its source element; the indices have none. */
    static InputGradients top(Node node, List<Value> gradients, BackwardContext c) {
        if (!gradients.get(0).isPresent()) {
            return InputGradients.NOTHING;
        }
        Attributes along = Attributes.NONE.with("axis", node.attributes().integer("axis", -1));
        Value indices = c.forwardOutput(1);
        return InputGradients.of(
                c.node("ScatterElements", along, c.zerosLike(node.input(0)), indices, gradients.get(0)));
    }

    /** Compress: gradients return to the kept entries along the axis, or among all elements. */
    static InputGradients compress(Node node, List<Value> gradients, BackwardContext c) {
        Value x = node.input(0);
        boolean flat = !node.attributes().has("axis");
        int rank = c.rank(x);
        int axis = flat ? 0 : (int) Math.floorMod(node.attributes().integer("axis", 0), (long) rank);
        Value kept = c.reshape(c.node("NonZero", node.input(1)), -1);
        Value data = flat ? c.reshape(c.zerosLike(x), -1) : c.zerosLike(x);
        long[] row = new long[flat ? 1 : rank];
        Arrays.fill(row, 1);
        row[axis] = -1;
        Value indices = c.node("Expand", c.reshape(kept, row), c.node("Shape", gradients.get(0)));
        Value scattered =
                c.node("ScatterElements", Attributes.NONE.with("axis", axis), data, indices, gradients.get(0));
        return InputGradients.of(flat ? c.reshapeLike(scattered, x) : scattered);
    }

    /** GatherND: gradients return to the elements read, summed where one was read more than once. */
    static InputGradients gatherPlaces(Node node, List<Value> gradients, BackwardContext c) {
        Value x = node.input(0);
        long batches = node.attributes().integer("batch_dims", 0);
        if (batches != 0) {
            throw c.unsupported("batch_dims=" + batches, "0", "Gather with explicit batch indices");
        }
        Attributes add = Attributes.NONE.with("reduction", "add");
        return InputGradients.of(c.node("ScatterND", add, c.zerosLike(x), node.input(1), gradients.get(0)));
    }

    /** ScatterND: updates get dy at their positions; the data gets dy, except where an update replaced it. */
    static InputGradients scatterPlaces(Node node, List<Value> gradients, BackwardContext c) {
        String reduction = node.attributes().text("reduction", "none");
        if (!reduction.equals("add") && !reduction.equals("none")) {
            throw c.unsupported("reduction=" + reduction, "none or add", "Scatter with reduction=add");
        }
        Value gradient = gradients.get(0);
        Value indices = node.input(1);
        Value data = c.wants(0) && reduction.equals("none")
                ? c.node("ScatterND", gradient, indices, c.zerosLike(node.input(2)))
                : gradient;
        Value updates = c.wants(2) ? c.node("GatherND", gradient, indices) : Value.NONE;
        return InputGradients.of(data, Value.NONE, updates);
    }
}
