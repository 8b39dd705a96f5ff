package dev.vitrine.engine.operator;

import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.Value;
import java.util.Optional;

/** What a backward rule may query and change in the graph being differentiated. */
public interface ForwardPass {
    /** Output {@code index} of the node, added if omitted. */
    Value request(Node node, int index);

    /** Inserts {@code before} just before a node and replaces it by {@code instead}, which has the same outputs. */
    void split(Node node, Node before, Node instead);

    /** Whether the gradient of a value has a single contribution and is read only by its producer's rule. */
    boolean isInner(Value value);

    /** The node that computes a value; inputs and constants have none. */
    Optional<Node> producer(Value value);

    /** Whether a node's rule is its true derivative. */
    boolean isPlain(Node node);

    /** The known forms of some gradients. */
    GradientForms forms();
}
