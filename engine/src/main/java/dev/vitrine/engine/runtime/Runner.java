package dev.vitrine.engine.runtime;

import dev.vitrine.engine.graph.Graph;

/** Makes graphs runnable. */
public interface Runner extends AutoCloseable {
    /** Opens a graph: dear, once. The caller closes what it gets. */
    Executable load(Graph graph);

    @Override
    void close();
}
