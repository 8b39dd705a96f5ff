package dev.vitrine.lens.objective;

import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.lens.model.Model;

/** G[c,d] = mean over places of y[c] · y[d]: channel co-occurrence. Gatys et al. 2015, arXiv:1505.07376. */
public final class GramMatrix {
    private GramMatrix() {}

    /** Writes the matrix of a layer, {@code f32[N,C,C]}. */
    public static Value emit(Model model, Value layer, GraphBuilder b) {
        TensorType type = LayerRows.maps(model, layer);
        long channels = type.dimension(1).size();
        long places = type.dimension(2).size() * type.dimension(3).size();
        Value maps = b.node("Reshape", layer, b.vector(0, channels, places));
        Value turned = b.node("Transpose", Attributes.NONE.with("perm", 0, 2, 1), maps);
        Value gram = b.node("Mul", b.node("MatMul", maps, turned), b.constant(1f / places));
        return gram;
    }
}
