package dev.vitrine.lens.attribution;

import dev.vitrine.engine.tensor.Tensor;

/** A method opened for one model and objective, to explain many batches. The session owns its resources. */
public interface Explainer {
    /**
     * Explains a batch.
     *
     * @param images preprocessed, {@code f32[N,…]} as the model's input
     * @param targets class of each sample, {@code i64[N]}; unused if the objective takes no class at run time
     */
    Explanation explain(Tensor images, Tensor targets, Progress progress);
}
