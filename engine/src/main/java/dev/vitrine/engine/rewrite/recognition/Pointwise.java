package dev.vitrine.engine.rewrite.recognition;

import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.operator.Operator;
import dev.vitrine.engine.operator.OperatorTable;
import dev.vitrine.engine.operator.property.Effect;
import dev.vitrine.engine.operator.property.ScalarFunction;
import java.util.Optional;
import java.util.Set;

/** Nodes as functions of real numbers. */
final class Pointwise {
    private static final int FLOAT = 1;
    private static final int BOOL = 9;
    private static final int DOUBLE = 11;
    private static final Set<Integer> PLAIN_TYPES = Set.of(FLOAT, BOOL, DOUBLE);

    private Pointwise() {}

    /** What a node with one output computes of each element; none of those that round. */
    static Optional<ScalarFunction> of(Node node) {
        Operator row = OperatorTable.row(node);
        boolean rounds = row.effect() == Effect.CASTS
                && !PLAIN_TYPES.contains((int) node.attributes().integer("to", 0));
        return row.function().filter(function -> node.outputs().size() == 1 && !rounds);
    }
}
