package dev.vitrine.lens.training.data;

import dev.vitrine.engine.tensor.Tensor;

/**
 * Pictures that are learned from together.
 *
 * @param images {@code f32[B,C,H,W]}
 * @param labels {@code i64[B]}
 */
public record Batch(Tensor images, Tensor labels) {}
