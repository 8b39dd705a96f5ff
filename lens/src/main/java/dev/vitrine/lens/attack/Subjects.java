package dev.vitrine.lens.attack;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * Pictures to attack.
 *
 * @param pictures {@code [C,H,W], 0..1}
 * @param labels true class of each
 * @param targets class that each is to be taken for; empty where any other class will do
 * @param numbers of the pictures among all, so that what is drawn at random does not depend on their batch
 */
public record Subjects(List<float[]> pictures, int[] labels, Optional<int[]> targets, long[] numbers) {
    private static final long MIX = 0x9E3779B97F4A7C15L;

    public int count() {
        return pictures.size();
    }

    /** The class that the loss of each picture is about: its target, or else its label. */
    public int[] classes() {
        return targets.orElse(labels).clone();
    }

    /** 1 where the loss against {@link #classes} is to rise, −1 where it is to fall. */
    public int direction() {
        return targets.isPresent() ? -1 : 1;
    }

    /** Whether the logits of a picture are what the attack wants. */
    public boolean succeeds(int row, float[] logits) {
        int best = best(logits);
        return targets.map(wanted -> best == wanted[row]).orElse(best != labels[row]);
    }

    /** The class of the largest score, the first of several. */
    public static int best(float[] scores) {
        int best = 0;
        for (int index = 1; index < scores.length; index++) {
            best = scores[index] > scores[best] ? index : best;
        }
        return best;
    }

    /** Of what is drawn for a picture. */
    public SplittableRandom random(int row, long seed, long purpose) {
        return new SplittableRandom((seed * MIX + numbers[row]) * MIX + purpose);
    }

    /** Some of the pictures. */
    public Subjects of(int... rows) {
        return new Subjects(
                Arrays.stream(rows).mapToObj(pictures::get).toList(),
                Arrays.stream(rows).map(row -> labels[row]).toArray(),
                targets.map(all -> Arrays.stream(rows).map(row -> all[row]).toArray()),
                Arrays.stream(rows).mapToLong(row -> numbers[row]).toArray());
    }

    /** Copies that can be changed. */
    public List<float[]> copies() {
        List<float[]> copies = new ArrayList<>();
        pictures.forEach(picture -> copies.add(picture.clone()));
        return copies;
    }
}
