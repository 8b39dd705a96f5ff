package dev.vitrine.lens.model.head;

import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.operator.Operator;
import dev.vitrine.engine.operator.OperatorTable;
import dev.vitrine.engine.operator.property.Effect;
import dev.vitrine.engine.operator.property.Space;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The final function of a network from logits to probabilities.
 *
 * @param link softmax or sigmoid
 * @param logits its input
 * @param shaping nodes between it and the output, in order, which change no number except by rounding
 * @param axis of softmax in its input
 * @param by the node, for display
 */
record Ending(Link link, Value logits, List<Node> shaping, OptionalInt axis, String by) {
    /** Maximum distance from 0 and 1 of a bound that only keeps a logarithm finite. */
    private static final float GUARD = 0.01f;

    /** The final function of an output, if it is one of the two, as one operator or composed of several. */
    static Optional<Ending> of(Value output, Surroundings graph) {
        List<Node> shaping = new ArrayList<>();
        Value value = output;
        while (true) {
            Optional<Ending> ending = at(value, List.copyOf(shaping), graph);
            Optional<Node> node = graph.producer(value);
            if (ending.isPresent() || node.isEmpty() || !passes(node.get(), graph)) {
                return ending;
            }
            shaping.add(0, node.get());
            value = node.get().input(0);
        }
    }

    private static boolean passes(Node node, Surroundings graph) {
        return OperatorTable.row(node).keepsEachNumber() || isGuard(node, graph);
    }

    /** Whether a node only keeps probabilities away from 0 and 1. */
    static boolean isGuard(Node node, Surroundings graph) {
        return switch (node.operator()) {
            case "Clip" ->
                bound(node.input(1), Float.NEGATIVE_INFINITY, graph) <= GUARD
                        && bound(node.input(2), Float.POSITIVE_INFINITY, graph) >= 1 - GUARD;
            case "Max" ->
                graph.scalar(node.input(1)).filter(low -> low <= GUARD).isPresent();
            case "Min" ->
                graph.scalar(node.input(1)).filter(high -> high >= 1 - GUARD).isPresent();
            default -> false;
        };
    }

    private static float bound(Value value, float open, Surroundings graph) {
        return value.isPresent() ? graph.scalar(value).orElse(Float.NaN) : open;
    }

    private static Optional<Ending> at(Value value, List<Node> shaping, Surroundings graph) {
        Optional<Node> found = graph.producer(value);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        Node node = found.get();
        return switch (node.operator()) {
            case "Sigmoid" -> Optional.of(sigmoid(node.input(0), shaping, Surroundings.name(node)));
            case "Softmax", "LogSoftmax" ->
                Optional.of(softmax(
                        node.input(0),
                        axis((int) node.attributes().integer("axis", -1), node.input(0), graph),
                        shaping,
                        node));
            case "Log" -> at(node.input(0), shaping, graph).filter(inner -> inner.link() == Link.SOFTMAX);
            case "Div" -> composedSoftmax(node, shaping, graph).or(() -> composedSigmoid(node, shaping, graph));
            case "Reciprocal" ->
                onePlusExponential(node.input(0), graph).map(logit -> sigmoid(logit, shaping, Surroundings.name(node)));
            case "Sub" -> composedLogSoftmax(node, shaping, graph);
            default -> Optional.empty();
        };
    }

    private static Ending sigmoid(Value logits, List<Node> shaping, String by) {
        return new Ending(Link.SIGMOID, logits, shaping, OptionalInt.empty(), by);
    }

    private static Ending softmax(Value logits, OptionalInt axis, List<Node> shaping, Node by) {
        return new Ending(Link.SOFTMAX, logits, shaping, axis, Surroundings.name(by));
    }

    private static OptionalInt axis(int axis, Value input, Surroundings graph) {
        Optional<Integer> rank = graph.type(input).map(TensorType::rank);
        return axis >= 0 || rank.isEmpty() ? OptionalInt.of(axis) : OptionalInt.of(axis + rank.get());
    }

    /** exp(x) / Σ exp(x), with or without subtracting the largest x first. */
    private static Optional<Ending> composedSoftmax(Node division, List<Node> shaping, Surroundings graph) {
        Value above = division.input(0);
        return graph.producer(above, "Exp")
                .flatMap(exponential -> sum(division.input(1), above, graph)
                        .map(sum -> softmax(
                                unshifted(exponential.input(0), graph), soleAxis(sum, graph), shaping, division)));
    }

    /** x − log Σ exp(x). */
    private static Optional<Ending> composedLogSoftmax(Node difference, List<Node> shaping, Surroundings graph) {
        Value above = difference.input(0);
        Optional<Node> direct = graph.producer(difference.input(1), "ReduceLogSumExp")
                .filter(node -> node.input(0).equals(above));
        Optional<Node> composed = graph.producer(difference.input(1), "Log")
                .flatMap(log -> graph.producer(log.input(0), "ReduceSum"))
                .filter(sum -> graph.producer(sum.input(0), "Exp")
                        .filter(exponential -> exponential.input(0).equals(above))
                        .isPresent());
        return direct.or(() -> composed)
                .map(node -> softmax(unshifted(above, graph), soleAxis(node, graph), shaping, difference));
    }

    private static Optional<Node> sum(Value value, Value of, Surroundings graph) {
        Optional<Node> node = graph.producer(value);
        while (node.isPresent() && isRepeated(node.get())) {
            node = graph.producer(node.get().input(0));
        }
        return node.filter(
                found -> found.operator().equals("ReduceSum") && found.input(0).equals(of));
    }

    private static boolean isRepeated(Node node) {
        Operator row = OperatorTable.row(node);
        return row.effect() == Effect.NONE || row.space() == Space.BROADCASTING;
    }

    private static OptionalInt soleAxis(Node reduction, Surroundings graph) {
        List<Integer> axes = graph.reducedAxes(reduction);
        return axes.size() == 1 ? OptionalInt.of(axes.get(0)) : OptionalInt.empty();
    }

    /** The value from which a maximum is subtracted, to which softmax is invariant. */
    private static Value unshifted(Value value, Surroundings graph) {
        return graph.producer(value, "Sub")
                .filter(difference -> graph.producer(difference.input(1), "ReduceMax")
                        .filter(largest -> largest.input(0).equals(difference.input(0)))
                        .isPresent())
                .map(difference -> difference.input(0))
                .orElse(value);
    }

    /** 1 / (1 + exp(−x)). */
    private static Optional<Ending> composedSigmoid(Node division, List<Node> shaping, Surroundings graph) {
        return graph.scalar(division.input(0))
                .filter(one -> one == 1)
                .flatMap(one -> onePlusExponential(division.input(1), graph)
                        .map(logit -> sigmoid(logit, shaping, Surroundings.name(division))));
    }

    /** The x of 1 + exp(−x). */
    private static Optional<Value> onePlusExponential(Value value, Surroundings graph) {
        return graph.producer(value, "Add").flatMap(sum -> {
            Optional<Value> other =
                    graph.scalar(sum.input(0)).filter(one -> one == 1).isPresent()
                            ? Optional.of(sum.input(1))
                            : graph.scalar(sum.input(1)).filter(one -> one == 1).map(one -> sum.input(0));
            return other.flatMap(side -> graph.producer(side, "Exp"))
                    .flatMap(exponential -> graph.producer(exponential.input(0), "Neg"))
                    .map(negated -> negated.input(0));
        });
    }
}
