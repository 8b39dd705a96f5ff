package dev.vitrine.lens.model.anatomy;

import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.operator.Operator.Kind;
import dev.vitrine.engine.operator.OperatorTable;
import java.util.List;
import java.util.Optional;

/**
 * A layer with weights and the unbranched chain of operators after it.
 *
 * @param linear the convolution or matrix product
 * @param following normalizations, activations and arithmetic after it, in order
 * @param pooling the pooling of the result, if nothing else reads it
 */
public record Stage(Node linear, List<Node> following, Optional<Node> pooling) {
    public Stage {
        following = List.copyOf(following);
    }

    /** The value to show: the output before pooling. */
    public Value shown() {
        return following.isEmpty()
                ? linear.output()
                : following.get(following.size() - 1).output();
    }

    public Optional<Node> normalization() {
        return of(Kind.NORMALIZATION);
    }

    public Optional<Node> activation() {
        return of(Kind.ACTIVATION);
    }

    private Optional<Node> of(Kind kind) {
        return following.stream()
                .filter(node -> OperatorTable.row(node).kind() == kind)
                .findFirst();
    }
}
