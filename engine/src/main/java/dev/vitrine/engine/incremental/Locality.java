package dev.vitrine.engine.incremental;

import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/** Which places of its inputs a place of an operator's output depends on, for maps {@code [N,C,H,W]}. */
sealed interface Locality {
    /** Place (i, j) of every map that the node reads. */
    record Pointwise() implements Locality {}

    /**
     * A window of the node's first input.
     *
     * @param outside what stands beyond the map's border
     * @param operator that computes the places of a rectangle from what they read, borders filled in
     * @param attributes of that operator
     * @param weights what it reads besides
     * @param factor of each place, where windows that leave the map count otherwise
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
     * The sum over all places, times a factor.
     *
     * @param scale 1/(H·W) for a mean, 1 for a sum
     */
    record Total(double scale) implements Locality {}

    /** Every place, as far as is known. */
    record Anywhere() implements Locality {}
}
