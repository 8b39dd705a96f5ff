package dev.vitrine.lens.embedding.tsne;

/** The repulsive forces between all points of a map. */
interface Repulsion {
    /**
     * For points {@code y [n, d]} and {@code q = 1 / (1 + |y_i - y_j|²)}: the sum of q over all ordered pairs, and for
     * each point {@code Σ_j q² (y_i - y_j)}.
     *
     * @param forces {@code [n, d]}, overwritten
     */
    double of(double[] points, double[] forces);
}
