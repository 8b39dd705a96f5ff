package dev.vitrine.engine.onnx;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;

/** Known facts about a graph being read; adapters add constants and obtain fresh names here. */
final class BorderScope {
    /** Operators whose first output has as many dimensions as their first input. */
    private static final Set<String> RANK_KEEPING = Set.of(
            "Identity",
            "Relu",
            "LeakyRelu",
            "Elu",
            "Selu",
            "Sigmoid",
            "Tanh",
            "Clip",
            "Dropout",
            "Conv",
            "ConvTranspose",
            "MaxPool",
            "AveragePool",
            "GlobalAveragePool",
            "GlobalMaxPool",
            "BatchNormalization",
            "InstanceNormalization",
            "LRN",
            "Softmax",
            "LogSoftmax",
            "Transpose",
            "Pad",
            "Slice",
            "Concat",
            "Cast",
            "PRelu",
            "Split");

    /** Binary operators whose result has the larger rank of both operands. */
    private static final Set<String> BROADCASTING = Set.of("Add", "Sub", "Mul", "Div", "MatMul");

    /** Maximum number of nodes examined behind a computed shape. */
    private static final int LOOKS = 256;

    private final Optional<BorderScope> outer;
    private final GraphImporter.Names names;
    private final List<Node> nodes = new ArrayList<>();
    private final Map<Value, Node> producers = new HashMap<>();
    private final Set<Value> inputs = new HashSet<>();
    private final Map<Value, Tensor> constants = new LinkedHashMap<>();
    private final Map<Value, TensorType> types = new HashMap<>();
    private final Tails ranks = new Tails();
    private final Tails elementTypes = new Tails();

    BorderScope(Optional<BorderScope> outer, GraphImporter.Names names) {
        this.outer = outer;
        this.names = names;
    }

    /** A value given by a run or by the node that encloses a body. */
    void input(Value value) {
        if (!value.isPresent() || !inputs.add(value)) {
            throw VitrineException.failure("Input '" + value + "': "
                    + (value.isPresent() ? "two inputs have this name" : "it has no name")
                    + ", expected a unique name. The file is damaged; export the model again.");
        }
    }

    void define(Value value, Tensor tensor) {
        if (!value.isPresent()) {
            throw VitrineException.failure("A constant " + tensor
                    + " has no name, expected a unique name. The file is damaged; export the model again.");
        }
        if (inputs.contains(value) || constants.put(value, tensor) != null) {
            throw VitrineException.failure("Constant '" + value + "': "
                    + (inputs.contains(value) ? "an input has the same name" : "it is defined twice")
                    + ", expected one value for each name. The file is damaged; export the model again.");
        }
    }

    void declare(Value value, TensorType type) {
        types.put(value, type);
    }

    void add(Node node) {
        nodes.add(node);
        node.outputs().stream().filter(Value::isPresent).forEach(output -> producers.put(output, node));
    }

    List<Node> nodes() {
        return nodes;
    }

    Map<Value, Tensor> constants() {
        return constants;
    }

    Value fresh(String hint) {
        return names.value(hint);
    }

    /** A new constant under a name like {@code hint}. */
    Value constant(String hint, Tensor tensor) {
        Value value = fresh(hint);
        define(value, tensor);
        return value;
    }

    Optional<Tensor> constant(Value value) {
        Tensor own = constants.get(value);
        return own != null ? Optional.of(own) : outer.flatMap(around -> around.constant(value));
    }

    Optional<TensorType> type(Value value) {
        TensorType own = types.get(value);
        if (own != null) {
            return Optional.of(own);
        }
        return constant(value).map(TensorType::of).or(() -> outer.flatMap(around -> around.type(value)));
    }

    /** The rank, if it follows from the file or from the value's producer. */
    OptionalInt rank(Value value) {
        Tail tail = ranks.tail(value, this::rankSource);
        Value at = tail.value();
        Optional<TensorType> type = type(at);
        if (type.isPresent()) {
            return OptionalInt.of(Math.max(tail.least(), type.get().rank()));
        }
        Node node = producers.get(at);
        if (node == null || !node.domain().isEmpty()) {
            return OptionalInt.empty();
        }
        return switch (node.opType()) {
            case "Flatten", "Gemm" -> OptionalInt.of(Math.max(tail.least(), 2));
            case "Reshape" -> length(node.input(1), new int[] {LOOKS});
            default -> OptionalInt.empty();
        };
    }

    /** The operand that determines a value's rank, and the minimum rank from the other. */
    private Optional<Tail> rankSource(Value value) {
        Node node = producers.get(value);
        if (node == null || !node.domain().isEmpty() || type(value).isPresent()) {
            return Optional.empty();
        }
        if (BROADCASTING.contains(node.opType())) {
            // A constant may have the larger rank; two computed operands are assumed to have the same.
            boolean first = constant(node.input(0)).isEmpty();
            int least = constant(node.input(first ? 1 : 0)).map(Tensor::rank).orElse(0);
            return Optional.of(new Tail(node.input(first ? 0 : 1), least));
        }
        return RANK_KEEPING.contains(node.opType()) ? Optional.of(new Tail(node.input(0), 0)) : Optional.empty();
    }

    /**
     * The length of a vector that is constant, or a concatenation of constants and scalars.
     *
     * @param looks how many more nodes may be examined, shared by all parts
     */
    private OptionalInt length(Value vector, int[] looks) {
        if (looks[0]-- == 0) {
            return OptionalInt.empty();
        }
        Optional<Tensor> constant = constant(vector);
        if (constant.isPresent()) {
            return OptionalInt.of(Math.toIntExact(constant.get().elements()));
        }
        Node node = producers.get(vector);
        if (node == null || !node.domain().isEmpty()) {
            return OptionalInt.empty();
        }
        if (node.opType().equals("Unsqueeze")) {
            return OptionalInt.of(1);
        }
        if (node.opType().equals("Cast") || node.opType().equals("Identity")) {
            return length(node.input(0), looks);
        }
        if (node.opType().equals("Slice")) {
            boolean whole = !node.input(4).isPresent()
                    || constant(node.input(4))
                            .filter(step -> step.elements() == 1 && step.bytes().get(0) == 1)
                            .isPresent();
            return whole ? sliced(constant(node.input(1)), constant(node.input(2))) : OptionalInt.empty();
        }
        if (!node.opType().equals("Concat")) {
            return OptionalInt.empty();
        }
        int sum = 0;
        for (Value part : node.inputs()) {
            OptionalInt length = length(part, looks);
            if (length.isEmpty()) {
                return length;
            }
            sum += length.getAsInt();
        }
        return OptionalInt.of(sum);
    }

    /** The length of a slice between two constant positions, both counted from the front. */
    private static OptionalInt sliced(Optional<Tensor> start, Optional<Tensor> end) {
        boolean single = start.isPresent()
                && end.isPresent()
                && start.get().elementType() == ElementType.INT64
                && end.get().elementType() == ElementType.INT64
                && start.get().elements() == 1
                && end.get().elements() == 1;
        if (!single) {
            return OptionalInt.empty();
        }
        long from = start.get().toLongs()[0];
        long to = end.get().toLongs()[0];
        return from >= 0 && to > from && to <= 8 ? OptionalInt.of((int) (to - from)) : OptionalInt.empty();
    }

    /** The element type, if known from the file; else float32. */
    ElementType elementType(Value value) {
        Value at = elementTypes.tail(value, this::elementTypeSource).value();
        Optional<TensorType> type = type(at);
        if (type.isPresent()) {
            return type.get().elementType();
        }
        Node node = producers.get(at);
        return node == null
                ? ElementType.FLOAT32
                : ElementTypes.of((int) node.attributes().integer("to", 1)).orElse(ElementType.FLOAT32);
    }

    private Optional<Tail> elementTypeSource(Value value) {
        Node node = producers.get(value);
        boolean tells = node == null
                || node.opType().equals("Cast")
                || node.inputs().isEmpty()
                || type(value).isPresent();
        return tells ? Optional.empty() : Optional.of(new Tail(node.input(0), 0));
    }

    /** A node of a standard operator, named after its output. */
    Node node(String opType, Attributes attributes, Value output, Value... inputs) {
        return new Node(
                names.node("", List.of(output), opType),
                "",
                opType,
                trimmed(List.of(inputs)),
                List.of(output),
                attributes);
    }

    /** Inputs without omitted trailing ones. */
    static List<Value> trimmed(List<Value> inputs) {
        int last = inputs.size();
        while (last > 0 && !inputs.get(last - 1).isPresent()) {
            last--;
        }
        return inputs.subList(0, last);
    }

    /** The source of a value's rank or element type, and the minimum rank met on the path to it. */
    private record Tail(Value value, int least) {}

    /**
     * Follows chains of values to their ends, visiting each link once: the end is memoized for all values before it.
     */
    private static final class Tails {
        private final Map<Value, Tail> known = new HashMap<>();

        /** The end of the chain; any value on it if it is a cycle, which is rejected later. */
        Tail tail(Value from, Function<Value, Optional<Tail>> next) {
            List<Value> path = new ArrayList<>();
            List<Integer> least = new ArrayList<>();
            Set<Value> passed = new HashSet<>();
            Value at = from;
            while (passed.add(at)) {
                Tail shortcut = known.get(at);
                Optional<Tail> link = shortcut == null ? next.apply(at) : Optional.of(shortcut);
                if (link.isEmpty()) {
                    break;
                }
                path.add(at);
                least.add(link.get().least());
                at = link.get().value();
            }
            int sofar = 0;
            for (int i = path.size() - 1; i >= 0; i--) {
                sofar = Math.max(sofar, least.get(i));
                known.put(path.get(i), new Tail(at, sofar));
            }
            return new Tail(at, sofar);
        }
    }
}
