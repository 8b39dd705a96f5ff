package dev.vitrine.lens.neighbor;

/** Distance between two rows of numbers. */
public enum Distance {
    /** Square root of the sum of squared differences. */
    EUCLIDEAN,
    /** One minus the cosine of the angle between them; 1 if a row is all 0. */
    COSINE
}
