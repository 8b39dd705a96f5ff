package dev.vitrine.lens.model.anatomy;

import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.operator.Operator;
import dev.vitrine.engine.operator.Operator.Kind;
import dev.vitrine.engine.operator.OperatorTable;
import dev.vitrine.engine.operator.property.Effect;
import dev.vitrine.engine.rewrite.Cut;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The part of the network between the picture and the class scores: its nodes in order, its stages, and the joints
 * between them.
 */
final class Spine {
    private static final Set<Kind> FOLLOWING = EnumSet.of(Kind.ACTIVATION, Kind.NORMALIZATION, Kind.ARITHMETIC);

    private final Graph graph;
    private final Value input;
    private final Value scores;
    private final Map<Value, List<Node>> readers = new HashMap<>();
    private final Map<Value, Integer> order = new HashMap<>();
    private final Set<Value> dependent = new HashSet<>();
    private final Map<Value, Set<String>> weightsAbove = new HashMap<>();
    private final List<Stage> stages;
    private final List<Value> joints;

    Spine(Graph whole, Value input, Value scores) {
        this.graph = new Cut(List.of(scores)).apply(whole);
        this.input = input;
        this.scores = scores;
        dependent.add(input);
        order.put(input, -1);
        weightsAbove.put(input, Set.of());
        List<Node> weighted = new ArrayList<>();
        for (int index = 0; index < graph.nodes().size(); index++) {
            Node node = graph.nodes().get(index);
            Set<String> above = new LinkedHashSet<>();
            for (Value read : node.reads()) {
                readers.computeIfAbsent(read, key -> new ArrayList<>()).add(node);
                above.addAll(weightsAbove.getOrDefault(read, Set.of()));
            }
            if (node.reads().stream().anyMatch(dependent::contains)) {
                dependent.addAll(node.outputs());
                if (hasWeights(node)) {
                    above.add(node.name());
                    weighted.add(node);
                }
            }
            for (Value output : node.outputs()) {
                order.put(output, index);
                weightsAbove.put(output, above);
            }
        }
        this.stages = weighted.stream().map(this::stage).toList();
        this.joints = foundJoints();
    }

    private boolean hasWeights(Node node) {
        return OperatorTable.row(node).kind() == Kind.LINEAR
                && graph.constant(node.input(1))
                        .filter(tensor -> tensor.rank() > 1)
                        .isPresent();
    }

    Graph graph() {
        return graph;
    }

    List<Stage> stages() {
        return stages;
    }

    List<Value> joints() {
        return joints;
    }

    boolean isComputed(Value value) {
        return dependent.contains(value);
    }

    int order(Value value) {
        return order.get(value);
    }

    Set<String> weightsAbove(Value value) {
        return weightsAbove.get(value);
    }

    private Stage stage(Node linear) {
        List<Node> following = following(linear.output());
        Value end = following.isEmpty()
                ? linear.output()
                : following.get(following.size() - 1).output();
        Optional<Node> pooling =
                soleReader(end).filter(node -> OperatorTable.row(node).kind() == Kind.POOLING);
        return new Stage(linear, following, pooling);
    }

    /** The last value of an unbranched chain of normalizations and activations. */
    Value end(Value value) {
        List<Node> following = following(value);
        return following.isEmpty() ? value : following.get(following.size() - 1).output();
    }

    private List<Node> following(Value value) {
        List<Node> following = new ArrayList<>();
        Value current = value;
        while (true) {
            Value last = current;
            Optional<Node> next = soleReader(last).filter(node -> follows(node, last));
            if (next.isEmpty()) {
                return following;
            }
            following.add(next.get());
            current = next.get().output();
        }
    }

    private Optional<Node> soleReader(Value value) {
        List<Node> next = readers.getOrDefault(value, List.of());
        return next.size() == 1 && !value.equals(scores) ? Optional.of(next.get(0)) : Optional.empty();
    }

    private boolean follows(Node node, Value value) {
        Operator row = OperatorTable.row(node);
        return (row.effect() == Effect.NONE || FOLLOWING.contains(row.kind()))
                && node.reads().stream().filter(dependent::contains).count() == 1
                && graph.types().get(node.output()) != null
                && graph.types().get(node.output()).equals(graph.types().get(value));
    }

    /** The values on every path from the picture to the class scores, in order, including both ends. */
    private List<Value> foundJoints() {
        Map<Value, Integer> waiting = new HashMap<>();
        graph.nodes().forEach(node -> node.reads().forEach(read -> waiting.merge(read, 1, Integer::sum)));
        waiting.merge(scores, 1, Integer::sum);
        Set<Value> live = new HashSet<>(Set.of(input));
        List<Value> found = new ArrayList<>(live);
        for (Node node : graph.nodes()) {
            boolean changed = false;
            for (Value read : node.reads()) {
                if (dependent.contains(read) && waiting.merge(read, -1, Integer::sum) == 0) {
                    live.remove(read);
                }
            }
            for (Value written : node.outputs()) {
                if (dependent.contains(written) && waiting.containsKey(written)) {
                    live.add(written);
                    changed = true;
                }
            }
            if (changed && live.size() == 1) {
                found.addAll(live);
            }
        }
        return List.copyOf(found);
    }
}
