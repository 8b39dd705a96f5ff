package dev.vitrine.engine.incremental;

import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/** Which positions of its inputs a position of an operator's output depends on, for maps {@code [N,C,H,W]}. */
sealed interface Locality {
    /** Position (i, j) of every map that the node reads. */
    record Pointwise() implements Locality {}

    /**
     * A window of the node's first input.
     *
     * @param outside value outside the map
     * @param operator computes the positions of a rectangle from padded input
     * @param attributes of that operator
     * @param weights its other inputs
     * @param factor of each position, where windows that leave the map are weighted differently
     */
    record Sliding(
            Slide rows,
            Slide columns,
            float outside,
            String operator,
            Attributes attributes,
            List<Value> weights,
            Optional<Tensor> factor)
            implements Locality {
        boolean staysInside() {
            return rows.staysInside() && columns.staysInside() && factor.isEmpty();
        }
    }

    /**
     * The sum over all positions, times a factor.
     *
     * @param scale 1/(H·W) for a mean, 1 for a sum
     */
    record Total(double scale) implements Locality {}

    /** Possibly every position. */
    record Anywhere() implements Locality {}
}
