package dev.vitrine.engine.operator.property;

/** Where the window of an operator has its size from. */
public enum Kernel {
    /** There is no window. */
    NONE,
    /** The attribute {@code kernel_shape}, or {@code block_shape}. */
    ATTRIBUTE,
    /** The kernels {@code [M,C/group,k…]} at input 1. */
    SECOND_INPUT,
    /** The kernels {@code [M,C/group,k…]} at input 3. */
    FOURTH_INPUT;

    /** Whether kernels hold weights. */
    public boolean isWeighted() {
        return this == SECOND_INPUT || this == FOURTH_INPUT;
    }

    /** The input that holds the kernels; −1 where none does. */
    public int input() {
        return switch (this) {
            case NONE, ATTRIBUTE -> -1;
            case SECOND_INPUT -> 1;
            case FOURTH_INPUT -> 3;
        };
    }
}
