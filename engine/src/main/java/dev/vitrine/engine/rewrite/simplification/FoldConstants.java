package dev.vitrine.engine.rewrite.simplification;

import dev.vitrine.engine.graph.AttributeValue;
import dev.vitrine.engine.graph.Dimension;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphTransform;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.operator.OperatorTable;
import dev.vitrine.engine.rewrite.Cut;
import dev.vitrine.engine.rewrite.Prune;
import dev.vitrine.engine.runtime.Executable;
import dev.vitrine.engine.runtime.Runner;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;

/**
 * Computes once what depends on constants and known shapes only, so that reshapes by computed shapes become reshapes by
 * constants. Random operators stay, and so does what would make the graph larger by more than a few megabytes.
 *
 * <p>Needs the types of all values.
 */
public record FoldConstants(Runner runner) implements GraphTransform {
    private static final long LARGEST_ELEMENTS = 1 << 20;

    /**
     * A graph and what was computed for it.
     *
     * @param values every value that is known now and small, or that the graph still reads
     */
    record Folded(Graph graph, Map<Value, Tensor> values) {}

    @Override
    public Graph apply(Graph graph) {
        return fold(graph, 0).graph();
    }

    /**
     * @param kept values of up to this many elements are told even where the graph no longer reads them
     */
    Folded fold(Graph graph, long kept) {
        Map<Value, Tensor> constants = new LinkedHashMap<>(graph.constants());
        Map<Value, Tensor> values = new LinkedHashMap<>();
        Set<Value> known = new HashSet<>(constants.keySet());
        List<Node> remaining = new ArrayList<>();
        List<Node> folded = new ArrayList<>();
        Map<Value, Node> shapes = new HashMap<>();
        for (Node node : graph.nodes()) {
            Optional<Tensor> shape = knownShape(node, graph, shapes);
            if (shape.isPresent()) {
                constants.put(node.output(), shape.get());
                values.put(node.output(), shape.get());
                known.add(node.output());
            } else if (isFoldable(node, graph, known)) {
                folded.add(node);
                known.addAll(node.outputs());
            } else {
                remaining.add(node);
            }
        }
        Set<Value> wanted = new HashSet<>(graph.outputs());
        remaining.forEach(node -> wanted.addAll(node.reads()));
        List<Value> results = folded.stream()
                .flatMap(node -> node.outputs().stream())
                .filter(value -> value.isPresent()
                        && (wanted.contains(value) || elements(graph.types().get(value)) <= kept))
                .toList();
        if (!results.isEmpty()) {
            Graph computation =
                    new Cut(results).apply(new Graph(List.of(), results, folded, constants, Map.of(), graph.opsets()));
            try (Executable executable = runner.load(computation)) {
                values.putAll(executable.run(Map.of()));
            }
        }
        constants.putAll(values);
        Map<Value, TensorType> types = new HashMap<>(graph.types());
        constants.forEach((value, tensor) -> types.put(value, TensorType.of(tensor)));
        Graph result = new Graph(graph.inputs(), graph.outputs(), remaining, constants, types, graph.opsets());
        return new Folded(new Prune().apply(result), values);
    }

    private static double elements(TensorType type) {
        return LongStream.of(type.shape()).asDoubleStream().reduce(1, (a, b) -> a * b);
    }

    /** The shape of a value, or the part of it that is picked, where that part is fixed. */
    private static Optional<Tensor> knownShape(Node node, Graph graph, Map<Value, Node> shapes) {
        return switch (node.operator()) {
            case "Shape" -> {
                shapes.put(node.output(), node);
                yield graph.type(node.input(0))
                        .map(type -> part(node, type))
                        .filter(sizes -> sizes.stream().allMatch(Dimension::isFixed))
                        .map(sizes -> Tensor.vector(
                                sizes.stream().mapToLong(Dimension::size).toArray()));
            }
            case "Gather" -> picked(node, graph, shapes);
            default -> Optional.empty();
        };
    }

    /** The sizes that a Shape tells: from {@code start} to {@code end}. */
    private static List<Dimension> part(Node shape, TensorType type) {
        int rank = type.rank();
        int start = place(shape.attributes().integer("start", 0), rank);
        int end = place(shape.attributes().integer("end", rank), rank);
        return type.dimensions().subList(Math.min(start, end), end);
    }

    private static int place(long axis, int rank) {
        return (int) Math.max(0, Math.min(rank, axis < 0 ? axis + rank : axis));
    }

    /** Sizes picked from a shape of which others are open. */
    private static Optional<Tensor> picked(Node gather, Graph graph, Map<Value, Node> shapes) {
        Optional<Tensor> indices =
                graph.constant(gather.input(1)).filter(tensor -> tensor.elementType() == ElementType.INT64);
        Node shape = shapes.get(gather.input(0));
        if (shape == null || indices.isEmpty()) {
            return Optional.empty();
        }
        Optional<List<Dimension>> sizes = graph.type(shape.input(0)).map(type -> part(shape, type));
        if (sizes.isEmpty()) {
            return Optional.empty();
        }
        int count = sizes.get().size();
        long[] picked = indices.get().toLongs();
        for (int i = 0; i < picked.length; i++) {
            long place = picked[i] < 0 ? picked[i] + count : picked[i];
            if (place < 0 || place >= count || !sizes.get().get((int) place).isFixed()) {
                return Optional.empty();
            }
            picked[i] = sizes.get().get((int) place).size();
        }
        return Optional.of(Tensor.longs(picked, indices.get().shape()));
    }

    private static boolean isFoldable(Node node, Graph graph, Set<Value> known) {
        boolean random = OperatorTable.row(node).isRandom();
        boolean branches = node.attributes().values().values().stream()
                .anyMatch(attribute -> attribute instanceof AttributeValue.OfGraph);
        boolean ready = node.inputs().stream().filter(Value::isPresent).allMatch(known::contains);
        boolean small = node.outputs().stream()
                .filter(Value::isPresent)
                .allMatch(output -> graph.type(output)
                        .filter(TensorType::isStatic)
                        .filter(type -> elements(type) <= LARGEST_ELEMENTS)
                        .isPresent());
        return !random && !branches && ready && small;
    }
}
