package dev.vitrine.lens.optimization;

/** A differentiable function of many variables. */
@FunctionalInterface
public interface SmoothFunction {
    /** The value at a point; writes the gradient there into {@code gradient}, which is as long as the point. */
    double at(double[] point, double[] gradient);
}
