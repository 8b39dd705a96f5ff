package dev.vitrine.engine.operator.property;

/** Whether an operator is element-wise monotone in its first operand. */
public enum Monotony {
    /** A larger operand never gives a smaller result, for the attributes that networks use. */
    RISING,
    FALLING,
    NEITHER
}
