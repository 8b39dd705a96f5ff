package dev.vitrine.engine.check;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.graph.Dimension;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.operator.Operator;
import dev.vitrine.engine.operator.OperatorTable;
import dev.vitrine.engine.operator.property.Space;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** Checks inferred types before anything runs: values of impossible size, and malformed lists. */
public final class TypeCheck {
    /** Operators that compute with their operands; ONNX Runtime divides by their sizes. */
    private static final Set<Operator.Kind> COMPUTING = EnumSet.of(
            Operator.Kind.LINEAR, Operator.Kind.NORMALIZATION, Operator.Kind.POOLING, Operator.Kind.REDUCTION);

    private TypeCheck() {}

    /** Rejects a graph with a value larger than 2 GiB, or a Resize in which ONNX Runtime would read out of bounds. */
    public static void require(Graph graph) {
        for (Node node : graph.nodes()) {
            for (Value output : node.outputs()) {
                graph.type(output).ifPresent(type -> requireSize(node, type));
            }
            if (COMPUTING.contains(OperatorTable.row(node).kind())
                    || node.operator().equals("TopK")) {
                node.inputs().forEach(input -> requireElements(graph, node, input));
            }
            Recurrent.require(node, value -> graph.type(value).map(TensorType::shape));
            if (OperatorTable.row(node).space() == Space.PICKING) {
                places(graph, node);
            }
            if (OperatorTable.row(node).space() == Space.RESAMPLING) {
                resize(graph, node);
            }
        }
    }

    private static void requireElements(Graph graph, Node node, Value input) {
        Optional<TensorType> empty = graph.type(input)
                .filter(type -> type.dimensions().stream().anyMatch(dimension -> dimension.size() == 0));
        if (empty.isPresent() && graph.constant(input).isEmpty()) {
            throw VitrineException.failure(node.label() + ": its input '" + input + "' is " + empty.get()
                    + ", which is empty; expected sizes of at least 1. Give a larger input size, or export"
                    + " the model again.");
        }
    }

    private static void requireSize(Node node, TensorType type) {
        double bytes = type.elementType().bytes();
        for (Dimension dimension : type.dimensions()) {
            bytes *= dimension.isFixed() ? dimension.size() : 1;
        }
        if (bytes > Integer.MAX_VALUE) {
            throw VitrineException.failure(node.label() + ": its result is " + type
                    + ", which exceeds 2 GiB, the limit for one tensor. Give a smaller input size, or export the"
                    + " model again.");
        }
    }

    private static void places(Graph graph, Node node) {
        Optional<TensorType> data = graph.type(node.input(0));
        Optional<TensorType> indices = graph.type(node.input(1));
        if (data.isEmpty() || indices.isEmpty()) {
            return;
        }
        long batch = node.attributes().integer("batch_dims", 0);
        boolean list = indices.get().rank() > batch && batch >= 0;
        long coordinates = list ? indices.get().dimension(-1).size() : 0;
        if (!list || coordinates == 0 || batch + coordinates > data.get().rank()) {
            throw VitrineException.failure(node.label() + ": found indices " + indices.get() + " into " + data.get()
                    + ", expected positions of 1 to " + data.get().rank()
                    + " coordinates each. The file is damaged; export the model again.");
        }
    }

    private static void resize(Graph graph, Node node) {
        int axes = node.attributes().integers("axes").length;
        int rank = graph.type(node.input(0)).map(TensorType::rank).orElse(0);
        for (int i = 1; i <= 3; i++) {
            Optional<TensorType> type = graph.type(node.input(i));
            if (type.isEmpty()) {
                continue;
            }
            long each = (axes > 0 ? axes : rank) * (i == 1 ? 2L : 1L);
            boolean list = type.get().rank() == 1;
            long length = list ? type.get().dimension(0).size() : 0;
            if (!list || (rank > 0 && length > 0 && length != each)) {
                throw VitrineException.failure(node.label() + ": found "
                        + (i == 3 ? "sizes" : i == 2 ? "scales" : "a region") + " of " + type.get() + " for " + rank
                        + " dimensions, expected " + (i == 1 ? "two numbers" : "one number")
                        + " per dimension. The file is damaged; export the model again.");
            }
        }
    }
}
