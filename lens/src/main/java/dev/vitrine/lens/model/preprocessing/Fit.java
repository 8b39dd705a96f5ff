package dev.vitrine.lens.model.preprocessing;

/** How a picture of any shape comes to the shape of a network's input. */
public enum Fit {
    /** Each side by its own factor: nothing is lost, proportions are. */
    SQUASH,
    /** Shrunk or enlarged to cover the input, then cut around the center: the rims are lost. */
    CROP,
    /** Shrunk or enlarged to lie within the input, centerd, the rest filled with the mean color (letterbox). */
    PAD
}
