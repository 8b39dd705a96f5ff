package dev.vitrine.engine.rewrite.recognition;

import dev.vitrine.engine.graph.AttributeValue;
import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.operator.Operator;
import dev.vitrine.engine.operator.OperatorTable;
import dev.vitrine.engine.operator.property.Effect;
import dev.vitrine.engine.operator.property.ScalarFunction;
import dev.vitrine.engine.operator.property.Space;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * Values that are element-wise functions of one other value: computed from it by element-wise operators and scalar
 * constants only.
 */
final class PointwiseChains {
    private static final int LONGEST = 16;
    private static final int MOST_NODES = 24;

    private final Graph graph;
    private final Map<Value, Node> producers;
    private final Map<Value, OptionalDouble> uniform = new HashMap<>();
    private final Map<Value, List<Value>> sources = new HashMap<>();

    PointwiseChains(Graph graph) {
        this.graph = graph;
        this.producers = graph.producers();
        for (Node node : graph.nodes()) {
            List<Value> found = sourcesOf(node);
            if (!found.isEmpty()) {
                sources.put(node.output(), found);
            }
        }
    }

    /** The values that a value is an element-wise function of, nearest first, beginning with itself. */
    List<Value> sources(Value value) {
        return sources.getOrDefault(value, List.of(value));
    }

    private List<Value> sourcesOf(Node node) {
        if (Pointwise.of(node).isEmpty()) {
            return List.of();
        }
        Set<Value> common = null;
        for (Value input : node.inputs()) {
            if (!input.isPresent() || number(input).isPresent()) {
                continue;
            }
            List<Value> own = sources(input);
            if (common == null) {
                common = new LinkedHashSet<>(own);
            } else {
                common.retainAll(own);
            }
        }
        List<Value> result = new ArrayList<>();
        result.add(node.output());
        if (common != null) {
            common.stream().limit(LONGEST).forEach(result::add);
        }
        return result;
    }

    /** The number that all elements of a constant equal, if they do. */
    OptionalDouble number(Value value) {
        OptionalDouble known = uniform.get(value);
        if (known == null) {
            known = uniformNumber(value);
            uniform.put(value, known);
        }
        return known;
    }

    private OptionalDouble uniformNumber(Value value) {
        Node producer = producers.get(value);
        if (producer != null) {
            Operator row = OperatorTable.row(producer);
            if (row.effect() == Effect.MAKES_ONE_NUMBER) {
                return producer.attributes().values().get("value") instanceof AttributeValue.OfTensor filling
                        ? single(filling.value())
                        : OptionalDouble.of(0);
            }
            boolean repeats = row.effect() == Effect.NONE
                    || row.space() == Space.BROADCASTING
                    || row.space() == Space.REPEATING
                    || row.space().keepsOrder();
            return repeats ? number(producer.input(0)) : OptionalDouble.empty();
        }
        Optional<Tensor> constant = graph.constant(value);
        return constant.isPresent() ? single(constant.get()) : OptionalDouble.empty();
    }

    private static OptionalDouble single(Tensor tensor) {
        if (tensor.elementType() != ElementType.FLOAT32 || tensor.elements() == 0) {
            return OptionalDouble.empty();
        }
        FloatBuffer data = tensor.floats();
        float first = data.get();
        while (data.hasRemaining()) {
            if (data.get() != first) {
                return OptionalDouble.empty();
            }
        }
        return OptionalDouble.of(first);
    }

    /** The nodes between a value and a source of it, in the order of the graph; none where they are too many. */
    Optional<Chain> chain(Value source, Value result) {
        Set<Node> ordered = new LinkedHashSet<>();
        return collect(source, result, ordered) && !ordered.isEmpty()
                ? Optional.of(new Chain(source, result, List.copyOf(ordered)))
                : Optional.empty();
    }

    /** Adds what computes a value from the source, inputs before what reads them. */
    private boolean collect(Value source, Value value, Set<Node> ordered) {
        if (!value.isPresent() || value.equals(source) || number(value).isPresent()) {
            return true;
        }
        Node node = producers.get(value);
        if (node == null || ordered.contains(node)) {
            return node != null;
        }
        for (Value input : node.inputs()) {
            if (!collect(source, input, ordered)) {
                return false;
            }
        }
        ordered.add(node);
        return ordered.size() <= MOST_NODES;
    }

    /** An element-wise function, as the nodes that compute it. */
    final class Chain {
        private record Step(ScalarFunction function, Attributes attributes, int[] inputs) {}

        private final Value source;
        private final Value result;
        private final List<Node> nodes;
        private final List<Step> steps = new ArrayList<>();
        private final double[] numbers;

        private Chain(Value source, Value result, List<Node> nodes) {
            this.source = source;
            this.result = result;
            this.nodes = nodes;
            Map<Value, Integer> places = new LinkedHashMap<>();
            places.put(source, 0);
            nodes.forEach(node -> places.put(node.output(), places.size()));
            List<Double> constants = new ArrayList<>();
            for (Node node : nodes) {
                int[] inputs = new int[node.inputs().size()];
                for (int i = 0; i < inputs.length; i++) {
                    Value input = node.input(i);
                    inputs[i] = places.getOrDefault(input, nodes.size() + 1 + constants.size());
                    if (!places.containsKey(input)) {
                        constants.add(input.isPresent() ? number(input).orElseThrow() : Double.NaN);
                    }
                }
                steps.add(new Step(Pointwise.of(node).orElseThrow(), node.attributes(), inputs));
            }
            this.numbers = new double[nodes.size() + 1 + constants.size()];
            for (int i = 0; i < constants.size(); i++) {
                numbers[nodes.size() + 1 + i] = constants.get(i);
            }
        }

        Value source() {
            return source;
        }

        Value result() {
            return result;
        }

        List<Node> nodes() {
            return nodes;
        }

        /** The function at a number. */
        double at(double x) {
            double[] known = numbers.clone();
            known[0] = x;
            for (int i = 0; i < steps.size(); i++) {
                Step step = steps.get(i);
                double[] inputs = new double[step.inputs().length];
                for (int j = 0; j < inputs.length; j++) {
                    inputs[j] = known[step.inputs()[j]];
                }
                known[i + 1] = step.function().at(step.attributes(), inputs);
            }
            return known[steps.size()];
        }
    }
}
