package dev.vitrine.lens.attack;

import dev.vitrine.lens.attribution.Progress;
import java.util.List;
import java.util.Optional;

/**
 * A way to change pictures, little by some measure, until a network takes them for another class. A record of its settings;
 * {@code Attacks.ALL} in {@code catalog} lists all.
 */
public interface Attack {
    /** What people call it. */
    String id();

    /** What it does, in a phrase. */
    String summary();

    /** What it reads of the network. */
    Access access();

    /** The measure by which its changes are small. */
    Norm norm();

    /** The changes it may make; empty if it looks for the smallest. */
    default Optional<Ball> bound() {
        return Optional.empty();
    }

    /** Whether it begins at a random place whatever its settings are. */
    default boolean startsAtRandom() {
        return false;
    }

    /** Whether it can be told which class to reach. */
    default boolean canTarget() {
        return true;
    }

    /**
     * Changed pictures, within 0..1. A picture for which the attack does not succeed comes back as the last one tried.
     *
     * @param progress a {@link java.util.concurrent.CancellationException} of it ends the work
     */
    Crafted on(Victim victim, Subjects subjects, Progress progress);

    /** What an attacker knows of a network. */
    enum Access {
        GRADIENTS,
        SCORES,
        LABELS
    }

    /**
     * Changed pictures.
     *
     * @param queries how often the network was run for each picture, forward or forward and backward
     */
    record Crafted(List<float[]> pictures, long[] queries) {}
}
