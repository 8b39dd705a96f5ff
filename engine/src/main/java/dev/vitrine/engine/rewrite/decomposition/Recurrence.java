package dev.vitrine.engine.rewrite.decomposition;

import dev.vitrine.engine.graph.AttributeValue;
import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Dimension;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.rewrite.NodeWriter;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Unrolls LSTM, GRU and RNN over a known number of steps: one product with the input weights for all steps, then for
 * each step one with the recurrent weights, gates and sums.
 *
 * <p>Not unrolled: sequences of unequal length, more than {@value #MOST_STEPS} steps, activations with parameters.
 */
final class Recurrence {
    private static final int MOST_STEPS = 1000;
    private static final Set<String> ACTIVATIONS = Set.of("Relu", "Sigmoid", "Softplus", "Softsign", "Tanh");

    /** What one step computes. */
    private enum Cell {
        LSTM(4, "Sigmoid", "Tanh", "Tanh"),
        GRU(3, "Sigmoid", "Tanh"),
        RNN(1, "Tanh");

        private final int gates;
        private final List<String> activations;

        Cell(int gates, String... activations) {
            this.gates = gates;
            this.activations = List.of(activations);
        }
    }

    private final Node node;
    private final NodeWriter writer;
    private final Cell cell;
    private final int hidden;
    private final int directions;
    private final int steps;
    private final List<String> activations;

    private Recurrence(Node node, NodeWriter writer, int steps, List<String> activations) {
        this.node = node;
        this.writer = writer;
        this.cell = Cell.valueOf(node.opType());
        this.steps = steps;
        this.hidden = (int) node.attributes().integer("hidden_size", 0);
        this.directions = directions(node);
        this.activations = activations;
    }

    /** Writes the steps, or leaves the node as it is. */
    static boolean write(Node node, NodeWriter writer) {
        Dimension length =
                writer.type(node.input(0)).map(type -> type.dimension(0)).orElse(Dimension.UNKNOWN);
        List<String> activations = activations(node);
        Optional<Tensor> lengths = writer.constantOf(node.input(4));
        boolean whole = !node.input(4).isPresent() || (lengths.isPresent() && all(lengths.get(), length.size()));
        boolean known = length.isFixed()
                && length.size() > 0
                && length.size() <= MOST_STEPS
                && node.attributes().integer("hidden_size", 0) > 0
                && node.attributes().integer("layout", 0) == 0;
        if (!known || !whole || !ACTIVATIONS.containsAll(activations)) {
            return false;
        }
        new Recurrence(node, writer, (int) length.size(), activations).write();
        return true;
    }

    private static int directions(Node node) {
        return node.attributes().text("direction", "forward").equals("bidirectional") ? 2 : 1;
    }

    private static List<String> activations(Node node) {
        if (node.attributes().values().get("activations") instanceof AttributeValue.OfTexts given) {
            return given.values().stream().map(Recurrence::properName).toList();
        }
        List<String> all = new ArrayList<>();
        for (int i = 0; i < directions(node); i++) {
            all.addAll(Cell.valueOf(node.opType()).activations);
        }
        return all;
    }

    /** The runtime ignores the case of activation names. */
    private static String properName(String name) {
        return name.isEmpty()
                ? name
                : name.substring(0, 1).toUpperCase(Locale.ROOT)
                        + name.substring(1).toLowerCase(Locale.ROOT);
    }

    private static boolean all(Tensor lengths, long expected) {
        return lengths.elementType() == ElementType.INT32
                && IntStream.range(0, (int) lengths.elements())
                        .allMatch(i -> lengths.bytes().asIntBuffer().get(i) == expected);
    }

    private void write() {
        List<List<Value>> outputs = new ArrayList<>();
        List<Value> lastStates = new ArrayList<>();
        List<Value> lastCells = new ArrayList<>();
        for (int direction = 0; direction < directions; direction++) {
            Line line = new Line(direction);
            outputs.add(line.states());
            lastStates.add(line.last.state());
            lastCells.add(line.last.memory());
        }
        if (node.output(0).isPresent()) {
            List<Value> lines = new ArrayList<>();
            for (List<Value> states : outputs) {
                lines.add(writer.node("Unsqueeze", joined(states, 0), writer.vector(1)));
            }
            into(node.output(0), lines, 1);
        }
        if (node.output(1).isPresent()) {
            into(node.output(1), lastStates, 0);
        }
        if (node.output(2).isPresent()) {
            into(node.output(2), lastCells, 0);
        }
    }

    private Value joined(List<Value> parts, long axis) {
        return parts.size() == 1
                ? parts.get(0)
                : writer.node("Concat", Attributes.NONE.with("axis", axis), parts.toArray(Value[]::new));
    }

    private void into(Value output, List<Value> parts, long axis) {
        if (parts.size() == 1) {
            writer.into(output, "Identity", Attributes.NONE, parts.get(0));
        } else {
            writer.into(output, "Concat", Attributes.NONE.with("axis", axis), parts.toArray(Value[]::new));
        }
    }

    /** h and c between two steps, {@code f32[1,N,H]} each; both absent before the first step if they start at 0. */
    private record State(Value state, Value memory) {}

    /** The steps in one direction. */
    private final class Line {
        private final int direction;
        private final boolean backward;
        private final Value recurrent;
        private final Value[] peepholes = new Value[3];
        private final Optional<Value> hiddenBias;
        private State last;

        Line(int direction) {
            this.direction = direction;
            this.backward = direction == 1
                    || node.attributes().text("direction", "forward").equals("reverse");
            this.recurrent = weights(node.input(2));
            this.hiddenBias = hiddenBias();
            Arrays.fill(peepholes, Value.NONE);
            if (cell == Cell.LSTM && node.input(7).isPresent()) {
                Value own = part(node.input(7), direction, directions, 0);
                List<Value> parts = writer.nodes(
                        "Split", 3, Attributes.NONE.with("axis", 1L).with("num_outputs", 3L), own);
                parts.toArray(peepholes);
            }
            this.last = new State(initial(5), cell == Cell.LSTM ? initial(6) : Value.NONE);
        }

        private Value initial(int input) {
            Value given = node.input(input);
            return given.isPresent() && !isZero(given) ? part(given, direction, directions, 0) : Value.NONE;
        }

        /** h after each step, in the order of the input. */
        List<Value> states() {
            Value projected = writer.node("MatMul", node.input(0), weights(node.input(1)));
            if (node.input(3).isPresent()) {
                projected = writer.node("Add", projected, bias());
            }
            List<Value> inputs = steps == 1
                    ? List.of(projected)
                    : writer.nodes(
                            "Split",
                            steps,
                            Attributes.NONE.with("axis", 0L).with("num_outputs", (long) steps),
                            projected);
            Value[] states = new Value[steps];
            for (int i = 0; i < steps; i++) {
                int at = backward ? steps - 1 - i : i;
                last = switch (cell) {
                    case LSTM -> longShort(inputs.get(at));
                    case GRU -> gated(inputs.get(at));
                    case RNN -> simple(inputs.get(at));
                };
                states[at] = last.state();
            }
            return List.of(states);
        }

        /** {@code f32[D, G·H, I]} as {@code f32[I, G·H]} of this direction. */
        private Value weights(Value all) {
            Optional<Tensor> constant = writer.constantOf(all);
            if (constant.isEmpty()) {
                Value own = writer.node("Squeeze", part(all, direction, directions, 0), writer.vector(0));
                return writer.node("Transpose", Attributes.NONE.with("perm", new long[] {1, 0}), own);
            }
            int rows = (int) constant.get().dimension(1);
            int columns = (int) constant.get().dimension(2);
            FloatBuffer from = constant.get().floats();
            float[] turned = new float[rows * columns];
            for (int row = 0; row < rows; row++) {
                for (int column = 0; column < columns; column++) {
                    turned[column * rows + row] = from.get((direction * rows + row) * columns + column);
                }
            }
            return writer.constant(Tensor.floats(turned, columns, rows));
        }

        /**
         * The sum of input and recurrent bias, {@code f32[1, G·H]}; a hidden bias that the reset gate scales stays
         * apart.
         */
        private Value bias() {
            int size = cell.gates * hidden;
            Value own = part(node.input(3), direction, directions, 0);
            List<Value> both = slices(own, size, 2);
            if (hiddenBias.isEmpty()) {
                return writer.node("Add", both.get(0), both.get(1));
            }
            List<Value> reset = slices(both.get(1), hidden, 3);
            Value gates = joined(List.of(reset.get(0), reset.get(1)), 1);
            Value none = writer.constant(Tensor.zeros(ElementType.FLOAT32, 1, hidden));
            return writer.node("Add", both.get(0), joined(List.of(gates, none), 1));
        }

        private Optional<Value> hiddenBias() {
            boolean apart = cell == Cell.GRU
                    && node.attributes().integer("linear_before_reset", 0) != 0
                    && node.input(3).isPresent();
            return apart
                    ? Optional.of(slices(part(node.input(3), direction, directions, 0), hidden, 6)
                            .get(5))
                    : Optional.empty();
        }

        private Value recurred(Value input) {
            return last.state().isPresent()
                    ? writer.node("Add", input, writer.node("MatMul", last.state(), recurrent))
                    : input;
        }

        private Value activated(int index, Value value) {
            String activation = activations.get(direction * cell.activations.size() + index);
            float limit = node.attributes().real("clip", 0);
            Value clipped = limit > 0 ? writer.node("Clip", value, writer.scalar(-limit), writer.scalar(limit)) : value;
            return writer.node(activation, clipped);
        }

        private Value peeping(Value gate, int index, Value memory) {
            return peepholes[index].isPresent() && memory.isPresent()
                    ? writer.node("Add", gate, writer.node("Mul", peepholes[index], memory))
                    : gate;
        }

        /** C = f ⊙ C + i ⊙ c, H = o ⊙ h(C), gates in the order i, o, f, c. Hochreiter and Schmidhuber 1997. */
        private State longShort(Value input) {
            List<Value> gates = slices(recurred(input), hidden, 4);
            Value open = activated(0, peeping(gates.get(0), 0, last.memory()));
            // The runtime couples the forget gate to the input gate.
            Value forget = node.attributes().integer("input_forget", 0) != 0
                    ? writer.node("Sub", writer.scalar(1), open)
                    : activated(0, peeping(gates.get(2), 2, last.memory()));
            Value memory = writer.node("Mul", open, activated(1, gates.get(3)));
            if (last.memory().isPresent()) {
                memory = writer.node("Add", writer.node("Mul", forget, last.memory()), memory);
            }
            Value out = activated(0, peeping(gates.get(1), 1, memory));
            String squash = activations.get(direction * 3 + 2);
            return new State(writer.node("Mul", out, writer.node(squash, memory)), memory);
        }

        /** H = (1 − z) ⊙ h + z ⊙ H, gates in the order z, r, h. Cho et al. 2014, arXiv:1406.1078. */
        private State gated(Value input) {
            List<Value> gates = slices(input, hidden, 3);
            Value update = gates.get(0);
            Value reset = gates.get(1);
            Value proposal = gates.get(2);
            boolean linearFirst = node.attributes().integer("linear_before_reset", 0) != 0;
            if (last.state().isPresent()) {
                Value recurredGates = writer.node("MatMul", last.state(), columns(0, 2));
                List<Value> parts = slices(recurredGates, hidden, 2);
                update = writer.node("Add", update, parts.get(0));
                reset = writer.node("Add", reset, parts.get(1));
            }
            update = activated(0, update);
            reset = activated(0, reset);
            if (linearFirst) {
                Optional<Value> recurred = last.state().isPresent()
                        ? Optional.of(writer.node("MatMul", last.state(), columns(2, 3)))
                        : Optional.empty();
                Optional<Value> biased = recurred.isPresent() && hiddenBias.isPresent()
                        ? Optional.of(writer.node("Add", recurred.get(), hiddenBias.get()))
                        : recurred.or(() -> hiddenBias);
                if (biased.isPresent()) {
                    proposal = writer.node("Add", proposal, writer.node("Mul", reset, biased.get()));
                }
            } else if (last.state().isPresent()) {
                Value kept = writer.node("Mul", reset, last.state());
                proposal = writer.node("Add", proposal, writer.node("MatMul", kept, columns(2, 3)));
            }
            Value candidate = activated(1, proposal);
            Value fresh = writer.node("Mul", writer.node("Sub", writer.scalar(1), update), candidate);
            Value state = last.state().isPresent()
                    ? writer.node("Add", fresh, writer.node("Mul", update, last.state()))
                    : fresh;
            return new State(state, Value.NONE);
        }

        /** H = f(x W + H R + b). Elman 1990. */
        private State simple(Value input) {
            return new State(activated(0, recurred(input)), Value.NONE);
        }

        /** Gates {@code from} to {@code to} of the recurrent weights. */
        private Value columns(int from, int to) {
            return writer.constantOf(recurrent)
                    .map(tensor -> writer.constant(columns(tensor, from * hidden, to * hidden)))
                    .orElseGet(() -> writer.node(
                            "Slice",
                            recurrent,
                            writer.vector((long) from * hidden),
                            writer.vector((long) to * hidden),
                            writer.vector(1)));
        }

        private static Tensor columns(Tensor matrix, int from, int to) {
            int rows = (int) matrix.dimension(0);
            int width = (int) matrix.dimension(1);
            float[] cut = new float[rows * (to - from)];
            for (int row = 0; row < rows; row++) {
                for (int column = from; column < to; column++) {
                    cut[row * (to - from) + column - from] = matrix.floats().get(row * width + column);
                }
            }
            return Tensor.floats(cut, rows, to - from);
        }
    }

    /** Whether a state is 0, possibly of computed size, as exporters write the initial one. */
    private boolean isZero(Value value) {
        Optional<Tensor> constant = writer.constantOf(value);
        if (constant.isPresent()) {
            return constant.get()
                    .equals(Tensor.zeros(ElementType.FLOAT32, constant.get().shape()));
        }
        return writer.producer(value)
                .filter(source -> switch (source.operator()) {
                    case "Expand" -> isZero(source.input(0));
                    case "ConstantOfShape" ->
                        !(source.attributes().values().get("value") instanceof AttributeValue.OfTensor filler)
                                || filler.value().equals(Tensor.zeros(ElementType.FLOAT32, 1));
                    default -> false;
                })
                .isPresent();
    }

    /** Part {@code index} of {@code count} along an axis. */
    private Value part(Value value, int index, int count, long axis) {
        return count == 1
                ? value
                : writer.node("Slice", value, writer.vector(index), writer.vector(index + 1L), writer.vector(axis));
    }

    /** A value split along its last axis into equal parts. */
    private List<Value> slices(Value value, int size, int count) {
        return count == 1
                ? List.of(value)
                : writer.nodes(
                        "Split", count, Attributes.NONE.with("axis", -1L).with("num_outputs", (long) count), value);
    }
}
