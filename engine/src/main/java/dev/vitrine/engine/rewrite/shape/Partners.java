package dev.vitrine.engine.rewrite.shape;

import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.operator.Operator;
import dev.vitrine.engine.operator.OperatorTable;
import dev.vitrine.engine.operator.property.Effect;
import dev.vitrine.engine.operator.property.Sizes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Whether an operator that combines a batched value with others gives each sample the same of them: along the samples'
 * axis another is batched alike, or has size 1 where the operator broadcasts. The runtime's inference does not tell: it
 * takes an open size for whatever it meets.
 */
final class Partners {
    /** Sequence, first states and first cells, where they are given. */
    private static final List<Integer> SEQUENCES = List.of(0, 4, 5, 6);

    private static final List<Integer> FIRST_TWO = List.of(0, 1);

    private final Graph graph;
    /** The axis of the samples, of all values that have one. */
    private final Map<Value, Integer> axes;

    Partners(Graph graph, Map<Value, Integer> axes) {
        this.graph = graph;
        this.axes = axes;
    }

    static boolean broadcasts(Node node) {
        return OperatorTable.row(node).sizes() == Sizes.BROADCAST;
    }

    /** The inputs of a node that have to be as many as there are samples. */
    static List<Integer> alike(Node node) {
        Operator row = OperatorTable.row(node);
        return switch (row.space()) {
            case PICKING_ELEMENTS -> List.of(0, 1, 2);
            case SAMPLING -> FIRST_TWO;
            case SEQUENCE -> row.kind() == Operator.Kind.RECURRENT ? SEQUENCES : FIRST_TWO;
            default -> List.of();
        };
    }

    /** The axis along which samples lie in such an input: a recurrent layer's first states are of all directions. */
    static int samples(Node node, int input) {
        boolean state = input > 4 && node.attributes().integer("layout", 0) == 0;
        return state ? 1 : 0;
    }

    /**
     * Whether all that a node reads fits samples along an axis of its output.
     *
     * @param type of the output
     */
    boolean fit(Node node, TensorType type, int axis) {
        boolean unlike = node.inputs().stream()
                .filter(value -> value.isPresent() && !axes.containsKey(value))
                .anyMatch(value -> type(value).isEmpty() || !type(value).get().isStatic());
        if (unlike) {
            return false;
        }
        List<Integer> alike = alike(node);
        if (!alike.isEmpty()) {
            return alike.stream().map(node::input).allMatch(value -> !value.isPresent() || axes.containsKey(value));
        }
        if (broadcasts(node)) {
            return node.inputs().stream().allMatch(value -> fits(value, type.rank() - axis));
        }
        Operator row = OperatorTable.row(node);
        return switch (row.space()) {
            case JOIN ->
                node.inputs().stream()
                        .allMatch(value -> axes.getOrDefault(value, -1).equals(axis));
            case BROADCASTING -> fits(node.input(0), type.rank() - axis);
            case PICKING_ALONG_AXIS -> {
                Value from = node.input(0);
                yield !axes.containsKey(from)
                        || axes.get(from)
                                != row.axis(node, type(from).orElseThrow().rank());
            }
            case PRODUCT -> {
                if (node.attributes().has("equation")) {
                    yield einsum(node, type, axis);
                }
                // Gemm adds a bias to rows.
                yield row.hasBias()
                        ? fits(node.input(2), type.rank() - axis) && product(node, 2, axis)
                        : product(node, type.rank(), axis);
            }
            // Regions come from all samples.
            case ANYWHERE -> row.kind() != Operator.Kind.POOLING;
            default -> true;
        };
    }

    /** Whether a value that no sample reaches is the same for each: made by repeating, not counted. */
    boolean repeats(Node node, TensorType type, int axis) {
        Operator row = OperatorTable.row(node);
        return switch (row.space()) {
            case BROADCASTING -> fits(node.input(0), type.rank() - axis);
            case REPEATING ->
                type(node.input(0))
                        .filter(from -> from.dimension(axis).size() == 1)
                        .isPresent();
            default -> row.effect() == Effect.MAKES_ONE_NUMBER;
        };
    }

    /** Whether a value, broadcast, has its samples so many axes from the end, or has one for all. */
    private boolean fits(Value value, int fromEnd) {
        if (!value.isPresent()) {
            return true;
        }
        Optional<TensorType> found = type(value);
        if (found.isEmpty()) {
            return false;
        }
        int rank = found.get().rank();
        if (axes.containsKey(value)) {
            return rank - axes.get(value) == fromEnd;
        }
        return rank < fromEnd || found.get().dimension(rank - fromEnd).size() == 1;
    }

    /** Rows of the left come from its own, columns of the right from its own, and what is before both broadcasts. */
    private boolean product(Node node, int rank, int axis) {
        boolean swapLeft = node.attributes().integer("transA", 0) != 0;
        boolean swapRight = node.attributes().integer("transB", 0) != 0;
        Value left = node.input(0);
        Value right = node.input(1);
        int fromEnd = rank - axis;
        boolean vector = type(left).map(TensorType::rank).orElse(0) < 2
                || type(right).map(TensorType::rank).orElse(0) < 2;
        if (vector) {
            // Its only axis is summed over; the other's, from the end, move up by one.
            return !axes.containsKey(left) || !axes.containsKey(right);
        }
        return switch (fromEnd) {
            case 1 -> !axes.containsKey(left) && axisFromEnd(right) == (swapRight ? 2 : 1);
            case 2 -> !axes.containsKey(right) && axisFromEnd(left) == (swapLeft ? 1 : 2);
            default -> fits(left, fromEnd) && fits(right, fromEnd);
        };
    }

    private int axisFromEnd(Value value) {
        return axes.containsKey(value) ? type(value).orElseThrow().rank() - axes.get(value) : 0;
    }

    /** Each axis of a term is a letter, or one of those that the dots stand for, counted from the end. */
    private boolean einsum(Node node, TensorType type, int axis) {
        String[] sides = node.attributes().text("equation", "").replace(" ", "").split("->", -1);
        String[] terms = sides[0].split(",", -1);
        if (sides.length != 2 || terms.length != node.inputs().size()) {
            return false;
        }
        String samples = labels(sides[1], type.rank()).get(axis);
        for (int i = 0; i < terms.length; i++) {
            Value value = node.input(i);
            Optional<TensorType> read = type(value);
            if (read.isEmpty()) {
                return false;
            }
            List<String> labels = labels(terms[i], read.get().rank());
            int found = labels.indexOf(samples);
            boolean fits = axes.containsKey(value)
                    ? found == axes.get(value) && labels.lastIndexOf(samples) == found
                    : found < 0
                            || samples.startsWith(".")
                                    && read.get().dimension(found).size() == 1;
            if (!fits) {
                return false;
            }
        }
        return true;
    }

    private static List<String> labels(String term, int rank) {
        List<String> labels = new ArrayList<>();
        int dots = rank - term.replace("...", "").length();
        for (int i = 0; i < term.length(); i++) {
            if (term.charAt(i) == '.') {
                for (int left = dots; left > 0; left--) {
                    labels.add("." + left);
                }
                i += 2;
            } else {
                labels.add(String.valueOf(term.charAt(i)));
            }
        }
        return labels;
    }

    private Optional<TensorType> type(Value value) {
        return graph.constant(value)
                .map(TensorType::of)
                .or(() -> Optional.ofNullable(graph.types().get(value)));
    }
}
