package dev.vitrine.lens.objective;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.graph.Dimension;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.model.Model;
import java.util.List;

/**
 * A layer flattened to one row per sample.
 *
 * @param value {@code f32[N,size]}
 */
record LayerRows(GraphBuilder builder, Value value, Dimension batch, long size) {
    static LayerRows of(Model model, Value layer, GraphBuilder builder) {
        TensorType type = type(model, layer);
        long size = 1;
        for (int axis = 1; axis < type.rank(); axis++) {
            size *= type.dimension(axis).size();
        }
        Value flat = builder.node("Reshape", layer, builder.vector(0, size));
        LayerRows rows = new LayerRows(builder, flat, type.dimension(0), size);
        rows.declared(flat);
        return rows;
    }

    /**
     * The rows of a layer beside features of another picture that must be as many.
     *
     * @param purpose what they are for, in words: {@code to match}
     */
    static LayerRows beside(Tensor features, String purpose, Model model, Value layer, GraphBuilder builder) {
        LayerRows rows = of(model, layer, builder);
        if (features.elements() != rows.size()) {
            throw VitrineException.usage("Layer '" + layer + "': found " + features + " " + purpose + "; expected "
                    + model.graph().types().get(layer) + ". Take the features from a picture of the same size.");
        }
        return rows;
    }

    /** The layer's type, with fixed sizes except the batch. */
    static TensorType type(Model model, Value layer) {
        TensorType type = model.graph()
                .type(layer)
                .orElseThrow(
                        () -> VitrineException.usage("Model '" + model.name() + "' has no layer '" + layer + "'."));
        for (int axis = 1; axis < type.rank(); axis++) {
            if (!type.dimension(axis).isFixed()) {
                throw VitrineException.usage("Layer '" + layer + "' has the open size '" + type.dimension(axis)
                        + "'; expected fixed sizes. Give the model a fixed input size.");
            }
        }
        return type;
    }

    /** The layer's type, if it has height and width. */
    static TensorType maps(Model model, Value layer) {
        TensorType type = type(model, layer);
        if (type.rank() != 4) {
            throw VitrineException.usage(
                    "Layer '" + layer + "' is " + type
                            + ", without height and width; expected a stack of maps. See the layers with: vitrine layers MODEL");
        }
        return type;
    }

    /** States that a value is {@code f32[N,size]}. */
    Value declared(Value row) {
        builder.declare(row, new TensorType(ElementType.FLOAT32, List.of(batch, Dimension.of(size))));
        return row;
    }

    /** States that a value is {@code f32[N]}. */
    Value declaredScore(Value score) {
        builder.declare(score, new TensorType(ElementType.FLOAT32, List.of(batch)));
        return score;
    }
}
