package dev.vitrine.engine.operator.property;

/** The part that an operator plays in a network, element by element or over places. */
public enum Role {
    /** Relu and its variants. */
    RECTIFIER,
    /** Bounded from below, above, or both: a rectifier in some places, a guard in others. */
    BOUND,
    /** A rectifier without a kink. */
    SOFT_RECTIFIER,
    /** x · g(x) with a gate g. */
    SELF_GATED,
    /** Squashes into a range of shares, which others are multiplied by. */
    GATE,
    /** Has a pole or an end at 0, which sums and bounds keep operands away from. */
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
    /** The least or greatest of several operands. */
    EXTREME,
    /** One of several operands, by a condition. */
    CHOICE,
    /** A truth value. */
    CONDITION,
    /** Another. */
    NONE;

    /** What squashes or rectifies, which a network without its activations leaves out. */
    public boolean isNonlinearity() {
        return this == RECTIFIER || this == BOUND || this == SOFT_RECTIFIER || this == SELF_GATED || this == GATE;
    }

    /** Linear in one operand where the others do not depend on it. */
    public boolean isAffine() {
        return this == SUM
                || this == DIFFERENCE
                || this == NEGATION
                || this == MEAN
                || this == PRODUCT
                || this == QUOTIENT;
    }
}
