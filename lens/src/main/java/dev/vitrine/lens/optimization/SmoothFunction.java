package dev.vitrine.lens.optimization;

/** A function of many numbers that has a gradient. */
@FunctionalInterface
public interface SmoothFunction {
    /** The value at a point; writes the gradient there into {@code gradient}, which is as long as the point. */
    double at(double[] point, double[] gradient);
}
