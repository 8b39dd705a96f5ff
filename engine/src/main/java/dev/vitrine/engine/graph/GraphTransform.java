package dev.vitrine.engine.graph;

/** A rewrite: one graph in, another out, neither changed. */
@FunctionalInterface
public interface GraphTransform {
    Graph apply(Graph graph);

    default GraphTransform then(GraphTransform next) {
        return graph -> next.apply(apply(graph));
    }
}
