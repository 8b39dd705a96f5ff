package dev.vitrine.lens.training.data;

import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.model.preprocessing.Preprocessing;

/** A teacher that gives scores of the classes for the pictures of a batch, on any thread. */
public interface SoftLabels {
    /** Its preprocessing. */
    Preprocessing preprocessing();

    /**
     * @param images of a whole batch
     * @return logits of the trained classes, {@code f32[B,K]}
     */
    Tensor logits(Tensor images);
}
