package dev.vitrine.engine.runtime;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.graph.Dimension;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.tensor.Tensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Checks the inputs of a run against the graph's types. */
final class InputCheck {
    private InputCheck() {}

    static void check(Graph graph, Map<Value, Tensor> inputs) {
        for (Value input : graph.inputs()) {
            Tensor tensor = inputs.get(input);
            if (tensor == null) {
                throw VitrineException.usage("Input '" + input + "' is missing; expected "
                        + graph.types().get(input) + ".");
            }
            TensorType type = graph.types().get(input);
            if (!fits(type, tensor)) {
                throw VitrineException.usage("Input '" + input + "': found a tensor " + TensorType.of(tensor)
                        + "; expected " + type + ". Give a tensor of that shape and type.");
            }
        }
    }

    private static boolean fits(TensorType type, Tensor tensor) {
        if (type.elementType() != tensor.elementType() || type.rank() != tensor.rank()) {
            return false;
        }
        for (int axis = 0; axis < type.rank(); axis++) {
            Dimension dimension = type.dimension(axis);
            if (dimension.isFixed() && dimension.size() != tensor.dimension(axis)) {
                return false;
            }
        }
        return true;
    }

    /** Memory for an output whose shape follows from the inputs' shapes through dimension symbols. */
    static Optional<Tensor> resolve(Graph graph, Value output, Map<Value, Tensor> inputs) {
        Optional<TensorType> type = graph.type(output);
        if (type.isEmpty() || !NativeTensors.isPassable(type.get().elementType())) {
            return Optional.empty();
        }
        Map<Dimension, Long> sizes = new HashMap<>();
        for (Value input : graph.inputs()) {
            List<Dimension> dimensions = graph.types().get(input).dimensions();
            for (int axis = 0; axis < dimensions.size(); axis++) {
                sizes.put(dimensions.get(axis), inputs.get(input).dimension(axis));
            }
        }
        long[] shape = type.get().shape();
        for (int axis = 0; axis < shape.length; axis++) {
            Dimension dimension = type.get().dimension(axis);
            if (dimension.isFixed()) {
                continue;
            }
            if (dimension.equals(Dimension.UNKNOWN) || !sizes.containsKey(dimension)) {
                return Optional.empty();
            }
            shape[axis] = sizes.get(dimension);
        }
        long bytes = Tensor.elements(shape) * type.get().elementType().bytes();
        return bytes > Integer.MAX_VALUE
                ? Optional.empty()
                : Optional.of(Tensor.zeros(type.get().elementType(), shape));
    }
}
