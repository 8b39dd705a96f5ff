package dev.vitrine.lens.model.input;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.GraphTransform;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.operator.Operator;
import dev.vitrine.engine.operator.OperatorTable;
import dev.vitrine.engine.operator.property.Effect;
import dev.vitrine.engine.operator.property.Whole;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Numbers;
import dev.vitrine.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A float32 input in place of one of whole numbers: what moves, picks or adds whole numbers does the same to floats of
 * the same value, and a cast to float has nothing left to do. So the network can be asked for gradients.
 *
 * @param input of an integer type
 * @param where names the model in errors
 */
record FloatInput(Value input, String where) implements GraphTransform {
    /** ONNX's number of float32. */
    private static final long FLOAT32 = 1;

    @Override
    public Graph apply(Graph graph) {
        TensorType declared = graph.types().get(input);
        Map<Value, TensorType> types = new HashMap<>(graph.types());
        types.put(input, new TensorType(ElementType.FLOAT32, declared.dimensions()));
        Graph typed = new Graph(graph.inputs(), graph.outputs(), List.of(), graph.constants(), types, graph.opsets());
        GraphBuilder builder = new GraphBuilder(typed);
        // The names of all nodes are taken before any is made.
        graph.nodes().forEach(node -> node.outputs().forEach(output -> builder.fresh(output.name())));
        Map<Value, ElementType> carried = new HashMap<>(Map.of(input, declared.elementType()));
        for (Node node : graph.nodes()) {
            builder.addFresh(
                    node.reads().stream().anyMatch(carried::containsKey) ? changed(node, carried, builder) : node);
        }
        return builder.build();
    }

    private Node changed(Node node, Map<Value, ElementType> carried, GraphBuilder builder) {
        ElementType type = node.reads().stream()
                .filter(carried::containsKey)
                .map(carried::get)
                .findFirst()
                .orElseThrow();
        boolean first = carried.containsKey(node.input(0));
        Operator row = OperatorTable.row(node);
        if (row.effect() == Effect.CASTS && first) {
            return cast(node, carried);
        }
        if (row.effect() == Effect.DECODES && first) {
            return dequantized(node, builder);
        }
        if (row.isSizeOnly()) {
            return node;
        }
        if (row.effect() == Effect.COMPUTES_CODES) {
            return packed(node, type, carried, builder);
        }
        if (isExact(node, row, type, carried)) {
            List<Value> inputs = new ArrayList<>(node.inputs());
            for (int i = 0; i < inputs.size(); i++) {
                Value value = inputs.get(i);
                if (row.numbers().contains(i) && value.isPresent() && !carried.containsKey(value)) {
                    inputs.set(i, floats(value, builder));
                }
            }
            node.outputs().forEach(output -> carried.put(output, type));
            return node.withInputs(inputs);
        }
        throw VitrineException.failure(where + ": " + node.label() + " computes on " + name(type)
                + ", rounded at each step; expected a Cast to float before it, without which there is no gradient."
                + " Export the model with the Cast first, or without its preprocessing.");
    }

    /** Whether floats of the same value give the same: a type of less than 4 bytes wraps around at its ends. */
    private static boolean isExact(Node node, Operator row, ElementType type, Map<Value, ElementType> carried) {
        boolean exact = row.whole() == Whole.EXACT || row.whole() == Whole.WRAPS && type.bytes() >= 4;
        boolean numbersOnly = IntStream.range(0, node.inputs().size())
                .noneMatch(i ->
                        carried.containsKey(node.input(i)) && !row.numbers().contains(i));
        // Further results are indices and masks, but for parts.
        boolean plain = node.outputs().size() == 1 || row.effect() == Effect.MOVES;
        return exact && numbersOnly && plain;
    }

    private Node cast(Node node, Map<Value, ElementType> carried) {
        long target = node.attributes().integer("to", FLOAT32);
        if (target == FLOAT32) {
            return new Node(node.name(), "", "Identity", List.of(node.input(0)), node.outputs(), Attributes.NONE);
        }
        ElementType type = carried.get(node.input(0));
        Optional<ElementType> other = whole(target);
        if (other.isEmpty() || other.get().bytes() < type.bytes() || other.get() == ElementType.INT8) {
            throw VitrineException.failure(where + ": " + node.label() + " cuts " + name(type)
                    + " down to a smaller type; expected a Cast to float. Export the model without its preprocessing.");
        }
        carried.put(node.output(), other.get());
        return new Node(node.name(), "", "Identity", List.of(node.input(0)), node.outputs(), Attributes.NONE);
    }

    private static Optional<ElementType> whole(long code) {
        return Optional.ofNullable(Map.of(
                        2L, ElementType.UINT8,
                        3L, ElementType.INT8,
                        4L, ElementType.UINT16,
                        5L, ElementType.INT16,
                        6L, ElementType.INT32,
                        7L, ElementType.INT64,
                        12L, ElementType.UINT32,
                        13L, ElementType.UINT64)
                .get(code));
    }

    /** y = (x − zero) · scale. */
    private static Node dequantized(Node node, GraphBuilder builder) {
        Value moved = node.input(2).isPresent()
                ? builder.node("Sub", node.input(0), floats(node.input(2), builder))
                : node.input(0);
        return new Node(node.name(), "", "Mul", List.of(moved, node.input(1)), node.outputs(), Attributes.NONE);
    }

    /** The picture packed again for an operator that takes nothing else: exact for whole numbers. */
    private static Node packed(Node node, ElementType type, Map<Value, ElementType> carried, GraphBuilder builder) {
        List<Value> inputs = new ArrayList<>();
        for (Value value : node.inputs()) {
            inputs.add(
                    carried.containsKey(value)
                            ? builder.node(
                                    "QuantizeLinear", value, builder.constant(1f), builder.constant(Tensor.zeros(type)))
                            : value);
        }
        return node.withInputs(inputs);
    }

    private static Value floats(Value value, GraphBuilder builder) {
        return builder.constantOf(value)
                .map(tensor -> builder.constant(
                        value.name(),
                        Numbers.tensor(Numbers.of(tensor), ElementType.FLOAT32, tensor.shape())
                                .orElseThrow()))
                .orElseGet(() -> builder.node("Cast", Attributes.NONE.with("to", FLOAT32), value));
    }

    private static String name(ElementType type) {
        return type.name().toLowerCase(java.util.Locale.ROOT);
    }
}
