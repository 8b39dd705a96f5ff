package dev.vitrine.lens.visualization.penalty;

import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.Value;

/** A penalty on a picture, independent of the network. */
public interface Penalty {
    /** Emits the total penalty of all pictures {@code f32[N,C,H,W], 0..1}, a scalar. */
    Value emit(GraphBuilder builder, Value pictures, long[] shape);

    /** For options and provenance: {@code total variation 0.001}. */
    String label();
}
