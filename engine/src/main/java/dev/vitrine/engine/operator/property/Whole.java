package dev.vitrine.engine.operator.property;

/** Whether an operator gives the same for whole numbers and for floats of the same value. */
public enum Whole {
    EXACT,
    /** As long as no result leaves the range of the whole numbers' type. */
    WRAPS,
    /** Rounds, or is defined for one of both only. */
    DIFFERS
}
