package dev.vitrine.engine.operator.property;

/** Whether an operator gives the same result for integers and for floats of the same value. */
public enum Whole {
    EXACT,
    /** As long as no result leaves the range of the integer type. */
    WRAPS,
    /** Rounds, or is defined for only one of the two. */
    DIFFERS
}
