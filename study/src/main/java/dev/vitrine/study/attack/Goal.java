package dev.vitrine.study.attack;

import dev.vitrine.lens.attack.Subjects;
import java.util.OptionalInt;
import java.util.SplittableRandom;

/**
 * The class that an attack is to reach.
 *
 * @param named the class, if the kind is {@link Kind#NAMED}
 * @param seed of classes drawn at random
 */
public record Goal(Kind kind, int named, long seed) {
    /** Any wrong class. */
    public static final Goal ANY = new Goal(Kind.ANY, 0, 0);

    private static final long MIX = 0x9E3779B97F4A7C15L;

    /** How the class is chosen. */
    public enum Kind {
        ANY,
        NAMED,
        /** The least likely class of each picture. */
        LEAST_LIKELY,
        /** A wrong class drawn at random for each picture. */
        RANDOM
    }

    public static Goal named(int label) {
        return new Goal(Kind.NAMED, label, 0);
    }

    public static Goal leastLikely() {
        return new Goal(Kind.LEAST_LIKELY, 0, 0);
    }

    public static Goal random(long seed) {
        return new Goal(Kind.RANDOM, 0, seed);
    }

    /**
     * The class of one picture; empty if any wrong class will do.
     *
     * @param label true class
     * @param number of the picture among all
     */
    public OptionalInt of(int label, float[] logits, long number) {
        return switch (kind) {
            case ANY -> OptionalInt.empty();
            case NAMED -> OptionalInt.of(named);
            case LEAST_LIKELY -> OptionalInt.of(least(label, logits));
            case RANDOM -> {
                int drawn = new SplittableRandom(seed * MIX + number).nextInt(logits.length - 1);
                yield OptionalInt.of(drawn < label ? drawn : drawn + 1);
            }
        };
    }

    private static int least(int label, float[] logits) {
        float[] opposite = new float[logits.length];
        for (int index = 0; index < logits.length; index++) {
            opposite[index] = index == label ? Float.NEGATIVE_INFINITY : -logits[index];
        }
        return Subjects.best(opposite);
    }
}
