package dev.vitrine.engine.gradient;

import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.operator.Operator;
import dev.vitrine.engine.operator.OperatorTable;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import java.nio.FloatBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/** Values of a graph that are non-negative for every input, as far as their operators guarantee it. */
final class NonNegative {
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
        Operator row = OperatorTable.row(node);
        List<Value> inputs = node.inputs();
        return switch (row.signs()) {
            case NEVER_NEGATIVE -> true;
            case OF_OPERANDS ->
                IntStream.range(0, inputs.size())
                        .filter(row.numbers()::contains)
                        .mapToObj(inputs::get)
                        .filter(Value::isPresent)
                        .allMatch(this::contains);
            case OF_GREATEST -> inputs.stream().anyMatch(this::contains);
            case OF_BOUNDS -> contains(node.input(0)) && !node.input(2).isPresent() || isConstant(node.input(1));
            case ANY -> false;
        };
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
