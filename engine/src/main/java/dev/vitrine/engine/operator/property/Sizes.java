package dev.vitrine.engine.operator.property;

/** The size of an operator's result. */
public enum Sizes {
    /** As the first operand. */
    SAME,
    /** That of all operands, broadcast. */
    BROADCAST,
    /** Same rank as the first operand. */
    SAME_RANK,
    /** Another rank, or not determined by the operands' sizes. */
    OTHER
}
