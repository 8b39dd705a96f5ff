package dev.vitrine.engine.gradient;

import dev.vitrine.engine.graph.Dimension;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.operator.BackwardContext;
import dev.vitrine.engine.operator.InputGradients;
import dev.vitrine.engine.operator.Operator;
import dev.vitrine.engine.operator.OperatorTable;
import dev.vitrine.engine.rewrite.recognition.ChannelBounds;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Layer-wise relevance propagation as backward rules: what is carried back is relevance, and each layer hands on all it
 * gets but for what its bias and ε take.
 *
 * <p>Linear layers follow the composite. Activations and normalisations hand relevance through. Sums, means and average
 * pools share it in proportion to what was summed; max pooling gives it to its switch. A gate (the sigmoid side of a
 * product) gets none.
 */
public final class RelevanceRules {
    private static final double STABILIZER = 1e-6;
    private static final Set<String> CONVOLUTIONS = Set.of("Conv", "ConvTranspose");
    private static final Set<String> GATES = Set.of("Sigmoid", "HardSigmoid", "Softmax", "Tanh");

    /** Which rule holds for which linear layers: the first ones on the way from the input, convolutions, the others. */
    public record Composite(RelevanceRule first, RelevanceRule convolution, RelevanceRule dense) {
        public static Composite everywhere(RelevanceRule rule) {
            return new Composite(rule, rule, rule);
        }
    }

    private final Composite composite;
    private final Set<String> firstLayers;
    private final Map<Value, Node> producers;
    private final Shifts shifts;
    private final Optional<ChannelBounds> bounds;

    private RelevanceRules(Graph graph, Composite composite) {
        this.composite = composite;
        this.firstLayers = firstLayers(graph);
        this.producers = graph.producers();
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
                .with(NodeSelector.kind(Operator.Kind.LINEAR), rules::linear)
                .with(NodeSelector.kind(Operator.Kind.ACTIVATION), RelevanceRules::pass)
                .with(NodeSelector.kind(Operator.Kind.NORMALIZATION), RelevanceRules::pass)
                .with(
                        NodeSelector.operators("AveragePool", "GlobalAveragePool", "ReduceMean", "ReduceSum", "Resize"),
                        RelevanceRules::proportional)
                .with(NodeSelector.operators("Add", "Sub", "Sum", "Mean"), RelevanceRules::proportional)
                .with(rules.shifts::contains, rules::shift)
                .with(NodeSelector.operators("Mul"), rules::product)
                .with(NodeSelector.operators("Div", "Neg", "Pow"), RelevanceRules::pass);
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
            boolean linear = NodeSelector.kind(Operator.Kind.LINEAR).selects(node);
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

    /** The first layer's rule, its bounds carried to the layer through what stands before it. */
    private RelevanceRule first(Node node) {
        return bounds.flatMap(all -> all.of(node.input(0)))
                .<RelevanceRule>map(own -> new RelevanceRule.ZBox(own.low(), own.high()))
                .orElse(composite.first());
    }

    /** Rxᵢ = xᵢ ⊙ vjpᵢ(Ry / y). */
    private static InputGradients proportional(Node node, List<Value> relevance, BackwardContext c) {
        Value share = c.divide(relevance.get(0), stabilized(node.output(), STABILIZER, c));
        InputGradients gradients = OperatorTable.find(node).orElseThrow().rule().emit(node, List.of(share), c);
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
        boolean squashed = producer != null && GATES.contains(producer.operator());
        TensorType own = c.type(node.input(index));
        return squashed || !own.dimensions().equals(c.type(node.output()).dimensions());
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
        RelevanceRule rule = firstLayers.contains(node.name())
                ? first(node)
                : CONVOLUTIONS.contains(node.operator()) ? composite.convolution() : composite.dense();
        LinearLayer layer = new LinearLayer(node, relevance.get(0), c);
        Value input = c.wants(0) ? layer.relevance(rule) : Value.NONE;
        return c.wants(2) && rule instanceof RelevanceRule.Epsilon epsilon
                ? InputGradients.of(input, Value.NONE, layer.biasRelevance(epsilon))
                : InputGradients.of(input);
    }

    /** A product of two computed operands: attention's weights get none, other pairs share evenly. */
    private InputGradients bilinear(Node node, List<Value> relevance, BackwardContext c) {
        Value share = c.divide(relevance.get(0), stabilized(node.output(), STABILIZER, c));
        InputGradients gradients = OperatorTable.find(node).orElseThrow().rule().emit(node, List.of(share), c);
        List<Value> shares = timesInputs(node, gradients, c).values();
        long wanted = shares.stream().filter(Value::isPresent).count();
        List<Value> results = new ArrayList<>();
        for (int i = 0; i < shares.size(); i++) {
            Node producer = producers.get(node.input(i));
            Node other = producers.get(node.input(1 - Math.min(i, 1)));
            boolean gate = producer != null && GATES.contains(producer.operator());
            boolean otherGate = other != null && GATES.contains(other.operator());
            Value part = shares.get(i);
            if (!part.isPresent() || (gate && wanted > 1)) {
                results.add(Value.NONE);
            } else {
                results.add(wanted > 1 && !otherGate ? c.multiply(part, 0.5) : part);
            }
        }
        return new InputGradients(results);
    }

    /** y + ε sign y, where the sign of 0 is +. */
    private static Value stabilized(Value y, double epsilon, BackwardContext c) {
        Value sign = c.where(c.node("Less", y, c.zero()), c.scalar(-epsilon), c.scalar(epsilon));
        return c.add(y, sign);
    }

    /** A linear layer whose weights can be replaced. */
    private record LinearLayer(Node node, Value relevance, BackwardContext c) {
        private enum Sign {
            POSITIVE,
            NEGATIVE
        }

        Value relevance(RelevanceRule rule) {
            Value x = node.input(0);
            if (rule instanceof RelevanceRule.Epsilon epsilon) {
                Value share = c.divide(relevance, stabilized(node.output(), epsilon.epsilon(), c));
                return c.multiply(x, backward(x, node.input(1), share));
            }
            if (rule instanceof RelevanceRule.ZPlus) {
                return partial(Sign.POSITIVE);
            }
            if (rule instanceof RelevanceRule.AlphaBeta alphaBeta) {
                Value positive = c.multiply(partial(Sign.POSITIVE), alphaBeta.alpha());
                return alphaBeta.beta() == 0
                        ? positive
                        : c.subtract(positive, c.multiply(partial(Sign.NEGATIVE), alphaBeta.beta()));
            }
            if (rule instanceof RelevanceRule.Gamma gamma) {
                return gamma(gamma.gamma());
            }
            return box((RelevanceRule.ZBox) rule);
        }

        /** R_b = vjp_b(Ry / (y + ε sign y)) ⊙ b: what the bias takes and no input gets. */
        Value biasRelevance(RelevanceRule.Epsilon rule) {
            Value share = c.divide(relevance, stabilized(node.output(), rule.epsilon(), c));
            BackwardContext inner = c.forNode(node, Collections.singleton(node.input(2)));
            Value gradient = OperatorTable.find(node)
                    .orElseThrow()
                    .rule()
                    .emit(node, List.of(share), inner)
                    .values()
                    .get(2);
            return c.multiply(node.input(2), gradient);
        }

        /** The share in the contributions of one sign: w⁺x⁺ + w⁻x⁻ + b⁺, or w⁺x⁻ + w⁻x⁺ + b⁻. */
        private Value partial(Sign sign) {
            Value up = half(node.input(0), Sign.POSITIVE);
            Value down = half(node.input(0), Sign.NEGATIVE);
            Value same = weights(sign);
            Value opposite = weights(sign == Sign.POSITIVE ? Sign.NEGATIVE : Sign.POSITIVE);
            Value z = c.add(forward(up, same, bias(sign)), forward(down, opposite, Value.NONE));
            Value share = c.divide(relevance, stabilized(z, STABILIZER, c));
            return c.add(c.multiply(up, backward(up, same, share)), c.multiply(down, backward(down, opposite, share)));
        }

        /** With w + γw⁺ where the output is positive, and with w + γw⁻ where it is negative, for inputs x ≥ 0. */
        private Value gamma(double gamma) {
            Value up = half(node.input(0), Sign.POSITIVE);
            Value down = half(node.input(0), Sign.NEGATIVE);
            Value favoured = amplified(Sign.POSITIVE, gamma);
            Value disfavoured = amplified(Sign.NEGATIVE, gamma);
            Value positive = c.node("Greater", node.output(), c.zero());
            Value zUp = c.add(
                    forward(up, favoured, amplifiedBias(Sign.POSITIVE, gamma)), forward(down, disfavoured, Value.NONE));
            Value zDown = c.add(
                    forward(up, disfavoured, amplifiedBias(Sign.NEGATIVE, gamma)), forward(down, favoured, Value.NONE));
            Value shareUp = c.where(positive, c.divide(relevance, stabilized(zUp, STABILIZER, c)), c.zero());
            Value shareDown = c.where(positive, c.zero(), c.divide(relevance, stabilized(zDown, STABILIZER, c)));
            Value fromUp = c.multiply(up, c.add(backward(up, favoured, shareUp), backward(up, disfavoured, shareDown)));
            Value fromDown =
                    c.multiply(down, c.add(backward(down, disfavoured, shareUp), backward(down, favoured, shareDown)));
            return c.add(fromUp, fromDown);
        }

        private Value box(RelevanceRule.ZBox box) {
            Value x = node.input(0);
            Value low = bound(box.low(), x);
            Value high = bound(box.high(), x);
            Value positive = weights(Sign.POSITIVE);
            Value negative = weights(Sign.NEGATIVE);
            Value z = c.subtract(
                    forward(x, node.input(1), Value.NONE),
                    c.add(forward(low, positive, Value.NONE), forward(high, negative, Value.NONE)));
            Value share = c.divide(relevance, stabilized(z, STABILIZER, c));
            Value own = c.multiply(x, backward(x, node.input(1), share));
            Value bounds = c.add(
                    c.multiply(low, backward(low, positive, share)), c.multiply(high, backward(high, negative, share)));
            return c.subtract(own, bounds);
        }

        private Value bound(List<Float> perChannel, Value x) {
            TensorType type = c.type(x);
            float[] data = new float[perChannel.size()];
            for (int i = 0; i < data.length; i++) {
                data[i] = perChannel.get(i);
            }
            long[] shape = new long[type.rank()];
            java.util.Arrays.fill(shape, 1);
            int axis = type.dimension(1).matches(Dimension.of(data.length)) ? 1 : type.rank() - 1;
            shape[axis] = data.length;
            Value expanded = c.expandLike(c.builder().constant(Tensor.floats(data, shape)), x);
            c.builder().declare(expanded, type);
            return expanded;
        }

        private Value half(Value x, Sign sign) {
            Value half = c.node(sign == Sign.POSITIVE ? "Max" : "Min", x, c.zero());
            c.builder().declare(half, c.type(x));
            return half;
        }

        /** Weights of one sign only. */
        private Value weights(Sign sign) {
            return scaled(node.input(1), sign, 1, 0);
        }

        /** All weights, those of one sign times 1 + γ. */
        private Value amplified(Sign sign, double gamma) {
            return scaled(node.input(1), sign, 1 + gamma, 1);
        }

        private Value bias(Sign sign) {
            return node.input(2).isPresent() ? scaled(node.input(2), sign, 1, 0) : Value.NONE;
        }

        private Value amplifiedBias(Sign sign, double gamma) {
            return node.input(2).isPresent() ? scaled(node.input(2), sign, 1 + gamma, 1) : Value.NONE;
        }

        /** A constant whose elements of one sign are times {@code own}, and the others times {@code other}. */
        private Value scaled(Value constant, Sign sign, double own, double other) {
            Tensor weight = c.constant(constant).orElseThrow();
            FloatBuffer source = weight.floats();
            ByteBuffer bytes = Tensor.allocate(ElementType.FLOAT32, weight.shape());
            FloatBuffer target = bytes.asFloatBuffer();
            for (int i = 0; i < target.capacity(); i++) {
                float w = source.get(i);
                boolean chosen = sign == Sign.POSITIVE ? w > 0 : w < 0;
                target.put(i, (float) (w * (chosen ? own : other)));
            }
            return c.builder()
                    .constant(constant.name() + "." + sign, Tensor.wrap(ElementType.FLOAT32, weight.shape(), bytes));
        }

        private Value forward(Value x, Value weight, Value bias) {
            List<Value> inputs = new ArrayList<>(List.of(x, weight));
            if (bias.isPresent()) {
                inputs.add(bias);
            }
            Value z = c.node(node.opType(), node.attributes(), inputs.toArray(Value[]::new));
            TensorType type = c.type(node.output());
            TensorType own = c.type(x);
            boolean single = own.rank() > 0 && own.dimension(0).equals(Dimension.of(1));
            c.builder().declare(z, single ? type.withDimension(0, Dimension.of(1)) : type);
            return z;
        }

        private Value backward(Value x, Value weight, Value signal) {
            Node replaced = node.withInputs(List.of(x, weight));
            BackwardContext inner = c.forNode(replaced, Collections.singleton(x));
            return OperatorTable.find(node)
                    .orElseThrow()
                    .rule()
                    .emit(replaced, List.of(signal), inner)
                    .values()
                    .get(0);
        }
    }
}
