package dev.vitrine.engine.rewrite.shape;

import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Whether an operator that combines a batched value with others gives each sample the same of them: along the samples'
 * axis another is batched alike, or has size 1 where the operator broadcasts. The runtime's inference does not tell: it
 * takes an open size for whatever it meets.
 */
final class Partners {
    private static final Set<String> BROADCASTING = Set.of(
            "Add",
            "Sub",
            "Mul",
            "Div",
            "Pow",
            "Mod",
            "Min",
            "Max",
            "Mean",
            "Sum",
            "PRelu",
            "Where",
            "And",
            "Or",
            "Xor",
            "Equal",
            "Greater",
            "GreaterOrEqual",
            "Less",
            "LessOrEqual",
            "BitShift",
            "BitwiseAnd",
            "BitwiseOr",
            "BitwiseXor");

    /** For each operator the inputs that have to be as many as there are samples, where they are given. */
    private static final Map<String, List<Integer>> ALIKE = Map.of(
            "GatherElements", List.of(0, 1),
            "ScatterElements", List.of(0, 1, 2),
            "GridSample", List.of(0, 1),
            "ReverseSequence", List.of(0, 1),
            "LSTM", List.of(0, 4, 5, 6),
            "GRU", List.of(0, 4, 5),
            "RNN", List.of(0, 4, 5));

    private final Graph graph;
    /** The axis of the samples, of all values that have one. */
    private final Map<Value, Integer> axes;

    Partners(Graph graph, Map<Value, Integer> axes) {
        this.graph = graph;
        this.axes = axes;
    }

    static boolean broadcasts(Node node) {
        return BROADCASTING.contains(node.operator());
    }

    /** The inputs of a node that have to be as many as there are samples. */
    static List<Integer> alike(Node node) {
        return ALIKE.getOrDefault(node.operator(), List.of());
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
        if (ALIKE.containsKey(node.operator())) {
            return ALIKE.get(node.operator()).stream()
                    .map(node::input)
                    .allMatch(value -> !value.isPresent() || axes.containsKey(value));
        }
        if (broadcasts(node)) {
            return node.inputs().stream().allMatch(value -> fits(value, type.rank() - axis));
        }
        return switch (node.operator()) {
            case "Concat" ->
                node.inputs().stream()
                        .allMatch(value -> axes.getOrDefault(value, -1).equals(axis));
            case "Expand" -> fits(node.input(0), type.rank() - axis);
            case "Gather" -> {
                long along = node.attributes().integer("axis", 0);
                Value from = node.input(0);
                yield !axes.containsKey(from)
                        || axes.get(from)
                                != (along < 0 ? along + type(from).orElseThrow().rank() : along);
            }
            case "Gemm" -> fits(node.input(2), type.rank() - axis) && product(node, 2, axis);
            case "MatMul" -> product(node, type.rank(), axis);
            case "Einsum" -> einsum(node, type, axis);
            case "RoiAlign", "MaxRoiPool" -> false;
            default -> true;
        };
    }

    /** Whether a value that no sample reaches is the same for each: made by repeating, not counted. */
    boolean repeats(Node node, TensorType type, int axis) {
        return switch (node.operator()) {
            case "ConstantOfShape" -> true;
            case "Expand" -> fits(node.input(0), type.rank() - axis);
            case "Tile" ->
                type(node.input(0))
                        .filter(from -> from.dimension(axis).size() == 1)
                        .isPresent();
            default -> false;
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
