package dev.vitrine.engine.rewrite;

import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphTransform;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;

/**
 * Takes out what lies between two values of one shape: whatever read {@code value} reads {@code source}, which comes
 * earlier. The network of the other layers stays as it is.
 *
 * <p>Needs the types of both.
 */
public record Bypass(Value value, Value source) implements GraphTransform {
    @Override
    public Graph apply(Graph graph) {
        TensorType found = graph.types().get(source);
        TensorType expected = graph.types().get(value);
        if (found == null || !found.equals(expected)) {
            throw new IllegalArgumentException(
                    "'" + source + "' is " + found + "; expected " + expected + " as '" + value + "'");
        }
        return new Patch(graph).read(value, source).apply();
    }
}
