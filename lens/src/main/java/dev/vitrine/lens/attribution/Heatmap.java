package dev.vitrine.lens.attribution;

import dev.vitrine.engine.tensor.Tensor;

/**
 * One value per position: evidence for the target, or against it where negative.
 *
 * @param scores {@code f32[H,W]}, signed, unscaled, at the method's native resolution
 */
public record Heatmap(Tensor scores, Provenance provenance) {}
