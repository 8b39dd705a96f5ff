package dev.vitrine.engine.rewrite.simplification;

import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphTransform;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.operator.Operator;
import dev.vitrine.engine.operator.OperatorTable;
import dev.vitrine.engine.operator.property.Role;
import dev.vitrine.engine.operator.property.Space;
import dev.vitrine.engine.rewrite.Pattern;
import java.util.List;

/**
 * pool(Concat(a, b)) = Concat(pool(a), pool(b)) over channels, for MaxPool and GlobalAveragePool, so that backwards each
 * part goes its own way.
 *
 * <p>Fires where the pooling is the only reader of the concatenation, which is no output, and asks for no switches. Needs
 * the types of all values.
 */
public final class PoolBeforeConcat implements GraphTransform {
    private static final Pattern CONCAT = Pattern.of("Concat")
            .where(node -> node.attributes().integer("axis", 0) == 1)
            .inner();
    private static final Pattern POOL = Pattern.of(PoolBeforeConcat::isSplit)
            .where(node -> !node.output(1).isPresent())
            .reading(0, CONCAT);

    /** Whether a node is a pooling that there is a rule for in parts: the greatest of windows, the mean of maps. */
    private static boolean isSplit(Node node) {
        Operator row = OperatorTable.row(node);
        return row.isMaxPooling() && row.space() == Space.WINDOW
                || row.kind() == Operator.Kind.POOLING && row.role() == Role.MEAN && row.space() == Space.WHOLE_MAP;
    }

    @Override
    public Graph apply(Graph graph) {
        return POOL.rewrite(graph, (match, patch) -> {
            Node pool = match.node(POOL);
            Node concat = match.node(CONCAT);
            patch.replace(pool);
            List<Value> pooled = concat.inputs().stream()
                    .map(part -> patch.node(pool.output().name() + ".part", pool.opType(), pool.attributes(), part))
                    .toList();
            patch.add(concat.withInputs(pooled).withOutputs(pool.outputs()));
        });
    }
}
