package dev.vitrine.lens.unit;

/** Statistic of a channel's activation map by which pictures are ranked. */
public enum Summary {
    /** max over positions. */
    MAXIMUM,
    /** The mean over positions. */
    MEAN,
    /** max |value| over positions. */
    ABSOLUTE_MAXIMUM
}
