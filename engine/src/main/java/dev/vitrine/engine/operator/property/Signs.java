package dev.vitrine.engine.operator.property;

/** The known sign of an operator's results. */
public enum Signs {
    /** Never negative. */
    NEVER_NEGATIVE,
    /** Non-negative if all operands are. */
    OF_OPERANDS,
    /** Non-negative if at least one operand is. */
    OF_GREATEST,
    /** Non-negative if the first operand is, or if the bounds ensure it. */
    OF_BOUNDS,
    /** Unknown. */
    ANY
}
