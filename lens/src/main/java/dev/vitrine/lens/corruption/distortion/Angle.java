package dev.vitrine.lens.corruption.distortion;

import java.util.random.RandomGenerator;

/** A direction in degrees, clockwise from the right: uniform in {@code [least, most)}, or fixed where both are equal. */
public record Angle(double least, double most) {
    public static Angle fixed(double degrees) {
        return new Angle(degrees, degrees);
    }

    public double draw(RandomGenerator random) {
        return least + (most - least) * random.nextDouble();
    }
}
