package dev.vitrine.engine.onnx;

import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** What is known of a graph while it is being read, and where adapters put constants and get fresh names. */
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

    private final Optional<BorderScope> outer;
    private final GraphImporter.Names names;
    private final List<Node> nodes = new ArrayList<>();
    private final Map<Value, Node> producers = new HashMap<>();
    private final Map<Value, Tensor> constants = new LinkedHashMap<>();
    private final Map<Value, TensorType> types = new HashMap<>();

    BorderScope(Optional<BorderScope> outer, GraphImporter.Names names) {
        this.outer = outer;
        this.names = names;
    }

    void define(Value value, Tensor tensor) {
        constants.put(value, tensor);
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

    /** The number of dimensions where the file or a short look at what computes the value tells. */
    OptionalInt rank(Value value) {
        Value at = value;
        int least = 0;
        while (true) {
            Optional<TensorType> type = type(at);
            if (type.isPresent()) {
                return OptionalInt.of(Math.max(least, type.get().rank()));
            }
            Node node = producers.get(at);
            if (node == null || !node.domain().isEmpty()) {
                return OptionalInt.empty();
            }
            if (node.opType().equals("Flatten") || node.opType().equals("Gemm")) {
                return OptionalInt.of(Math.max(least, 2));
            }
            if (node.opType().equals("Reshape")) {
                return length(node.input(1));
            }
            if (BROADCASTING.contains(node.opType())) {
                // A constant may have the larger rank; two computed operands are assumed to have the same.
                boolean first = constant(node.input(0)).isEmpty();
                least = Math.max(
                        least,
                        constant(node.input(first ? 1 : 0)).map(Tensor::rank).orElse(0));
                at = node.input(first ? 0 : 1);
            } else if (RANK_KEEPING.contains(node.opType())) {
                at = node.input(0);
            } else {
                return OptionalInt.empty();
            }
        }
    }

    /** The length of a vector that is constant, or a concatenation of constants and scalars. */
    private OptionalInt length(Value vector) {
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
            return length(node.input(0));
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
            OptionalInt length = length(part);
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

    /** The element type as far as the file tells; float32 where it does not. */
    ElementType elementType(Value value) {
        Value at = value;
        while (true) {
            Optional<TensorType> type = type(at);
            if (type.isPresent()) {
                return type.get().elementType();
            }
            Node node = producers.get(at);
            if (node == null || node.opType().equals("Cast") || node.inputs().isEmpty()) {
                return node == null
                        ? ElementType.FLOAT32
                        : ElementTypes.of((int) node.attributes().integer("to", 1))
                                .orElse(ElementType.FLOAT32);
            }
            at = node.input(0);
        }
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

    /** Inputs without the left-out ones at the end. */
    static List<Value> trimmed(List<Value> inputs) {
        int last = inputs.size();
        while (last > 0 && !inputs.get(last - 1).isPresent()) {
            last--;
        }
        return inputs.subList(0, last);
    }
}
