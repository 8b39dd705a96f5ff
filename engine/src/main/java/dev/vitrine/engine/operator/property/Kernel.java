package dev.vitrine.engine.operator.property;

/** What defines the size of an operator's window. */
public enum Kernel {
    /** No window. */
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

    /** Index of the input that holds the kernels; −1 if there is none. */
    public int input() {
        return switch (this) {
            case NONE, ATTRIBUTE -> -1;
            case SECOND_INPUT -> 1;
            case FOURTH_INPUT -> 3;
        };
    }
}
