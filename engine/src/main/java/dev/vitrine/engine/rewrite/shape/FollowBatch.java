package dev.vitrine.engine.rewrite.shape;

import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.GraphTransform;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.rewrite.Prune;
import dev.vitrine.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

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
        GraphBuilder builder = new GraphBuilder(graph).scope("batch");
        int helpers = graph.nodes().size();
        Set<Value> depending = new HashSet<>(Set.of(input));
        List<Node> nodes = new ArrayList<>();
        for (Node node : graph.nodes()) {
            boolean depends = node.reads().stream().anyMatch(depending::contains)
                    && !node.operator().equals("Shape")
                    && !node.operator().equals("Size");
            if (depends) {
                depending.addAll(node.outputs());
            }
            Node changed = switch (node.operator()) {
                case "Reshape" -> depends ? reshape(graph, builder, node) : node;
                case "Concat" -> depends ? concat(builder, node, depending) : node;
                default -> node;
            };
            List<Node> all = builder.build().nodes();
            nodes.addAll(all.subList(helpers, all.size()));
            helpers = all.size();
            nodes.add(changed);
        }
        Graph built = builder.build();
        return new Prune()
                .apply(new Graph(
                        graph.inputs(), graph.outputs(), nodes, built.constants(), graph.types(), graph.opsets()));
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

    private Node concat(GraphBuilder builder, Node node, Set<Value> depending) {
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
            boolean single = !depending.contains(part)
                    && types.containsKey(part)
                    && types.get(part).dimension(0).size() == 1;
            parts.add(single ? repeated(builder, part, rank) : part);
        }
        return node.withInputs(parts);
    }

    private Value repeated(GraphBuilder builder, Value part, int rank) {
        Value size = builder.node("Shape", Attributes.NONE.with("start", 0).with("end", 1), input);
        long[] ones = new long[rank - 1];
        Arrays.fill(ones, 1);
        return builder.node(
                "Expand", part, builder.node("Concat", Attributes.NONE.with("axis", 0), size, builder.vector(ones)));
    }
}
