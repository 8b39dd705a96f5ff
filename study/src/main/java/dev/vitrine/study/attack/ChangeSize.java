package dev.vitrine.study.attack;

import dev.vitrine.lens.attack.Ball;
import dev.vitrine.lens.attack.Norm;
import java.util.Arrays;

/**
 * How much a picture was changed, values in 0..1.
 *
 * @param l2 √Σδ²
 * @param linf max |δ|
 * @param l1 Σ|δ|
 * @param l0 share of values that changed
 */
public record ChangeSize(double l2, double linf, double l1, double l0) {
    public static ChangeSize of(float[] picture, float[] changed) {
        double[] change = Ball.difference(changed, picture);
        long different = Arrays.stream(change).filter(value -> value != 0).count();
        return new ChangeSize(
                Norm.L2.of(change), Norm.LINF.of(change), Norm.L1.of(change), (double) different / change.length);
    }

    /** The size by a norm. */
    public double by(Norm norm) {
        return switch (norm) {
            case L2 -> l2;
            case LINF -> linf;
            case L1 -> l1;
        };
    }
}
