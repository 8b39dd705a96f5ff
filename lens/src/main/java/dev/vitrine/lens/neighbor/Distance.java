package dev.vitrine.lens.neighbor;

/** How far apart two rows of numbers are. */
public enum Distance {
    /** Square root of the sum of squared differences. */
    EUCLIDEAN,
    /** One less the cosine of the angle between them; 1 where a row is all 0. */
    COSINE
}
