package dev.vitrine.engine.gradient;

import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.operator.Operator;
import dev.vitrine.engine.operator.OperatorTable;
import java.util.Set;

/** Picks nodes for which another backward rule holds. */
@FunctionalInterface
public interface NodeSelector {
    boolean selects(Node node);

    static NodeSelector operators(String... names) {
        Set<String> set = Set.of(names);
        return node -> set.contains(node.operator());
    }

    static NodeSelector kind(Operator.Kind kind) {
        return node -> OperatorTable.find(node)
                .filter(operator -> operator.kind() == kind)
                .isPresent();
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
