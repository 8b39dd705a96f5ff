package dev.vitrine.lens.attribution;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.lens.setting.Labeled;

/** Positions and weights of the samples of an integral over 0..1. */
public enum Quadrature implements Labeled {
    /** Zeros of the Legendre polynomial; exact for polynomials up to degree 2n − 1. */
    GAUSS_LEGENDRE("gauss-legendre"),
    /**
     * Gauss-Legendre in u with t = u²: dense where t is small, since a network's score rises mostly in the first tenth
     * of the path from black.
     */
    GAUSS_LEGENDRE_SQUARED("gauss-legendre-squared"),
    /** Midpoint Riemann sum over n equal parts. */
    RIEMANN_MIDDLE("riemann-middle"),
    RIEMANN_LEFT("riemann-left"),
    RIEMANN_RIGHT("riemann-right"),
    /** Trapezoidal rule. */
    TRAPEZOID("riemann-trapezoid"),
    /** {@link AdaptivePath}: positions depend on earlier samples and are chosen for each picture. */
    ADAPTIVE("adaptive");

    private final String label;

    Quadrature(String label) {
        this.label = label;
    }

    @Override
    public String label() {
        return label;
    }

    /** Positions in 0..1 and weights that sum to 1. */
    record Points(float[] positions, float[] weights) {}

    /** The samples of a rule with fixed positions. */
    Points points(int count) {
        if (this == ADAPTIVE) {
            throw VitrineException.usage("Adaptive quadrature chooses positions at run time, for each picture;"
                    + " one graph needs fixed ones. Choose another, such as --quadrature gauss-legendre.");
        }
        float[] positions = new float[count];
        float[] weights = new float[count];
        for (int i = 0; i < count; i++) {
            switch (this) {
                case GAUSS_LEGENDRE -> legendre(i, count, positions, weights);
                case GAUSS_LEGENDRE_SQUARED -> {
                    legendre(i, count, positions, weights);
                    // ∫ h(t) dt = ∫ h(u²) 2u du
                    place(i, positions[i] * positions[i], 2 * positions[i] * weights[i], positions, weights);
                }
                case RIEMANN_MIDDLE -> place(i, (i + 0.5) / count, 1.0 / count, positions, weights);
                case RIEMANN_LEFT -> place(i, (double) i / count, 1.0 / count, positions, weights);
                case RIEMANN_RIGHT -> place(i, (i + 1.0) / count, 1.0 / count, positions, weights);
                case TRAPEZOID -> {
                    boolean end = i == 0 || i == count - 1;
                    double share = count == 1 ? 1 : (end ? 0.5 : 1.0) / (count - 1);
                    place(i, count == 1 ? 0.5 : (double) i / (count - 1), share, positions, weights);
                }
                case ADAPTIVE -> throw new IllegalStateException("handled above");
            }
        }
        return new Points(positions, weights);
    }

    private static void place(int i, double position, double weight, float[] positions, float[] weights) {
        positions[i] = (float) position;
        weights[i] = (float) weight;
    }

    /** The i-th zero of Pₙ by Newton's method from cos(π (i + 3/4)/(n + 1/2)); weight 2/((1 − x²) Pₙ'(x)²). */
    private static void legendre(int i, int n, float[] positions, float[] weights) {
        double x = Math.cos(Math.PI * (i + 0.75) / (n + 0.5));
        double derivative = 1;
        for (int round = 0; round < 100; round++) {
            double previous = 1;
            double current = x;
            for (int k = 2; k <= n; k++) {
                double next = ((2 * k - 1) * x * current - (k - 1) * previous) / k;
                previous = current;
                current = next;
            }
            derivative = n * (x * current - previous) / (x * x - 1);
            double change = current / derivative;
            x -= change;
            if (Math.abs(change) < 1e-15) {
                break;
            }
        }
        place(i, (1 - x) / 2, 1 / ((1 - x * x) * derivative * derivative), positions, weights);
    }
}
