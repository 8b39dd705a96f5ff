package dev.vitrine.lens.attack;

/** When a picture under attack is done. */
public enum Ending {
    LAST_STEP,
    /** As soon as the network is wrong. */
    FIRST_SUCCESS
}
