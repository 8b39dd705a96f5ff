package dev.vitrine.engine.check;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.graph.Node;
import java.util.NoSuchElementException;
import java.util.function.Supplier;

/**
 * Turns an unexpected exception from a node with inconsistent attributes or sizes into an error that names the node.
 */
public final class Damage {
    private Damage() {}

    /** The work on a node. */
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
                            + "). Check the model with onnx.checker, or export it again; if it is valid, this is a"
                            + " defect of"
                            + " Vitrine.",
                    e);
        }
    }
}
