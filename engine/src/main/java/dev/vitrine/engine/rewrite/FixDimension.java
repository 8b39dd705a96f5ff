package dev.vitrine.engine.rewrite;

import dev.vitrine.engine.graph.Dimension;
import dev.vitrine.engine.graph.Extent;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphTransform;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import java.util.LinkedHashMap;
import java.util.Map;

/** Fixes an open dimension, and all sizes that depend on it ({@link Extent}), so that the runtime can plan better. */
public record FixDimension(Dimension open, long size) implements GraphTransform {
    @Override
    public Graph apply(Graph graph) {
        if (open.isFixed()) {
            return graph;
        }
        Map<Value, TensorType> types = new LinkedHashMap<>();
        graph.types().forEach((value, type) -> types.put(value, fixed(type)));
        return graph.withTypes(types);
    }

    private TensorType fixed(TensorType type) {
        return new TensorType(
                type.elementType(),
                type.dimensions().stream()
                        .map(dimension -> Extent.of(dimension, open)
                                .map(extent -> Dimension.of(extent.at(size)))
                                .orElse(dimension))
                        .toList());
    }
}
