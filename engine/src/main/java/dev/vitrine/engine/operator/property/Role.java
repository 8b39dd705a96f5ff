package dev.vitrine.engine.operator.property;

/** The role of an operator in a network, element-wise or over positions. */
public enum Role {
    /** Relu and its variants. */
    RECTIFIER,
    /** Bounded from below, above, or both: sometimes a rectifier, sometimes a guard. */
    BOUND,
    /** A smooth rectifier. */
    SOFT_RECTIFIER,
    /** x · g(x) with a gate g. */
    SELF_GATED,
    /** Squashes to a bounded range, for use as a factor. */
    GATE,
    /** Has a pole or a boundary at 0, from which sums and bounds keep operands away. */
    GUARDED,
    /** Another function of one operand. */
    FUNCTION,
    SUM,
    DIFFERENCE,
    NEGATION,
    MEAN,
    PRODUCT,
    QUOTIENT,
    POWER,
    /** The minimum or maximum of several operands. */
    EXTREME,
    /** One of several operands, selected by a condition. */
    CHOICE,
    /** A truth value. */
    CONDITION,
    /** Any other. */
    NONE;

    /** Whether it squashes or rectifies, and so is removed when a network is linearized. */
    public boolean isNonlinearity() {
        return this == RECTIFIER || this == BOUND || this == SOFT_RECTIFIER || this == SELF_GATED || this == GATE;
    }

    /** Whether it is linear in one operand when the others do not depend on it. */
    public boolean isAffine() {
        return this == SUM
                || this == DIFFERENCE
                || this == NEGATION
                || this == MEAN
                || this == PRODUCT
                || this == QUOTIENT;
    }
}
