package dev.vitrine.study.embedding;

/** How a layer's maps become a picture's code. */
public enum Pooling {
    /** The mean of each map. */
    MEAN,
    /** The maximum of each map. */
    MAX,
    /** All values, in the order channel, row, column. */
    WHOLE,
    /** A code for each position of the maps: the values of all channels there. */
    POSITIONS
}
