package dev.vitrine.engine.rewrite.recognition;

import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphTransform;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.operator.Operator;
import dev.vitrine.engine.operator.OperatorTable;
import dev.vitrine.engine.operator.property.Effect;
import dev.vitrine.engine.operator.property.Operands;
import dev.vitrine.engine.rewrite.Patch;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import java.util.HashMap;
import java.util.HashSet;
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
        private final Patch patch;
        private final Set<Node> covered = new HashSet<>();

        Recognition(Graph graph, PointwiseChains chains, RectifierContext context) {
            this.graph = graph;
            this.chains = chains;
            this.context = context;
            this.kept = Set.copyOf(graph.outputs());
            this.patch = new Patch(graph);
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
                    write(known.get(), chain.get(), patch.replace(last), last);
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
            TensorType from = graph.types().get(source);
            TensorType to = graph.types().get(result);
            return from != null
                    && to != null
                    && from.elementType() == ElementType.FLOAT32
                    && to.elementType() == ElementType.FLOAT32
                    && from.dimensions().equals(to.dimensions());
        }

        /** Writes what replaces a chain, or keeps it if it has that form already or should stay. */
        private void write(KnownActivation known, PointwiseChains.Chain chain, Patch patch, Node last) {
            Value x = chain.source();
            if (known instanceof KnownActivation.Relu) {
                // A bound that is no rectifier keeps an operator that is not taken for one.
                if (context.rectifies(x, last.output()) || has(chain, "Relu")) {
                    end(last, "Relu", Attributes.NONE, x);
                } else {
                    clip(last, x, 0, Double.POSITIVE_INFINITY);
                }
            } else if (known instanceof KnownActivation.Clip clip) {
                clip(last, x, clip.low(), clip.high());
            } else if (known instanceof KnownActivation.Named named) {
                named(last, named, x);
            } else if (has(chain, "Sigmoid")) {
                patch.keep(last);
            } else {
                swish(last, (KnownActivation.Swish) known, x);
            }
        }

        private static boolean has(PointwiseChains.Chain chain, String operator) {
            return chain.nodes().stream().anyMatch(node -> node.operator().equals(operator));
        }

        private void end(Node last, String operator, Attributes attributes, Value... inputs) {
            patch.add(new Node(last.name(), "", operator, List.of(inputs), List.of(last.output()), attributes));
        }

        private void clip(Node last, Value x, double low, double high) {
            if (last.operator().equals("Clip") && last.input(0).equals(x)) {
                patch.keep(last);
                return;
            }
            Value least = Double.isInfinite(low) ? Value.NONE : constant(low);
            if (Double.isInfinite(high)) {
                end(last, "Clip", Attributes.NONE, x, least);
            } else {
                end(last, "Clip", Attributes.NONE, x, least, constant(high));
            }
        }

        private void named(Node last, KnownActivation.Named named, Value x) {
            Value inside = named.inner() == 1 ? x : inner(last, "Mul", Attributes.NONE, x, constant(named.inner()));
            if (named.scale() == 1) {
                end(last, named.operator(), named.attributes(), inside);
                return;
            }
            Value activation = inner(last, named.operator(), named.attributes(), inside);
            end(last, "Mul", Attributes.NONE, activation, constant(named.scale()));
        }

        private void swish(Node last, KnownActivation.Swish swish, Value x) {
            Value inside = swish.beta() == 1 ? x : inner(last, "Mul", Attributes.NONE, x, constant(swish.beta()));
            Value gate = inner(last, "Sigmoid", Attributes.NONE, inside);
            if (swish.scale() == 1) {
                end(last, "Mul", Attributes.NONE, x, gate);
                return;
            }
            Value activation = inner(last, "Mul", Attributes.NONE, x, gate);
            end(last, "Mul", Attributes.NONE, activation, constant(swish.scale()));
        }

        private Value inner(Node last, String operator, Attributes attributes, Value... inputs) {
            String hint = last.output().name() + "." + operator.toLowerCase(Locale.ROOT);
            return patch.node(hint, operator, attributes, inputs);
        }

        private Value constant(double number) {
            return patch.constant("bound", Tensor.scalar((float) number));
        }

        Graph result() {
            return patch.apply();
        }
    }
}
