package dev.vitrine.lens.visualization.penalty;

import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.Value;

/** What a picture costs by itself, whatever a network says of it. */
public interface Penalty {
    /** Writes the cost of all pictures {@code f32[N,C,H,W], 0..1} together, a number. */
    Value emit(GraphBuilder builder, Value pictures, long[] shape);

    /** For options and provenance: {@code total variation 0.001}. */
    String label();
}
