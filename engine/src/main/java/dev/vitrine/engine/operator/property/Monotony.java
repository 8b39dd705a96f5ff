package dev.vitrine.engine.operator.property;

/** Whether an operator keeps the order of the numbers of its first operand, element by element. */
public enum Monotony {
    /** A larger operand never makes a smaller result, for the settings that networks use. */
    RISING,
    FALLING,
    NEITHER
}
