package dev.vitrine.engine.operator.property;

/** How layer-wise relevance propagation hands relevance back through an operator. */
public enum Relevance {
    /** By the rule of a layer with weights. */
    LAYER,
    /** In proportion to what was summed. */
    SHARED,
    /** To the first operand unchanged, as if the operator were not there. */
    PASSED,
    /** To the factor that is no gate; to both where none is. */
    FACTORS,
    /** To where the numbers came from, as the derivative does. */
    ROUTED,
    /** Not at all: the operator has no derivative. */
    NONE
}
