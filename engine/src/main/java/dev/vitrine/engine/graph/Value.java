package dev.vitrine.engine.graph;

/** A named edge of a graph: an input, a constant or one output of a node. */
public record Value(String name) {
    /** Stands where an optional input is left out, an output is not wanted, or a gradient is zero. */
    public static final Value NONE = new Value("");

    public boolean isPresent() {
        return !name.isEmpty();
    }

    @Override
    public String toString() {
        return name;
    }
}
