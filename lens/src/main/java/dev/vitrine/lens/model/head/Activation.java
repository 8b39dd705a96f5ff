package dev.vitrine.lens.model.head;

/** How scores become probabilities. */
public enum Activation {
    /** None: the outputs are plain numbers. */
    NONE,
    /** Mutually exclusive classes: softmax(z). */
    SOFTMAX,
    /** Independent classes: σ(z). */
    SIGMOID
}
