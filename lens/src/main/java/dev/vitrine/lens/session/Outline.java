package dev.vitrine.lens.session;

import dev.vitrine.engine.graph.Graph;

/** A graph with the names of what it computes. */
public interface Outline {
    Graph graph();
}
