package dev.vitrine.engine.operator;

/**
 * What is known of one operator.
 *
 * @param name as in {@link dev.vitrine.engine.graph.Node#operator()}
 * @param kind how it acts
 * @param rule its derivative
 */
public record Operator(String name, Kind kind, BackwardRule rule) {
    /** How an operator acts on its first input; sets of backward rules choose by it. */
    public enum Kind {
        /** Linear in its input, with weights: convolution, matrix product. */
        LINEAR,
        /** An element-wise function of one input that is not linear. */
        ACTIVATION,
        /** Chooses or combines elements in windows. */
        POOLING,
        /** Element-wise arithmetic on one or more inputs. */
        ARITHMETIC,
        /** Divides by a measure of its input, or by fixed statistics. */
        NORMALIZATION,
        /** Sums, or takes an extreme, over axes. */
        REDUCTION,
        /** Moves, copies or drops elements without changing them. */
        STRUCTURE,
        /** Its gradient is zero everywhere, or it computes no real number. */
        GRADIENT_FREE
    }
}
