package dev.vitrine.lens.model.card;

/** What a network's output went through last. */
public enum Activation {
    /** Nothing: the outputs are logits. */
    NONE,
    SOFTMAX,
    SIGMOID
}
