package dev.vitrine.engine.rewrite.recognition;

import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.operator.Operator;
import dev.vitrine.engine.operator.OperatorTable;
import dev.vitrine.engine.operator.property.Role;
import dev.vitrine.engine.operator.property.Space;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * Whether a clipping function rectifies the output of a linear layer, rather than bounding the input, guarding a
 * division, root or logarithm, or forming a gate.
 */
public final class RectifierContext {
    private static final Set<Role> FACTORS = EnumSet.of(Role.PRODUCT, Role.QUOTIENT);

    private final PointwiseChains chains;
    private final Map<Value, List<Node>> readers;
    private final Set<Value> behindLinear = new HashSet<>();
    private final Set<Value> computed = new HashSet<>();
    private final Set<Value> insideGates = new HashSet<>();

    public RectifierContext(Graph graph) {
        this(graph, new PointwiseChains(graph));
    }

    RectifierContext(Graph graph, PointwiseChains chains) {
        this.chains = chains;
        this.readers = graph.consumers();
        computed.addAll(graph.inputs());
        for (Node node : graph.nodes()) {
            if (node.inputs().stream().anyMatch(computed::contains)) {
                computed.addAll(node.outputs());
            }
            if (isBehindLinear(node)) {
                behindLinear.addAll(node.outputs());
            }
            addGate(node);
        }
    }

    private boolean isBehindLinear(Node node) {
        Operator row = OperatorTable.row(node);
        return switch (row.kind()) {
            case LINEAR, NORMALIZATION, RECURRENT -> true;
            case STRUCTURE, POOLING -> node.inputs().stream().anyMatch(behindLinear::contains);
            case ARITHMETIC ->
                row.role() == Role.QUOTIENT
                        ? behindLinear.contains(node.input(0))
                        : row.role().isAffine() && node.inputs().stream().anyMatch(behindLinear::contains);
            case ACTIVATION, REDUCTION, GRADIENT_FREE, CONTROL, UNKNOWN -> false;
        };
    }

    private static Role role(Node node) {
        return OperatorTable.row(node).role();
    }

    /** A product of two functions of the same value: the nodes between that value and the product form a gate. */
    private void addGate(Node node) {
        if (!FACTORS.contains(role(node))
                || chains.number(node.input(0)).isPresent()
                || chains.number(node.input(1)).isPresent()) {
            return;
        }
        List<Value> right = chains.sources(node.input(1));
        chains.sources(node.input(0)).stream()
                .filter(right::contains)
                .findFirst()
                .flatMap(source -> chains.chain(source, node.output()))
                .ifPresent(chain -> chain.nodes().stream()
                        .filter(inner -> inner != node)
                        .forEach(inner -> insideGates.addAll(inner.outputs())));
    }

    /** Whether the nodes that compute {@code output} from {@code input} alone, clipped at a bound, form a rectifier. */
    public boolean rectifies(Value input, Value output) {
        return behindLinear.contains(input) && !insideGates.contains(output) && !guards(output, new HashSet<>());
    }

    /** Whether a node is min(max(x, 0), h) with h > 0 or ∞, as a rectifier. */
    public boolean isClippingRectifier(Node node) {
        OptionalDouble low = chains.number(node.input(1));
        OptionalDouble high = chains.number(node.input(2));
        boolean bounds = low.isPresent()
                && low.getAsDouble() == 0
                && (!node.input(2).isPresent() || (high.isPresent() && high.getAsDouble() > 0));
        return bounds && rectifies(node.input(0), node.output());
    }

    private boolean guards(Value value, Set<Value> seen) {
        for (Node reader : readers.getOrDefault(value, List.of())) {
            Operator row = OperatorTable.row(reader);
            if (row.role() == Role.GUARDED
                    || (row.role() == Role.QUOTIENT && reader.input(1).equals(value))
                    || (row.role() == Role.POWER && !isPower(reader, value))) {
                return true;
            }
            boolean scales = row.kind() == Operator.Kind.ARITHMETIC
                    && (row.role() == Role.SUM || row.role() == Role.PRODUCT)
                    && reader.inputs().stream().noneMatch(input -> !input.equals(value) && isComputed(input));
            boolean shapes = row.space() == Space.BROADCASTING || row.space().keepsOrder();
            boolean carries = scales || shapes && reader.input(0).equals(value);
            if (carries && seen.add(reader.output()) && guards(reader.output(), seen)) {
                return true;
            }
        }
        return false;
    }

    private boolean isComputed(Value value) {
        return computed.contains(value) && chains.number(value).isEmpty();
    }

    /** Whether a Pow raises a value to a positive integer power. */
    private boolean isPower(Node reader, Value value) {
        OptionalDouble exponent = chains.number(reader.input(1));
        return reader.input(0).equals(value)
                && exponent.isPresent()
                && exponent.getAsDouble() >= 1
                && exponent.getAsDouble() == Math.rint(exponent.getAsDouble());
    }
}
