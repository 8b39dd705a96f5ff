package dev.vitrine.lens.model.head;

/** How scores become probabilities. */
public enum Activation {
    /** Not at all: the outputs are plain numbers. */
    NONE,
    /** Classes exclude each other: softmax(z). */
    SOFTMAX,
    /** Each class is a question of its own: σ(z). */
    SIGMOID
}
