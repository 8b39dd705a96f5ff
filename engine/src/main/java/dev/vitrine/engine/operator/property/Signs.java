package dev.vitrine.engine.operator.property;

/** What is known of the sign of an operator's results. */
public enum Signs {
    /** Never negative. */
    NEVER_NEGATIVE,
    /** Not negative where no operand is. */
    OF_OPERANDS,
    /** Not negative where one operand is not. */
    OF_GREATEST,
    /** Not negative where the first operand is not, or where the bounds see to it. */
    OF_BOUNDS,
    /** Nothing. */
    ANY
}
