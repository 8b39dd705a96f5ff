package dev.vitrine.lens.model;

import dev.vitrine.engine.tensor.Tensor;

/** What a network says of each class of one picture, as its head has it. */
public final class Probabilities {
    private Probabilities() {}

    /**
     * The probability of each class, 0..1; refused for networks that have none.
     *
     * @param scores {@code f32[1,classes]}
     */
    public static double[] of(Tensor scores, Model model) {
        return model.head().probabilities(scores.toFloats());
    }

    /** The probability of each class, or its number where there is none. */
    public static double[] shown(Tensor scores, Model model) {
        return model.head().shown(scores.toFloats());
    }
}
