package dev.vitrine.lens.model.anatomy;

import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.operator.OperatorTable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The values that gradients reach.
 *
 * @param fromScores values that a gradient of the class scores reaches
 * @param toPicture values whose gradient reaches the picture along every path
 */
record GradientReach(Set<Value> fromScores, Set<Value> toPicture) {
    GradientReach(Body model) {
        this(fromScores(model), toPicture(model));
    }

    private static Set<Value> fromScores(Body model) {
        Set<Value> reached = new HashSet<>(Set.of(model.logits()));
        List<Node> nodes = new ArrayList<>(model.graph().nodes());
        Collections.reverse(nodes);
        for (Node node : nodes) {
            if (OperatorTable.isDifferentiable(node) && node.outputs().stream().anyMatch(reached::contains)) {
                reached.addAll(node.inputs());
            }
        }
        return reached;
    }

    private static Set<Value> toPicture(Body model) {
        Set<Value> dependent = new HashSet<>(Set.of(model.input()));
        Set<Value> blocked = new HashSet<>();
        for (Node node : model.graph().nodes()) {
            if (node.inputs().stream().anyMatch(dependent::contains)) {
                dependent.addAll(node.outputs());
                if (!OperatorTable.isDifferentiable(node)
                        || node.inputs().stream().anyMatch(blocked::contains)) {
                    blocked.addAll(node.outputs());
                }
            }
        }
        dependent.removeAll(blocked);
        return dependent;
    }
}
