package dev.vitrine.engine.oracle;

import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.oracle.NDArray.Kind;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** One node about to be evaluated, with what has been computed before it. */
record Call(Node node, Map<Value, NDArray> values) {
    boolean has(int index) {
        return node.input(index).isPresent();
    }

    NDArray in(int index) {
        if (!values.containsKey(node.input(index))) {
            throw error("input " + index + " '" + node.input(index) + "' is missing");
        }
        return values.get(node.input(index));
    }

    List<NDArray> all() {
        return IntStream.range(0, node.inputs().size()).mapToObj(this::in).toList();
    }

    double scalar(int index, double fallback) {
        return has(index) ? in(index).item() : fallback;
    }

    long[] longs(int index, long... fallback) {
        return has(index) ? in(index).toLongs() : fallback;
    }

    double real(String name, double fallback) {
        return node.attributes().real(name, (float) fallback);
    }

    long integer(String name, long fallback) {
        return node.attributes().integer(name, fallback);
    }

    long[] integers(String name, long... fallback) {
        return node.attributes().integers(name, fallback);
    }

    boolean flag(String name, long fallback) {
        return integer(name, fallback) != 0;
    }

    String text(String name, String fallback) {
        return node.attributes().text(name, fallback);
    }

    /** The attribute {@code axis}, counted from the front. */
    int axis(long fallback, int rank) {
        return (int) Math.floorMod(integer("axis", fallback), (long) rank);
    }

    IllegalArgumentException error(String message) {
        return new IllegalArgumentException(node.label() + ": " + message);
    }

    /** INTEGER where both are, else REAL. */
    static Kind arithmetic(NDArray a, NDArray b) {
        return a.kind() == Kind.INTEGER && b.kind() == Kind.INTEGER ? Kind.INTEGER : Kind.REAL;
    }
}
