package dev.vitrine.engine.check;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.graph.Node;
import java.util.NoSuchElementException;
import java.util.function.Supplier;

/**
 * What a rule stumbles over in a node whose attributes or sizes contradict each other, in ways that no check foresaw,
 * told with the node's name.
 */
public final class Damage {
    private Damage() {}

    /** What the work makes of a node. */
    public static <T> T named(Node node, Supplier<T> work) {
        try {
            return work.get();
        } catch (ArithmeticException
                | ClassCastException
                | IllegalArgumentException
                | IllegalStateException
                | IndexOutOfBoundsException
                | NegativeArraySizeException
                | NoSuchElementException
                | NullPointerException e) {
            if (e instanceof java.util.concurrent.CancellationException) {
                throw e;
            }
            throw VitrineException.failure(
                    node.label() + ": its attributes, inputs or sizes contradict each other (" + e
                            + "). Check the model with onnx.checker, or export it again; if it is valid, this is a defect of"
                            + " Vitrine.",
                    e);
        }
    }
}
