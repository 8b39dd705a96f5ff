package dev.vitrine.engine.operator.property;

/** How layer-wise relevance propagation passes relevance back through an operator. */
public enum Relevance {
    /** By the rule of a layer with weights. */
    LAYER,
    /** In proportion to the summands. */
    SHARED,
    /** To the first operand unchanged, as if the operator were the identity. */
    PASSED,
    /** To the factor that is not a gate; to both if neither is. */
    FACTORS,
    /** To the elements the numbers came from, as by the derivative. */
    ROUTED,
    /** Not at all: the operator has no derivative. */
    NONE
}
