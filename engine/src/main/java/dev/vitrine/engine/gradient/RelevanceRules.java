package dev.vitrine.engine.gradient;

import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.operator.BackwardContext;
import dev.vitrine.engine.operator.InputGradients;
import dev.vitrine.engine.operator.OperatorTable;
import dev.vitrine.engine.operator.property.Relevance;
import dev.vitrine.engine.operator.property.Role;
import dev.vitrine.engine.operator.property.Space;
import dev.vitrine.engine.rewrite.recognition.ChannelBounds;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Layer-wise relevance propagation as backward rules: the propagated quantity is relevance, and each layer passes on
 * all it receives except the shares of its bias and ε.
 *
 * <p>Linear layers follow the composite. Activations and normalizations pass relevance unchanged. Sums, means and
 * average pooling distribute it in proportion to the summands; max pooling gives it to its switch. A gate (the sigmoid
 * side of a product) gets none.
 */
public final class RelevanceRules {
    private static final double STABILIZER = 1e-6;
    private static final NodeSelector LINEAR = passing(Relevance.LAYER);
    private static final NodeSelector PROPORTIONAL = passing(Relevance.SHARED);
    private static final NodeSelector RESHAPES = NodeSelector.of(operator -> operator.space() == Space.RESHAPE);

    /** The rules for linear layers: the first ones after the input, convolutions, all others. */
    public record Composite(RelevanceRule first, RelevanceRule convolution, RelevanceRule dense) {
        public static Composite everywhere(RelevanceRule rule) {
            return new Composite(rule, rule, rule);
        }
    }

    /** Sample, at least two spatial axes, channels. */
    private static final int MAP_RANK = 4;

    private final Composite composite;
    private final Graph graph;
    private final Set<String> firstLayers;
    private final Map<Value, Node> producers;
    private final Stabilizer stabilizer;
    private final Shifts shifts;
    private final Optional<ChannelBounds> bounds;

    private RelevanceRules(Graph graph, Composite composite) {
        this.composite = composite;
        this.graph = graph;
        this.firstLayers = firstLayers(graph);
        this.producers = graph.producers();
        this.stabilizer = new Stabilizer(graph, this::multiplies);
        this.shifts = new Shifts(graph);
        this.bounds = composite.first() instanceof RelevanceRule.ZBox box
                ? Optional.of(bounds(graph, box))
                : Optional.empty();
    }

    private static ChannelBounds bounds(Graph graph, RelevanceRule.ZBox box) {
        return new ChannelBounds(graph, graph.inputs().get(0), box.low(), box.high());
    }

    /** The rules for one graph. */
    public static BackwardRules of(Graph graph, Composite composite) {
        RelevanceRules rules = new RelevanceRules(graph, composite);
        return BackwardRules.PLAIN
                .with(LINEAR, rules::linear)
                .with(passing(Relevance.PASSED), RelevanceRules::pass)
                .with(PROPORTIONAL, rules::proportional)
                .with(rules.shifts::contains, rules::shift)
                .with(passing(Relevance.FACTORS), rules::product);
    }

    private static NodeSelector passing(Relevance relevance) {
        return NodeSelector.of(operator -> operator.relevance() == relevance);
    }

    private static Set<String> firstLayers(Graph graph) {
        Set<Value> behindLinear = new HashSet<>();
        Set<Value> dependent = new HashSet<>(graph.inputs());
        Set<String> first = new HashSet<>();
        for (Node node : graph.nodes()) {
            if (node.inputs().stream().noneMatch(dependent::contains)) {
                continue;
            }
            dependent.addAll(node.outputs());
            boolean behind = node.inputs().stream().anyMatch(behindLinear::contains);
            boolean linear = LINEAR.selects(node);
            if (linear && !behind) {
                first.add(node.name());
            }
            if (linear || behind) {
                behindLinear.addAll(node.outputs());
            }
        }
        return first;
    }

    private static InputGradients pass(Node node, List<Value> relevance, BackwardContext c) {
        return InputGradients.of(relevance.get(0));
    }

    private InputGradients shift(Node node, List<Value> relevance, BackwardContext c) {
        return InputGradients.at(node.inputs().indexOf(shifts.computed(node)), relevance.get(0));
    }

    /** The first layer's rule, with the input's bounds propagated to that layer. */
    private RelevanceRule first(Node node) {
        return bounds.flatMap(all -> all.of(node.input(0)))
                .<RelevanceRule>map(own -> new RelevanceRule.ZBox(own.low(), own.high()))
                .orElse(composite.first());
    }

    /** Rxᵢ = xᵢ ⊙ vjpᵢ(Ry / y). */
    private InputGradients proportional(Node node, List<Value> relevance, BackwardContext c) {
        Value share = c.divide(relevance.get(0), stabilizer.of(node.output(), STABILIZER, c));
        InputGradients gradients = OperatorTable.derivative(node).orElseThrow().emit(node, List.of(share), c);
        return timesInputs(node, gradients, c);
    }

    private static InputGradients timesInputs(Node node, InputGradients gradients, BackwardContext c) {
        List<Value> results = new ArrayList<>();
        for (int i = 0; i < gradients.values().size(); i++) {
            Value gradient = gradients.values().get(i);
            results.add(gradient.isPresent() && c.wants(i) ? c.multiply(node.input(i), gradient) : Value.NONE);
        }
        return new InputGradients(results);
    }

    private InputGradients product(Node node, List<Value> relevance, BackwardContext c) {
        Value r = relevance.get(0);
        if (!c.wants(1) || isGate(node, 1, c)) {
            return c.wants(0) ? InputGradients.of(r) : InputGradients.NOTHING;
        }
        if (!c.wants(0) || isGate(node, 0, c)) {
            return InputGradients.at(1, r);
        }
        Value half = c.multiply(r, 0.5);
        return InputGradients.of(half, half);
    }

    private boolean isGate(Node node, int index, BackwardContext c) {
        Node producer = producers.get(node.input(index));
        boolean squashed = producer != null && isGate(producer);
        TensorType own = c.type(node.input(index));
        return squashed || !own.dimensions().equals(c.type(node.output()).dimensions());
    }

    private static boolean isGate(Node node) {
        return OperatorTable.row(node).role() == Role.GATE;
    }

    private InputGradients linear(Node node, List<Value> relevance, BackwardContext c) {
        long variable = node.inputs().stream()
                .filter(Value::isPresent)
                .filter(v -> c.constant(v).isEmpty())
                .count();
        boolean plainWeights = c.constant(node.input(1)).isPresent() && variable == 1;
        if (!plainWeights) {
            return bilinear(node, relevance, c);
        }
        RelevanceRule rule = rule(node);
        LinearRelevance layer = new LinearRelevance(node, relevance.get(0), stabilizer, c);
        Value input = c.wants(0) ? layer.of(rule) : Value.NONE;
        return c.wants(2) && rule instanceof RelevanceRule.Epsilon epsilon
                ? InputGradients.of(input, Value.NONE, layer.ofBias(epsilon))
                : InputGradients.of(input);
    }

    private RelevanceRule rule(Node node) {
        if (firstLayers.contains(node.name())) {
            return first(node);
        }
        return OperatorTable.row(node).isConvolution() || isPointwise(node)
                ? composite.convolution()
                : composite.dense();
    }

    /**
     * Whether a dense layer is a 1×1 convolution with the channels last: applied to the positions of {@code [N,H,W,C]}.
     */
    private boolean isPointwise(Node node) {
        Optional<TensorType> input = graph.type(node.input(0));
        Node before = producers.get(node.input(0));
        if (input.isPresent() && before != null && RESHAPES.selects(before)) {
            Optional<TensorType> maps = graph.type(before.input(0));
            boolean rows = maps.isPresent()
                    && input.get().rank() == 2
                    && isMap(maps.get())
                    && maps.get().dimension(-1).isFixed()
                    && maps.get().dimension(-1).equals(input.get().dimension(-1));
            return rows || isMap(input.get());
        }
        return input.isPresent() && isMap(input.get());
    }

    private static boolean isMap(TensorType type) {
        return type.rank() >= MAP_RANK
                && type.dimensions().subList(1, type.rank() - 1).stream().anyMatch(size -> size.size() != 1);
    }

    /** Whether a node's rule makes each input's relevance a multiple of the input. */
    private boolean multiplies(Node node) {
        return (PROPORTIONAL.selects(node) && !shifts.contains(node))
                || (LINEAR.selects(node) && rule(node).multipliesInput());
    }

    /** A product of two computed operands: attention weights get none, other pairs share evenly. */
    private InputGradients bilinear(Node node, List<Value> relevance, BackwardContext c) {
        Value share = c.divide(relevance.get(0), stabilizer.of(node.output(), STABILIZER, c));
        InputGradients gradients = OperatorTable.derivative(node).orElseThrow().emit(node, List.of(share), c);
        List<Value> shares = timesInputs(node, gradients, c).values();
        long wanted = shares.stream().filter(Value::isPresent).count();
        List<Value> results = new ArrayList<>();
        for (int i = 0; i < shares.size(); i++) {
            Node producer = producers.get(node.input(i));
            Node other = producers.get(node.input(1 - Math.min(i, 1)));
            boolean gate = producer != null && isGate(producer);
            boolean otherGate = other != null && isGate(other);
            Value part = shares.get(i);
            if (!part.isPresent() || (gate && wanted > 1)) {
                results.add(Value.NONE);
            } else {
                results.add(wanted > 1 && !otherGate ? c.multiply(part, 0.5) : part);
            }
        }
        return new InputGradients(results);
    }
}
