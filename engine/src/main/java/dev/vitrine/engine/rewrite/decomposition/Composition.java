package dev.vitrine.engine.rewrite.decomposition;

import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.rewrite.NodeWriter;

/** Writes a node as other nodes that compute its outputs. */
@FunctionalInterface
interface Composition {
    /** Whether it was written; a form that is not known stays as it is. */
    boolean write(Node node, NodeWriter writer);
}
