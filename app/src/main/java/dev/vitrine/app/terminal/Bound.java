package dev.vitrine.app.terminal;

import dev.vitrine.engine.VitrineException;

/** Checks the lower bound of a numeric option. */
public final class Bound {
    private Bound() {}

    /** A usage error for a number below 1. */
    public static void atLeastOne(String option, int given) {
        atLeast(1, option, given);
    }

    /** A usage error for a number below the least. */
    public static void atLeast(int least, String option, int given) {
        if (given < least) {
            throw VitrineException.usage(option + " " + given + ": expected at least " + least + ".");
        }
    }
}
