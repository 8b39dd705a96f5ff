package dev.vitrine.lens.model;

import dev.vitrine.engine.tensor.Tensor;

/** The class probabilities of one picture, according to the network's head. */
public final class Probabilities {
    private Probabilities() {}

    /**
     * The probability of each class, 0..1; an error for networks without probabilities.
     *
     * @param scores {@code f32[1,classes]}
     */
    public static double[] of(Tensor scores, Model model) {
        return model.head().probabilities(scores.toFloats());
    }

    /** The probability of each class, or its score if there are none. */
    public static double[] shown(Tensor scores, Model model) {
        return model.head().shown(scores.toFloats());
    }
}
