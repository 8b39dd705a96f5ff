package dev.vitrine.engine.rewrite.recognition;

import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.GraphTransform;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.operator.Operator;
import dev.vitrine.engine.operator.OperatorTable;
import dev.vitrine.engine.operator.property.Effect;
import dev.vitrine.engine.operator.property.Operands;
import dev.vitrine.engine.rewrite.Prune;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Replaces an activation composed of several nodes with its single operator, in whatever order it is written: GELU of
 * Erf or Tanh, Mish, HardSwish, HardSigmoid, Softplus, Elu and the like; max(x, 0) as Relu where it is a rectifier,
 * other bounds as Clip. x σ(βx), which has no operator of its own, becomes Sigmoid and Mul.
 *
 * <p>Functions are identified by their values ({@link KnownActivation}). Fires where the values in between are not
 * outputs and have no other readers. Requires the types of all values.
 */
public final class RecognizeActivations implements GraphTransform {
    @Override
    public Graph apply(Graph graph) {
        PointwiseChains chains = new PointwiseChains(graph);
        Recognition recognition = new Recognition(graph, chains, new RectifierContext(graph, chains));
        for (int i = graph.nodes().size() - 1; i >= 0; i--) {
            recognition.visit(graph.nodes().get(i));
        }
        return recognition.result();
    }

    /** Whether a node that stands alone has the form that is looked for: no bounds or slopes are given as operands. */
    private static boolean isCanonical(Node node) {
        Operator row = OperatorTable.row(node);
        boolean plain = row.kind() == Operator.Kind.ACTIVATION && row.numbers() == Operands.FIRST;
        return plain || row.effect() == Effect.NONE;
    }

    /** Whether a node is more than arithmetic, of which there is no activation. */
    private static boolean bends(Node node) {
        Operator row = OperatorTable.row(node);
        return !row.role().isAffine() && !row.effect().passesNumbers();
    }

    private static final class Recognition {
        private final Graph graph;
        private final PointwiseChains chains;
        private final RectifierContext context;
        private final Map<Value, Set<Node>> readers = new HashMap<>();
        private final Set<Value> kept;
        private final GraphBuilder names;
        private final Map<Value, Tensor> constants;
        private final Map<Value, TensorType> types;
        private final Set<Node> covered = new HashSet<>();
        private final Map<Node, List<Node>> replaced = new HashMap<>();

        Recognition(Graph graph, PointwiseChains chains, RectifierContext context) {
            this.graph = graph;
            this.chains = chains;
            this.context = context;
            this.kept = Set.copyOf(graph.outputs());
            this.names = new GraphBuilder(graph);
            this.constants = new LinkedHashMap<>(graph.constants());
            this.types = new LinkedHashMap<>(graph.types());
            for (Node node : graph.nodes()) {
                node.reads()
                        .forEach(value -> readers.computeIfAbsent(value, key -> new HashSet<>())
                                .add(node));
            }
        }

        /** Replaces the longest chain that ends at a node and is an activation. */
        void visit(Node last) {
            if (covered.contains(last) || Pointwise.of(last).isEmpty()) {
                return;
            }
            List<Value> sources = chains.sources(last.output());
            for (int i = sources.size() - 1; i > 0; i--) {
                Optional<PointwiseChains.Chain> chain =
                        chains.chain(sources.get(i), last.output()).filter(this::isClosed);
                Optional<KnownActivation> known = chain.flatMap(found -> KnownActivation.of(found::at));
                if (known.isPresent()) {
                    covered.addAll(chain.get().nodes());
                    Optional<List<Node>> nodes = written(known.get(), chain.get(), last);
                    nodes.ifPresent(instead -> replaced.put(last, instead));
                    return;
                }
            }
        }

        private boolean isClosed(PointwiseChains.Chain chain) {
            Node last = chain.nodes().stream()
                    .filter(node -> node.output().equals(chain.result()))
                    .findFirst()
                    .orElseThrow();
            boolean alone = chain.nodes().size() == 1 && isCanonical(last);
            Set<Node> inside = Set.copyOf(chain.nodes());
            boolean bends = chain.nodes().stream().anyMatch(RecognizeActivations::bends);
            return !alone
                    && bends
                    && inside.stream().noneMatch(covered::contains)
                    && isAlike(chain.source(), chain.result())
                    && inside.stream()
                            .filter(node -> node != last)
                            .allMatch(node -> !kept.contains(node.output())
                                    && inside.containsAll(readers.getOrDefault(node.output(), Set.of())));
        }

        private boolean isAlike(Value source, Value result) {
            TensorType from = types.get(source);
            TensorType to = types.get(result);
            return from != null
                    && to != null
                    && from.elementType() == ElementType.FLOAT32
                    && to.elementType() == ElementType.FLOAT32
                    && from.dimensions().equals(to.dimensions());
        }

        /** The nodes that replace a chain; empty if it has that form already or should stay. */
        private Optional<List<Node>> written(KnownActivation known, PointwiseChains.Chain chain, Node last) {
            Value x = chain.source();
            if (known instanceof KnownActivation.Relu) {
                // A bound that is no rectifier keeps an operator that is not taken for one.
                return context.rectifies(x, last.output()) || has(chain, "Relu")
                        ? Optional.of(List.of(node(last, "Relu", Attributes.NONE, x)))
                        : clip(last, x, 0, Double.POSITIVE_INFINITY);
            }
            if (known instanceof KnownActivation.Clip clip) {
                return clip(last, x, clip.low(), clip.high());
            }
            if (known instanceof KnownActivation.Named named) {
                return Optional.of(named(last, named, x));
            }
            return has(chain, "Sigmoid")
                    ? Optional.empty()
                    : Optional.of(swish(last, (KnownActivation.Swish) known, x));
        }

        private static boolean has(PointwiseChains.Chain chain, String operator) {
            return chain.nodes().stream().anyMatch(node -> node.operator().equals(operator));
        }

        private static Node node(Node last, String operator, Attributes attributes, Value... inputs) {
            return new Node(last.name(), "", operator, List.of(inputs), List.of(last.output()), attributes);
        }

        private Optional<List<Node>> clip(Node last, Value x, double low, double high) {
            if (last.operator().equals("Clip") && last.input(0).equals(x)) {
                return Optional.empty();
            }
            Value least = Double.isInfinite(low) ? Value.NONE : constant(low);
            return Optional.of(List.of(
                    Double.isInfinite(high)
                            ? node(last, "Clip", Attributes.NONE, x, least)
                            : node(last, "Clip", Attributes.NONE, x, least, constant(high))));
        }

        private List<Node> named(Node last, KnownActivation.Named named, Value x) {
            List<Node> nodes = new ArrayList<>();
            Value inside = x;
            if (named.inner() != 1) {
                nodes.add(inner(last, "Mul", Attributes.NONE, x, constant(named.inner())));
                inside = nodes.get(0).output();
            }
            if (named.scale() == 1) {
                nodes.add(node(last, named.operator(), named.attributes(), inside));
                return nodes;
            }
            Node activation = inner(last, named.operator(), named.attributes(), inside);
            nodes.add(activation);
            nodes.add(node(last, "Mul", Attributes.NONE, activation.output(), constant(named.scale())));
            return nodes;
        }

        private List<Node> swish(Node last, KnownActivation.Swish swish, Value x) {
            List<Node> nodes = new ArrayList<>();
            Value inside = x;
            if (swish.beta() != 1) {
                nodes.add(inner(last, "Mul", Attributes.NONE, x, constant(swish.beta())));
                inside = nodes.get(0).output();
            }
            Node gate = inner(last, "Sigmoid", Attributes.NONE, inside);
            nodes.add(gate);
            if (swish.scale() == 1) {
                nodes.add(node(last, "Mul", Attributes.NONE, x, gate.output()));
                return nodes;
            }
            Node activation = inner(last, "Mul", Attributes.NONE, x, gate.output());
            nodes.add(activation);
            nodes.add(node(last, "Mul", Attributes.NONE, activation.output(), constant(swish.scale())));
            return nodes;
        }

        private Node inner(Node last, String operator, Attributes attributes, Value... inputs) {
            Value output = names.fresh(last.output().name() + "." + operator.toLowerCase(Locale.ROOT));
            types.put(output, types.get(last.output()));
            return new Node(output.name(), "", operator, List.of(inputs), List.of(output), attributes);
        }

        private Value constant(double number) {
            Value value = names.fresh("bound");
            constants.put(value, Tensor.scalar((float) number));
            types.put(value, TensorType.of(ElementType.FLOAT32));
            return value;
        }

        Graph result() {
            if (replaced.isEmpty()) {
                return graph;
            }
            List<Node> nodes = new ArrayList<>();
            for (Node node : graph.nodes()) {
                nodes.addAll(replaced.getOrDefault(node, List.of(node)));
            }
            return new Prune()
                    .apply(new Graph(graph.inputs(), graph.outputs(), nodes, constants, types, graph.opsets()));
        }
    }
}
