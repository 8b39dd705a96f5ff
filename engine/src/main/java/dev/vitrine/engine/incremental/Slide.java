package dev.vitrine.engine.incremental;

/**
 * A window that slides along one axis.
 *
 * @param extent positions that it spans, including dilation
 * @param pad positions before the first that the first window reads; negative if it starts later
 * @param in size of the input's axis
 * @param out size of the output's axis
 */
record Slide(int extent, int stride, int pad, int in, int out) {
    /** Whether no window leaves the map. */
    boolean staysInside() {
        return pad <= 0 && (out - 1) * stride - pad + extent <= in;
    }

    /** Number of positions that {@code count} neighboring windows read. */
    int read(int count) {
        return (count - 1) * stride + extent;
    }
}
