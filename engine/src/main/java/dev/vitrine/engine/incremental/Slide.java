package dev.vitrine.engine.incremental;

/**
 * A window that slides along one axis.
 *
 * @param extent places that it spans, dilation included
 * @param pad places before the first that the first window reads; negative where it begins later
 * @param in places of the input's axis
 * @param out places of the output's axis
 */
record Slide(int extent, int stride, int pad, int in, int out) {
    /** Whether no window leaves the map. */
    boolean staysInside() {
        return pad <= 0 && (out - 1) * stride - pad + extent <= in;
    }

    /** Places that {@code count} neighboring windows read. */
    int read(int count) {
        return (count - 1) * stride + extent;
    }
}
