package dev.vitrine.engine.gradient;

import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.operator.Operator;
import dev.vitrine.engine.operator.OperatorTable;
import java.util.Set;
import java.util.function.Predicate;

/** Selects nodes that get another backward rule. */
@FunctionalInterface
public interface NodeSelector {
    boolean selects(Node node);

    static NodeSelector operators(String... names) {
        Set<String> set = Set.of(names);
        return node -> set.contains(node.operator());
    }

    /** Nodes whose operators have a derivative and a property. */
    static NodeSelector of(Predicate<Operator> property) {
        return node -> {
            Operator row = OperatorTable.row(node);
            return row.derivative().isPresent() && property.test(row);
        };
    }

    static NodeSelector kind(Operator.Kind kind) {
        return of(operator -> operator.kind() == kind);
    }

    static NodeSelector named(Set<String> nodeNames) {
        return node -> nodeNames.contains(node.name());
    }

    default NodeSelector and(NodeSelector other) {
        return node -> selects(node) && other.selects(node);
    }

    default NodeSelector not() {
        return node -> !selects(node);
    }
}
