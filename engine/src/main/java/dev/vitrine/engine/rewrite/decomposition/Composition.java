package dev.vitrine.engine.rewrite.decomposition;

import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.rewrite.NodeWriter;

/** Writes a node as other nodes that compute its outputs. */
@FunctionalInterface
interface Composition {
    /** Returns whether the node was written; an unknown form stays as it is. */
    boolean write(Node node, NodeWriter writer);
}
