package dev.vitrine.engine.check;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.graph.AttributeValue;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.Value;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Sizes of the operands of LSTM, GRU and RNN, which ONNX Runtime packs before checking them. */
final class Recurrent {
    private static final Map<String, Integer> GATES = Map.of("LSTM", 4, "GRU", 3, "RNN", 1);

    /** Number of activation functions per direction. */
    private static final Map<String, Integer> FUNCTIONS = Map.of("LSTM", 3, "GRU", 2, "RNN", 1);

    private static final long ANY = -1;

    private Recurrent() {}

    /**
     * Rejects a recurrent node whose operands have inconsistent sizes.
     *
     * @param shapes as far as known, -1 for an unknown size
     */
    static void require(Node node, Function<Value, Optional<long[]>> shapes) {
        if (!node.domain().isEmpty() || !GATES.containsKey(node.opType())) {
            return;
        }
        long directions = node.attributes().text("direction", "forward").equals("bidirectional") ? 2 : 1;
        Optional<long[]> recurrence = shapes.apply(node.input(2));
        long known = recurrence
                .filter(shape -> shape.length == 3)
                .map(shape -> shape[2])
                .orElse(ANY);
        long hidden = node.attributes().integer("hidden_size", known);
        long gates = hidden == ANY ? ANY : GATES.get(node.opType()) * hidden;
        long features = shapes.apply(node.input(0))
                .filter(shape -> shape.length == 3)
                .map(shape -> shape[2])
                .orElse(ANY);
        boolean samplesFirst = node.attributes().integer("layout", 0) == 1;
        long[] state = samplesFirst ? new long[] {ANY, directions, hidden} : new long[] {directions, ANY, hidden};
        check(node, shapes, 0, "input", ANY, ANY, ANY);
        check(node, shapes, 1, "weights", directions, gates, features);
        check(node, shapes, 2, "recurrence weights", directions, gates, hidden);
        check(node, shapes, 3, "bias", directions, gates == ANY ? ANY : 2 * gates);
        check(node, shapes, 4, "sequence lengths", ANY);
        check(node, shapes, 5, "initial state", state);
        check(node, shapes, 6, "initial cell", state);
        check(node, shapes, 7, "peepholes", directions, hidden == ANY ? ANY : 3 * hidden);
        if (node.attributes().values().get("activations") instanceof AttributeValue.OfTexts found
                && found.values().size() != FUNCTIONS.get(node.opType()) * directions) {
            throw VitrineException.failure(
                    node.label() + ": found " + found.values().size()
                            + " activation functions, expected " + FUNCTIONS.get(node.opType()) * directions
                            + ". The file is damaged; export the model again.");
        }
    }

    private static void check(
            Node node, Function<Value, Optional<long[]>> shapes, int input, String what, long... expected) {
        Optional<long[]> found = shapes.apply(node.input(input));
        if (found.isEmpty() || fits(found.get(), expected)) {
            return;
        }
        throw VitrineException.failure(node.label() + ": found " + what + " of " + words(found.get()) + ", expected "
                + words(expected) + ". The file is damaged; export the model again.");
    }

    private static boolean fits(long[] found, long[] expected) {
        if (found.length != expected.length) {
            return false;
        }
        for (int i = 0; i < found.length; i++) {
            if (found[i] == 0 || (found[i] != ANY && expected[i] != ANY && found[i] != expected[i])) {
                return false;
            }
        }
        return true;
    }

    private static String words(long[] shape) {
        return Arrays.toString(shape).replace("-1", "?");
    }
}
