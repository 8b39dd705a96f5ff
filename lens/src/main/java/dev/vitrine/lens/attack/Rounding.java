package dev.vitrine.lens.attack;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Pictures rounded to 8 bits a value. Where rounding undoes an attack, its change is lengthened little by little, within the
 * attack's bound, until it survives.
 */
public final class Rounding {
    private static final float LEVELS = 255;
    private static final int LENGTHENINGS = 120;
    private static final double FACTOR = 1.03;
    private static final int SHORTENINGS = 50;
    private static final double SLACK = 1e-6;

    private Rounding() {}

    public static float[] rounded(float[] picture) {
        float[] rounded = new float[picture.length];
        for (int i = 0; i < rounded.length; i++) {
            rounded[i] = Math.round(picture[i] * LEVELS) / LEVELS;
        }
        return rounded;
    }

    /** The rounded pictures; those whose attack does not survive with any length are rounded as they are. */
    public static List<float[]> surviving(Victim victim, Attack attack, Subjects subjects, List<float[]> changed) {
        List<float[]> kept = new ArrayList<>();
        for (int row = 0; row < changed.size(); row++) {
            kept.add(within(attack.bound(), subjects.pictures().get(row), changed.get(row)));
        }
        List<Integer> open = failing(victim, subjects, kept, changed);
        double factor = 1;
        for (int attempt = 0; attempt < LENGTHENINGS && !open.isEmpty(); attempt++) {
            factor *= FACTOR;
            List<Integer> rows = new ArrayList<>();
            List<float[]> candidates = new ArrayList<>();
            for (int row : open) {
                float[] candidate = lengthened(subjects.pictures().get(row), changed.get(row), factor, attack.bound());
                if (isWithin(attack.bound(), candidate, subjects.pictures().get(row))) {
                    rows.add(row);
                    candidates.add(candidate);
                }
            }
            if (rows.isEmpty()) {
                break;
            }
            float[][] logits = victim.logits(candidates);
            for (int i = 0; i < rows.size(); i++) {
                if (subjects.succeeds(rows.get(i), logits[i])) {
                    kept.set(rows.get(i), candidates.get(i));
                    open.remove(rows.get(i));
                }
            }
        }
        return kept;
    }

    /** Rounded without leaving the attack's bound, if there is one of 8 bits within it: the change is shortened for that. */
    private static float[] within(Optional<Ball> bound, float[] picture, float[] changed) {
        float[] nearest = rounded(changed);
        for (int part = SHORTENINGS - 1; part >= 0 && !isWithin(bound, nearest, picture); part--) {
            float[] shorter = new float[picture.length];
            for (int i = 0; i < shorter.length; i++) {
                shorter[i] = picture[i] + (changed[i] - picture[i]) * part / SHORTENINGS;
            }
            nearest = rounded(shorter);
        }
        return nearest;
    }

    /** Attacks that succeed and do so no longer when rounded. */
    private static List<Integer> failing(Victim victim, Subjects subjects, List<float[]> kept, List<float[]> changed) {
        float[][] before = victim.logits(changed);
        float[][] after = victim.logits(kept);
        List<Integer> failing = new ArrayList<>();
        for (int row = 0; row < kept.size(); row++) {
            if (subjects.succeeds(row, before[row]) && !subjects.succeeds(row, after[row])) {
                failing.add(row);
            }
        }
        return failing;
    }

    private static float[] lengthened(float[] picture, float[] changed, double factor, Optional<Ball> bound) {
        double most =
                bound.filter(ball -> ball.norm() == Norm.LINF).map(Ball::radius).orElse(1.0);
        float[] candidate = new float[picture.length];
        for (int i = 0; i < candidate.length; i++) {
            double change = Math.max(-most, Math.min(most, factor * ((double) changed[i] - picture[i])));
            candidate[i] = (float) Math.max(0, Math.min(1, picture[i] + change));
        }
        return rounded(candidate);
    }

    private static boolean isWithin(Optional<Ball> bound, float[] candidate, float[] picture) {
        return bound.map(ball -> ball.norm().of(Ball.difference(candidate, picture)) <= ball.radius() + SLACK)
                .orElse(true);
    }
}
