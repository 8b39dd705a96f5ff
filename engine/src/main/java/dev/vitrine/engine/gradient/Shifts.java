package dev.vitrine.engine.gradient;

import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.operator.Operator;
import dev.vitrine.engine.operator.OperatorTable;
import dev.vitrine.engine.operator.property.Role;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Additions of a constant that belong to a normalization rather than being the bias of a linear layer: before the first
 * linear layer, after a normalization, or next to a scale; likewise the subtraction of a value's own mean. They pass
 * relevance unchanged, as a normalization operator does.
 */
final class Shifts {
    private static final Set<Role> SUMS = EnumSet.of(Role.SUM, Role.DIFFERENCE);
    private static final Set<Role> SCALES = EnumSet.of(Role.PRODUCT, Role.QUOTIENT);

    private final Graph graph;
    private final Map<Value, Node> producers;
    private final Map<Value, List<Node>> readers;
    private final Set<Value> behindLinear = new HashSet<>();

    Shifts(Graph graph) {
        this.graph = graph;
        this.producers = graph.producers();
        this.readers = graph.consumers();
        Set<Value> dependent = new HashSet<>(graph.inputs());
        for (Node node : graph.nodes()) {
            boolean computed = node.inputs().stream().anyMatch(dependent::contains);
            boolean linear = computed && kind(node) == Operator.Kind.LINEAR;
            if (computed) {
                dependent.addAll(node.outputs());
            }
            if (linear || node.inputs().stream().anyMatch(behindLinear::contains)) {
                behindLinear.addAll(node.outputs());
            }
        }
    }

    /** Whether a node is such an addition, or subtracts a value's own mean. */
    boolean contains(Node node) {
        if (isCentering(node)) {
            return true;
        }
        if (!SUMS.contains(role(node)) || node.inputs().size() != 2 || !hasOneConstant(node)) {
            return false;
        }
        Value computed = computed(node);
        boolean alike = graph.type(computed)
                .map(type -> graph.type(node.output())
                        .filter(own -> own.dimensions().equals(type.dimensions()))
                        .isPresent())
                .orElse(false);
        return alike && (!behindLinear.contains(computed) || isNormalized(computed) || isScaled(node.output()));
    }

    /** x − mean(x) over some axes, the first step of a normalization of several nodes. */
    private boolean isCentering(Node node) {
        Node mean = role(node) == Role.DIFFERENCE ? producers.get(node.input(1)) : null;
        return mean != null
                && OperatorTable.row(mean).isMeanOverAxes()
                && mean.input(0).equals(node.input(0));
    }

    /** The operand that is not constant; the first if neither is. */
    Value computed(Node node) {
        return isConstant(node.input(0)) ? node.input(1) : node.input(0);
    }

    private boolean hasOneConstant(Node node) {
        return isConstant(node.input(0)) != isConstant(node.input(1));
    }

    private boolean isConstant(Value value) {
        return graph.constants().containsKey(value);
    }

    private static Operator.Kind kind(Node node) {
        return OperatorTable.row(node).kind();
    }

    private static Role role(Node node) {
        return OperatorTable.row(node).role();
    }

    /** Whether a normalization or scale computes a value, with at most structural operators in between. */
    private boolean isNormalized(Value value) {
        Optional<Node> producer = Optional.ofNullable(producers.get(value));
        while (producer.isPresent() && kind(producer.get()) == Operator.Kind.STRUCTURE) {
            producer = Optional.ofNullable(producers.get(producer.get().input(0)));
        }
        return producer.filter(node -> kind(node) == Operator.Kind.NORMALIZATION
                        || (SCALES.contains(role(node)) && hasOneConstant(node)))
                .isPresent();
    }

    private boolean isScaled(Value value) {
        List<Node> own = readers.getOrDefault(value, List.of());
        return own.size() == 1
                && SCALES.contains(role(own.get(0)))
                && hasOneConstant(own.get(0))
                && (role(own.get(0)) == Role.PRODUCT || own.get(0).input(0).equals(value));
    }
}
