package dev.vitrine.engine.rewrite.simplification;

import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.GraphTransform;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.operator.Operator;
import dev.vitrine.engine.operator.OperatorTable;
import dev.vitrine.engine.operator.property.Role;
import dev.vitrine.engine.operator.property.Space;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * pool(Concat(a, b)) = Concat(pool(a), pool(b)) over channels, for MaxPool and GlobalAveragePool, so that backwards each
 * part goes its own way.
 *
 * <p>Fires where the pooling is the only reader of the concatenation, which is no output, and asks for no switches. Needs
 * the types of all values.
 */
public final class PoolBeforeConcat implements GraphTransform {
    /** Whether a node is a pooling that there is a rule for in parts: the greatest of windows, the mean of maps. */
    private static boolean isSplit(Node node) {
        Operator row = OperatorTable.row(node);
        return row.isMaxPooling() && row.space() == Space.WINDOW
                || row.kind() == Operator.Kind.POOLING && row.role() == Role.MEAN && row.space() == Space.WHOLE_MAP;
    }

    @Override
    public Graph apply(Graph graph) {
        Map<Value, Node> producers = graph.producers();
        Map<Value, Integer> readers = graph.readers();
        GraphBuilder names = new GraphBuilder(graph);
        Map<String, List<Node>> replaced = new HashMap<>();
        Set<String> removed = new HashSet<>();
        Map<Value, TensorType> types = new LinkedHashMap<>(graph.types());
        for (Node pool : graph.nodes()) {
            Node concat = producers.get(pool.input(0));
            boolean fires = isSplit(pool)
                    && !pool.output(1).isPresent()
                    && concat != null
                    && concat.operator().equals("Concat")
                    && concat.attributes().integer("axis", 0) == 1
                    && readers.getOrDefault(concat.output(), 0) == 1
                    && !graph.outputs().contains(concat.output());
            if (!fires) {
                continue;
            }
            List<Node> nodes = new ArrayList<>();
            List<Value> pooled = new ArrayList<>();
            for (Value part : concat.inputs()) {
                Value output = names.fresh(pool.output().name() + ".part");
                nodes.add(
                        new Node(output.name(), "", pool.opType(), List.of(part), List.of(output), pool.attributes()));
                pooled.add(output);
                types.put(
                        output,
                        graph.types()
                                .get(pool.output())
                                .withDimension(1, graph.types().get(part).dimension(1)));
            }
            nodes.add(concat.withInputs(pooled).withOutputs(List.of(pool.output())));
            removed.add(concat.name());
            replaced.put(pool.name(), nodes);
        }
        List<Node> result = new ArrayList<>();
        for (Node node : graph.nodes()) {
            if (!removed.contains(node.name())) {
                result.addAll(replaced.getOrDefault(node.name(), List.of(node)));
            }
        }
        return new Graph(graph.inputs(), graph.outputs(), result, graph.constants(), types, graph.opsets());
    }
}
