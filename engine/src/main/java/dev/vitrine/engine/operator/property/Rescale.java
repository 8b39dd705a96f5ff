package dev.vitrine.engine.operator.property;

/** Which of DeepLIFT's rules makes contributions through an operator add up to the change of its result. */
public enum Rescale {
    /** The derivative, as the operator is linear. */
    LINEAR,
    /** The derivative, as the operator is linear in its first operand. */
    LINEAR_IN_FIRST,
    /** The derivative at the mean of input and reference, as the operator is linear in each of two factors. */
    BILINEAR,
    /** Δy/Δx. */
    SECANT,
    /** Δy/Δx, and for a small Δx the mean of the slopes at both ends. */
    SECANT_OF_SMOOTH,
    /** The same for a function of unbounded slope near 0, where Δx is small relative to x only. */
    SECANT_OF_STEEP,
    /** Δy/Δx of max(x, 0). */
    HINGE,
    /** Δy/Δx of max(x, 0) + α min(x, 0). */
    LEAKY_HINGE,
    /** Δy/Δx whatever Δx is, as the function is constant between its steps. */
    STEPS,
    ROOT,
    RECIPROCAL,
    SOFTMAX,
    LOG_SOFTMAX,
    QUOTIENT,
    /** The effect of each of two operands, averaged over the other at input and reference. */
    OPERANDS,
    /** The same, for a function of unbounded slope near 0. */
    STEEP_OPERANDS,
    /** By the switches at the input and at the reference, of greatest numbers. */
    GREATEST,
    /** By the switches at the input and at the reference, of least numbers. */
    LEAST,
    /** Δy/Δx, y being the number that a code stands for. */
    CODE,
    /** Unchanged. */
    PASSED,
    /** None adds up where the result depends on the picture. */
    PIECEWISE_CONSTANT,
    /** None is known. */
    NONE;

    public boolean isHinge() {
        return this == HINGE || this == LEAKY_HINGE;
    }

    public boolean isSteep() {
        return this == SECANT_OF_STEEP || this == STEEP_OPERANDS;
    }
}
