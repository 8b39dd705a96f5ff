package dev.vitrine.engine.rewrite.shape;

import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.GraphTransform;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.operator.OperatorTable;
import dev.vitrine.engine.rewrite.Patch;
import dev.vitrine.engine.rewrite.Prune;
import dev.vitrine.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;

/**
 * Rewrites shapes with a hard-coded batch relative to the reshaped value: leading sizes that stay are copied (0), the
 * first that changes is inferred (−1). A constant concatenated to a single sample is repeated for each. For the
 * exported batch both are equivalent; {@link SampleSeparation} decides whether they hold for others.
 *
 * @param types of all values, for the graph's own batch
 * @param values what is known for that batch
 */
record FollowBatch(Value input, Map<Value, TensorType> types, Map<Value, Tensor> values) implements GraphTransform {
    @Override
    public Graph apply(Graph graph) {
        Patch patch = new Patch(graph);
        GraphBuilder builder = patch.builder().scope("batch");
        Set<Value> depending = new HashSet<>(Set.of(input));
        for (Node node : graph.nodes()) {
            boolean depends = node.reads().stream().anyMatch(depending::contains)
                    && !OperatorTable.row(node).isSizeOnly();
            if (!depends) {
                continue;
            }
            depending.addAll(node.outputs());
            patch.at(node);
            Node changed = switch (OperatorTable.row(node).space()) {
                case RESHAPE -> reshape(graph, builder, node);
                case JOIN -> concat(graph, builder, node, depending);
                default -> combined(graph, builder, node, depending);
            };
            if (!changed.equals(node)) {
                patch.take(node).add(changed);
            }
        }
        return new Prune().apply(patch.apply());
    }

    private Node reshape(Graph graph, GraphBuilder builder, Node node) {
        TensorType from = types.get(node.input(0));
        TensorType to = types.get(node.output());
        boolean known = graph.constant(node.input(1)).isPresent() || values.containsKey(node.input(1));
        if (!known || from == null || to == null || !to.isStatic()) {
            return node;
        }
        long[] shape = to.shape();
        int axis = 0;
        while (axis < shape.length
                && axis < from.rank()
                && shape[axis] == from.dimension(axis).size()) {
            shape[axis] = 0;
            axis++;
        }
        if (axis < shape.length) {
            shape[axis] = -1;
        }
        return node.withInputs(List.of(node.input(0), builder.vector(shape)))
                .withAttributes(node.attributes().without("allowzero"));
    }

    private Node concat(Graph graph, GraphBuilder builder, Node node, Set<Value> depending) {
        int rank = types.containsKey(node.output()) ? types.get(node.output()).rank() : 0;
        long axis = node.attributes().integer("axis", 0);
        boolean inner = rank > 1 && (axis < 0 ? axis + rank : axis) > 0;
        if (!inner
                || !types.get(node.output())
                        .dimension(0)
                        .equals(types.get(input).dimension(0))) {
            return node;
        }
        List<Value> parts = new ArrayList<>();
        for (Value part : node.inputs()) {
            parts.add(depending.contains(part) ? part : repeated(graph, builder, part, 0));
        }
        return node.withInputs(parts);
    }

    /** Constants combined with samples: repeated where one per sample is required, kept single where they broadcast. */
    private Node combined(Graph graph, GraphBuilder builder, Node node, Set<Value> depending) {
        List<Integer> alike = Partners.alike(node);
        int rank = rank(node.output());
        boolean broadcasts = Partners.broadcasts(node)
                && ownBatch() > 1
                && node.inputs().stream()
                        .anyMatch(part -> depending.contains(part)
                                && rank(part) == rank
                                && types.get(part).dimension(0).size() == ownBatch());
        List<Value> inputs = new ArrayList<>();
        for (int i = 0; i < node.inputs().size(); i++) {
            Value part = node.input(i);
            if (!part.isPresent() || depending.contains(part)) {
                inputs.add(part);
            } else if (broadcasts && rank(part) == rank) {
                inputs.add(single(graph, builder, part, 0).orElse(part));
            } else {
                inputs.add(alike.contains(i) ? repeated(graph, builder, part, Partners.samples(node, i)) : part);
            }
        }
        return node.withInputs(inputs);
    }

    private int rank(Value value) {
        return types.containsKey(value) ? types.get(value).rank() : 0;
    }

    private long ownBatch() {
        return types.get(input).dimension(0).size();
    }

    /** A value with one entry along an axis: the value itself, or the first entry of a constant with equal ones. */
    private Optional<Value> single(Graph graph, GraphBuilder builder, Value part, int axis) {
        TensorType type = types.get(part);
        if (type == null || type.rank() <= axis) {
            return Optional.empty();
        }
        if (type.dimension(axis).size() == 1) {
            return Optional.of(part);
        }
        Tensor known = graph.constant(part).orElse(values.get(part));
        boolean same = known != null
                && axis == 0
                && known.shape()[0] == ownBatch()
                && LongStream.range(1, ownBatch())
                        .allMatch(row -> known.rows(row, row + 1).equals(known.rows(0, 1)));
        return same ? Optional.of(builder.constant("single", known.rows(0, 1))) : Optional.empty();
    }

    private Value repeated(Graph graph, GraphBuilder builder, Value part, int axis) {
        Optional<Value> single = single(graph, builder, part, axis);
        if (single.isEmpty()) {
            return part;
        }
        int rank = types.get(part).rank();
        Value size = builder.node("Shape", Attributes.NONE.with("start", 0).with("end", 1), input);
        List<Value> shape = new ArrayList<>();
        if (axis > 0) {
            shape.add(builder.vector(ones(axis)));
        }
        shape.add(size);
        if (axis + 1 < rank) {
            shape.add(builder.vector(ones(rank - axis - 1)));
        }
        return builder.node(
                "Expand",
                single.get(),
                shape.size() == 1
                        ? size
                        : builder.node("Concat", Attributes.NONE.with("axis", 0), shape.toArray(Value[]::new)));
    }

    private static long[] ones(int count) {
        long[] ones = new long[count];
        Arrays.fill(ones, 1);
        return ones;
    }
}
