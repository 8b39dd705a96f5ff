package dev.vitrine.engine.operator.property;

/** The DeepLIFT rule under which contributions through an operator sum to the change of its result. */
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
    /** The same for a function of unbounded slope near 0, where Δx counts as small only relative to x. */
    SECANT_OF_STEEP,
    /** Δy/Δx of max(x, 0). */
    HINGE,
    /** Δy/Δx of max(x, 0) + α min(x, 0). */
    LEAKY_HINGE,
    /** Δy/Δx for any Δx, as the function is constant between its steps. */
    STEPS,
    ROOT,
    RECIPROCAL,
    SOFTMAX,
    LOG_SOFTMAX,
    QUOTIENT,
    /** The effect of each of two operands, averaged over the other's values at input and reference. */
    OPERANDS,
    /** The same, for a function of unbounded slope near 0. */
    STEEP_OPERANDS,
    /** By the switches of maxima at the input and at the reference. */
    GREATEST,
    /** By the switches of minima at the input and at the reference. */
    LEAST,
    /** Δy/Δx, where y is the number that a code represents. */
    CODE,
    /** Unchanged. */
    PASSED,
    /** No rule is complete where the result depends on the picture. */
    PIECEWISE_CONSTANT,
    /** No known rule. */
    NONE;

    public boolean isHinge() {
        return this == HINGE || this == LEAKY_HINGE;
    }

    public boolean isSteep() {
        return this == SECANT_OF_STEEP || this == STEEP_OPERANDS;
    }
}
