package dev.vitrine.engine.graph;

/** A named edge of a graph: an input, a constant or one output of a node. */
public record Value(String name) {
    /** Placeholder for an omitted optional input, an unused output, or a zero gradient. */
    public static final Value NONE = new Value("");

    public boolean isPresent() {
        return !name.isEmpty();
    }

    @Override
    public String toString() {
        return name;
    }
}
