package dev.vitrine.engine.incremental;

/** Which places of a layer a change of the input can alter, along each axis. */
record Reach(Line rows, Line columns) {
    Reach union(Reach other) {
        return new Reach(rows.union(other.rows), columns.union(other.columns));
    }

    Reach through(Locality.Sliding sliding) {
        return new Reach(rows.through(sliding.rows()), columns.through(sliding.columns()));
    }

    /** The share of the layer that a change of this size alters at most. */
    double share(int height, int width) {
        return (double) rows.longest(height) * columns.longest(width) / ((double) rows.size() * columns.size());
    }
}
