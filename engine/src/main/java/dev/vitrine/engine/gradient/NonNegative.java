package dev.vitrine.engine.gradient;

import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import java.nio.FloatBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Values of a graph that are non-negative for every input, as far as their operators guarantee it. */
final class NonNegative {
    /** Operators whose outputs are never negative. */
    private static final Set<String> ALWAYS = Set.of(
            "Relu",
            "Sigmoid",
            "HardSigmoid",
            "Softmax",
            "Softplus",
            "Exp",
            "Abs",
            "Sqrt",
            "ReduceL1",
            "ReduceL2",
            "ReduceSumSquare",
            "LpPool");

    /** Operators whose outputs are non-negative if all their inputs are. */
    private static final Set<String> KEEPING = Set.of(
            "MaxPool",
            "AveragePool",
            "GlobalMaxPool",
            "GlobalAveragePool",
            "ReduceMean",
            "ReduceSum",
            "ReduceMax",
            "ReduceMin",
            "Add",
            "Sum",
            "Mean",
            "Mul",
            "Min",
            "LeakyRelu",
            "Elu",
            "HardSwish",
            "Tanh",
            "Concat",
            "Where");

    /** Operators whose outputs are non-negative if their first input is. */
    private static final Set<String> MOVING = Set.of(
            "Split",
            "Slice",
            "Reshape",
            "Flatten",
            "Squeeze",
            "Unsqueeze",
            "Transpose",
            "Expand",
            "Tile",
            "Gather",
            "Identity",
            "Dropout",
            "DepthToSpace",
            "SpaceToDepth");

    private static final Set<String> BOUNDED = Set.of("Clip");
    private static final Set<String> GREATEST = Set.of("Max");
    private static final Set<String> PADDED = Set.of("Pad");

    private final Map<Value, Tensor> constants;
    private final Set<Value> values = new HashSet<>();

    NonNegative(Graph graph) {
        constants = graph.constants();
        for (Node node : graph.nodes()) {
            if (holdsFor(node)) {
                values.addAll(node.outputs());
            }
        }
    }

    boolean contains(Value value) {
        return values.contains(value) || isConstant(value);
    }

    private boolean holdsFor(Node node) {
        String operator = node.operator();
        List<Value> inputs = node.inputs();
        if (ALWAYS.contains(operator)) {
            return true;
        }
        if (KEEPING.contains(operator)) {
            return inputs.stream().filter(Value::isPresent).allMatch(input -> contains(input) || isNoNumber(input));
        }
        if (MOVING.contains(operator)) {
            return contains(node.input(0));
        }
        if (BOUNDED.contains(operator)) {
            return contains(node.input(0)) && !node.input(2).isPresent() || isConstant(node.input(1));
        }
        if (GREATEST.contains(operator)) {
            return inputs.stream().anyMatch(this::contains);
        }
        return PADDED.contains(operator)
                && contains(node.input(0))
                && (!node.input(2).isPresent() || isConstant(node.input(2)));
    }

    /** Axes, shapes and conditions. */
    private boolean isNoNumber(Value value) {
        Tensor constant = constants.get(value);
        return constant != null && constant.elementType() != ElementType.FLOAT32;
    }

    private boolean isConstant(Value value) {
        Tensor constant = constants.get(value);
        if (constant == null || constant.elementType() != ElementType.FLOAT32) {
            return false;
        }
        FloatBuffer data = constant.floats();
        for (int i = 0; i < data.limit(); i++) {
            if (!(data.get(i) >= 0)) {
                return false;
            }
        }
        return true;
    }
}
