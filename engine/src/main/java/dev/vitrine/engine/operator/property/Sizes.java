package dev.vitrine.engine.operator.property;

/** How large an operator's result is. */
public enum Sizes {
    /** As the first operand. */
    SAME,
    /** As all operands, broadcast to each other. */
    BROADCAST,
    /** Of as many axes as the first operand. */
    SAME_RANK,
    /** Of other axes, or not told by the operands' sizes. */
    OTHER
}
