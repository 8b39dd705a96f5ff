package dev.vitrine.engine.incremental;

/** The positions of a layer that a change of the input can affect, along each axis. */
record Reach(Line rows, Line columns) {
    Reach union(Reach other) {
        return new Reach(rows.union(other.rows), columns.union(other.columns));
    }

    Reach through(Locality.Sliding sliding) {
        return new Reach(rows.through(sliding.rows()), columns.through(sliding.columns()));
    }

    /** The maximum share of the layer that a change of this size affects. */
    double share(int height, int width) {
        return (double) rows.longest(height) * columns.longest(width) / ((double) rows.size() * columns.size());
    }
}
