package dev.vitrine.lens.unit;

/** How the many values of a channel's map become the one number by which pictures are ranked. */
public enum Summary {
    /** max over places. */
    MAXIMUM,
    /** The mean over places. */
    MEAN,
    /** max |value| over places. */
    ABSOLUTE_MAXIMUM
}
