package dev.vitrine.lens.attack;

import java.util.SplittableRandom;

/** The changes of at most a size that an attack may make. */
public record Ball(Norm norm, double radius) {
    private static final double LEAST_SHRINK = 1e-7;

    /** The picture plus a change, moved into the ball and into 0..1 as the floats are, without rounding beyond either. */
    public float[] place(float[] picture, double[] change) {
        norm.project(change, radius);
        float[] placed = moved(picture, change, 1);
        double excess = norm.of(difference(placed, picture));
        for (double shrink = LEAST_SHRINK; excess > radius; shrink *= 2) {
            for (int i = 0; i < change.length; i++) {
                change[i] *= 1 - shrink;
            }
            placed = moved(picture, change, 1);
            excess = norm.of(difference(placed, picture));
        }
        return placed;
    }

    /** The picture after a step from a place in the ball. */
    float[] step(float[] picture, float[] from, double[] step, double size) {
        double[] change = difference(from, picture);
        for (int i = 0; i < change.length; i++) {
            change[i] += size * step[i];
        }
        return place(picture, change);
    }

    float[] random(float[] picture, SplittableRandom random) {
        double[] change = new double[picture.length];
        norm.draw(change, radius, random);
        return place(picture, change);
    }

    /** {@code picture + share · change}, clipped to 0..1. */
    public static float[] moved(float[] picture, double[] change, double share) {
        float[] moved = new float[picture.length];
        for (int i = 0; i < moved.length; i++) {
            moved[i] = (float) Math.max(0, Math.min(1, picture[i] + share * change[i]));
        }
        return moved;
    }

    public static double[] difference(float[] to, float[] from) {
        double[] difference = new double[to.length];
        for (int i = 0; i < difference.length; i++) {
            difference[i] = (double) to[i] - from[i];
        }
        return difference;
    }
}
