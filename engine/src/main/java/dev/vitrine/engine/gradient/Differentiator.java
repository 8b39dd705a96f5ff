package dev.vitrine.engine.gradient;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.check.Damage;
import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.operator.BackwardContext;
import dev.vitrine.engine.operator.ForwardPass;
import dev.vitrine.engine.operator.GradientForms;
import dev.vitrine.engine.operator.InputGradients;
import dev.vitrine.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reverse-mode differentiation of graphs: ∂Σobjective/∂v for any values v, as additional nodes of the same graph.
 *
 * <p>Since each sample of a batch has its own entry in an objective {@code f32[N]}, the gradient of the sum contains
 * each sample's gradient.
 */
public final class Differentiator {
    private final BackwardRules rules;

    public Differentiator(BackwardRules rules) {
        this.rules = rules;
    }

    /** A graph with gradients, and the values that hold them. */
    public record Result(Graph graph, Map<Value, Value> gradients) {
        /** The gradient with respect to a value, shaped as that value. */
        public Value of(Value value) {
            return gradients.get(value);
        }
    }

    /**
     * Adds the gradient of the sum of {@code objective}.
     *
     * @param graph with the types of all values between
     * @param objective any floating-point value, usually {@code f32[N]}
     */
    public Result gradient(Graph graph, Value objective, List<Value> withRespectTo) {
        GraphBuilder builder = new GraphBuilder(graph).scope("gradient");
        TensorType type = graph.type(objective)
                .orElseThrow(() -> new IllegalArgumentException("the type of '" + objective + "' is not known"));
        Value seed = type.isStatic() && type.rank() == 0
                ? builder.constant(1f)
                : builder.node(
                        "ConstantOfShape",
                        Attributes.NONE.with("value", Tensor.floats(new float[] {1}, 1)),
                        type.isStatic() ? builder.vector(type.shape()) : builder.node("Shape", objective));
        return propagate(builder.build(), Map.of(objective, seed), withRespectTo);
    }

    /**
     * Propagates given quantities at some values back to others by the rules: gradients, relevances or multipliers.
     *
     * @param seeds initial quantity for each starting value, in its shape
     */
    public Result propagate(Graph graph, Map<Value, Value> seeds, List<Value> withRespectTo) {
        return new Pass(graph, seeds, withRespectTo).run();
    }

    private final class Pass implements ForwardPass {
        private final Graph graph;
        private final Map<Value, Node> producers;
        private final GradientForms forms = new GradientForms();
        private final List<Value> withRespectTo;
        private final GraphBuilder builder;
        private final Set<Value> depending;
        private final Map<Value, List<Value>> contributions = new HashMap<>();
        private final Map<String, Node> extended = new LinkedHashMap<>();
        private final Map<String, List<Node>> inserted = new HashMap<>();
        private final Map<String, Node> replaced = new HashMap<>();
        private final Set<Value> seeded;

        Pass(Graph graph, Map<Value, Value> seeds, List<Value> withRespectTo) {
            this.graph = graph;
            this.producers = graph.producers();
            this.withRespectTo = withRespectTo;
            this.seeded = seeds.keySet();
            this.builder = new GraphBuilder(graph).scope("gradient");
            this.depending = depending(graph, withRespectTo);
            seeds.forEach((value, seed) -> contribute(value, seed));
        }

        Result run() {
            List<Node> nodes = graph.nodes();
            for (int i = nodes.size() - 1; i >= 0; i--) {
                Node node = nodes.get(i);
                if (node.outputs().stream().anyMatch(contributions::containsKey)
                        && node.reads().stream().anyMatch(depending::contains)) {
                    visit(node);
                }
            }
            Map<Value, Value> gradients = new LinkedHashMap<>();
            for (Value value : withRespectTo) {
                Value gradient = total(value);
                gradients.put(value, gradient.isPresent() ? gradient : zeros(value));
            }
            return new Result(withExtendedNodes(), gradients);
        }

        private void visit(Node node) {
            List<Value> outputGradients =
                    node.outputs().stream().map(this::total).toList();
            Node known = extended.getOrDefault(node.name(), node);
            BackwardContext context = new BackwardContext(builder, known, depending, this);
            InputGradients gradients = Damage.named(node, () -> rules.rule(node).emit(known, outputGradients, context));
            for (int i = 0; i < gradients.values().size(); i++) {
                Value gradient = gradients.values().get(i);
                if (gradient.isPresent() && depending.contains(node.input(i))) {
                    contribute(node.input(i), gradient);
                }
            }
        }

        private void contribute(Value value, Value gradient) {
            contributions.computeIfAbsent(value, key -> new ArrayList<>()).add(gradient);
        }

        /** The sum of all contributions to a value, summed once. */
        private Value total(Value value) {
            List<Value> parts = contributions.get(value);
            if (parts == null) {
                return Value.NONE;
            }
            if (parts.size() > 1) {
                Value sum = parts.size() == 2
                        ? builder.node("Add", parts.get(0), parts.get(1))
                        : builder.node("Sum", parts.toArray(Value[]::new));
                parts.clear();
                parts.add(sum);
            }
            return parts.get(0);
        }

        private Value zeros(Value value) {
            TensorType type = graph.type(value)
                    .orElseThrow(() -> VitrineException.failure("no value '" + value + "' with a known type"));
            return builder.node(
                    "ConstantOfShape",
                    Attributes.NONE.with("value", Tensor.floats(new float[] {0}, 1)),
                    type.isStatic() ? builder.vector(type.shape()) : builder.node("Shape", value));
        }

        @Override
        public Value request(Node node, int index) {
            Node known = extended.getOrDefault(node.name(), node);
            if (known.output(index).isPresent()) {
                return known.output(index);
            }
            List<Value> outputs = new ArrayList<>(known.outputs());
            while (outputs.size() <= index) {
                outputs.add(Value.NONE);
            }
            Value added = builder.fresh(node.output().name() + "." + index);
            outputs.set(index, added);
            Node longer = known.withOutputs(outputs);
            extended.put(node.name(), longer);
            builder.infer(longer);
            return added;
        }

        @Override
        public void split(Node node, Node before, Node instead) {
            inserted.computeIfAbsent(node.name(), key -> new ArrayList<>()).add(before);
            replaced.putIfAbsent(node.name(), instead);
        }

        @Override
        public boolean isInner(Value value) {
            long readers = graph.nodes().stream()
                    .filter(node -> node.inputs().contains(value))
                    .count();
            return readers == 1 && !withRespectTo.contains(value) && !seeded.contains(value);
        }

        @Override
        public Optional<Node> producer(Value value) {
            return Optional.ofNullable(producers.get(value));
        }

        @Override
        public boolean isPlain(Node node) {
            return rules.isPlain(node);
        }

        @Override
        public GradientForms forms() {
            return forms;
        }

        private Graph withExtendedNodes() {
            Graph built = builder.build();
            List<Node> nodes = new ArrayList<>();
            for (Node node : built.nodes()) {
                nodes.addAll(inserted.getOrDefault(node.name(), List.of()));
                Node plain = replaced.getOrDefault(node.name(), node);
                nodes.add(extended.getOrDefault(node.name(), plain));
            }
            return new Graph(built.inputs(), built.outputs(), nodes, built.constants(), built.types(), built.opsets());
        }
    }

    /** The given values and all that depend on them. */
    private static Set<Value> depending(Graph graph, List<Value> sources) {
        Set<Value> depending = new HashSet<>(sources);
        for (Node node : graph.nodes()) {
            if (node.reads().stream().anyMatch(depending::contains)) {
                depending.addAll(node.outputs());
            }
        }
        depending.remove(Value.NONE);
        return depending;
    }
}
