package dev.vitrine.lens.attribution;

import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.Value;

/** Upsampling of small maps to the size of the picture within a graph. */
public final class Enlargement {
    private Enlargement() {}

    /**
     * Bilinear between cell centers, to an exact size: a rounded scale factor may be off by a pixel.
     *
     * @param map {@code f32[N,C,h,w]}
     * @return {@code f32[N,C,height,width]}
     */
    public static Value bilinear(GraphBuilder builder, Value map, long height, long width) {
        return builder.node(
                "Resize",
                Attributes.NONE.with("mode", "linear").with("axes", 2, 3),
                map,
                Value.NONE,
                Value.NONE,
                builder.vector(height, width));
    }
}
