package dev.vitrine.engine.oracle;

/** Methods that numbers are stored of, each for one logit y at one image x. */
public enum ReferenceMethod {
    /** All logits. */
    LOGITS,
    /** dy/dx. */
    GRADIENT,
    /** {@code relu(Σ_c A_c · mean(dy/dA_c))} at {@link ReferenceModel#camLayer()}, at that layer's size. */
    GRADCAM,
    /** {@code x · mean dy/dx((k + 1/2)/50 · x)} for k = 0..49: from a tensor of zeros. */
    INTEGRATED,
    /** dy/dx where every Relu passes {@code g · [g > 0] · [x > 0]}. */
    GUIDED,
    /** dy/dx where every Relu passes {@code g · [g > 0]}. */
    DECONVNET
}
