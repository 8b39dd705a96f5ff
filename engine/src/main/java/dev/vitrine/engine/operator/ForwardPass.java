package dev.vitrine.engine.operator;

import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.Value;
import java.util.Optional;

/** What a backward rule may learn of the graph that is being differentiated, and change in it. */
public interface ForwardPass {
    /** Output {@code index} of the node, added to it where it was left out. */
    Value request(Node node, int index);

    /** Computes {@code before} just before a node, and {@code instead} in place of it, with the same outputs. */
    void split(Node node, Node before, Node instead);

    /** Whether the gradient of a value is made of one contribution and read by the rule of its producer only. */
    boolean isInner(Value value);

    /** The node that computes a value; inputs and constants have none. */
    Optional<Node> producer(Value value);

    /** Whether a node's rule is its true derivative. */
    boolean isPlain(Node node);

    /** What is known of the form of some gradients. */
    GradientForms forms();
}
