package dev.vitrine.lens.training.data;

import dev.vitrine.engine.tensor.Tensor;
import java.util.Optional;

/**
 * A batch of training pictures.
 *
 * @param images {@code f32[B,C,H,W]}
 * @param labels {@code i64[B]}; for blended pictures the class with the larger share
 * @param blend how pictures were blended with others
 * @param teacher logits of a teacher for these pictures, {@code f32[B,K]}
 */
public record Batch(Tensor images, Tensor labels, Optional<Blend> blend, Optional<Tensor> teacher) {
    /**
     * The partner of each blended picture.
     *
     * @param others class of the other picture, {@code i64[B]}
     * @param shares weight of the picture itself, {@code f32[B]}, 0.5..1
     */
    public record Blend(Tensor others, Tensor shares) {}

    public Batch(Tensor images, Tensor labels) {
        this(images, labels, Optional.empty(), Optional.empty());
    }
}
