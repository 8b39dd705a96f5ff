package dev.vitrine.study.ablation;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.operator.Operator;
import dev.vitrine.engine.operator.OperatorTable;
import dev.vitrine.engine.operator.property.Effect;
import dev.vitrine.engine.rewrite.Cut;
import dev.vitrine.lens.model.Layers;
import dev.vitrine.lens.model.Model;
import dev.vitrine.study.ablation.Removal.How;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What can be taken out of a network: each layer with weights, together with the normalisation and activation behind it;
 * each run of layers between two joints of one shape, such as a residual block; each branch of a sum that a shortcut leads
 * around. The head, behind which no weights come, stays.
 */
final class Removals {
    private static final Set<Operator.Kind> FOLLOWING =
            EnumSet.of(Operator.Kind.ACTIVATION, Operator.Kind.NORMALIZATION, Operator.Kind.ARITHMETIC);

    private final Model model;
    private final Graph graph;
    private final Layers layers;
    private final Map<Value, Node> producers;
    private final Map<Value, List<Node>> readers = new HashMap<>();
    private final Map<Value, Integer> order = new HashMap<>();
    private final Set<Value> dependent = new HashSet<>();
    private final List<Value> joints;
    private final Map<String, Node> nodes = new HashMap<>();
    private final Map<Value, Set<String>> weighted = new HashMap<>();

    private Removals(Model model) {
        this.model = model;
        this.graph = new Cut(List.of(model.logits())).apply(model.graph());
        this.layers = new Layers(model);
        this.producers = graph.producers();
        this.joints = Joints.of(graph, model.input(), model.logits());
        dependent.add(model.input());
        order.put(model.input(), -1);
        weighted.put(model.input(), Set.of());
        for (int index = 0; index < graph.nodes().size(); index++) {
            Node node = graph.nodes().get(index);
            Set<String> above = new LinkedHashSet<>();
            for (Value read : node.reads()) {
                readers.computeIfAbsent(read, key -> new ArrayList<>()).add(node);
                above.addAll(weighted.getOrDefault(read, Set.of()));
            }
            if (node.reads().stream().anyMatch(dependent::contains)) {
                dependent.addAll(node.outputs());
                if (hasWeights(node)) {
                    above.add(node.name());
                    nodes.put(node.name(), node);
                }
            }
            for (Value output : node.outputs()) {
                order.put(output, index);
                weighted.put(output, above);
            }
        }
    }

    /** All of them, in the order of the network. */
    static List<Removal> all(Model model) {
        return new Removals(model).find();
    }

    /** Those whose layer bears one of these names. */
    static List<Removal> named(Model model, List<String> names) {
        Removals removals = new Removals(model);
        List<Removal> all = removals.find();
        Layers layers = new Layers(model);
        List<Removal> chosen = new ArrayList<>();
        for (String name : names) {
            Value end = removals.end(layers.find(name));
            List<Removal> found = all.stream()
                    .filter(removal -> removal.layer().equals(end.name()))
                    .toList();
            if (found.isEmpty()) {
                throw VitrineException.usage(
                        "Layer '" + name + "': nothing can be taken out there; expected a layer with"
                                + " weights before the head, or the end of a block, such as "
                                + (all.isEmpty()
                                        ? "none of this network"
                                        : all.get(all.size() / 2).layer()) + ".");
            }
            chosen.addAll(found);
        }
        return chosen.stream().distinct().toList();
    }

    /** Layers with weights, each by the last value of its stage, without the head. */
    static List<Value> layers(Model model) {
        Removals removals = new Removals(model);
        return removals.graph.nodes().stream()
                .filter(node -> removals.isWeighted(node) && !removals.isHead(node))
                .map(node -> removals.end(node.output()))
                .distinct()
                .toList();
    }

    /** The last joint at or before a value. */
    static Value entry(Model model, Value value) {
        Removals removals = new Removals(model);
        return removals.lastJoint(removals.order.get(value) + 1);
    }

    private List<Removal> find() {
        List<Removal> found = new ArrayList<>();
        Map<List<String>, Removal> blocks = new LinkedHashMap<>();
        for (Node node : graph.nodes()) {
            if (isWeighted(node) && !isHead(node)) {
                found.add(single(node));
            }
            branch(node).ifPresent(removal -> keep(blocks, removal));
            for (Value output : node.outputs()) {
                run(output).ifPresent(removal -> keep(blocks, removal));
            }
        }
        found.addAll(blocks.values());
        return found.stream()
                .distinct()
                .sorted((one, other) -> Integer.compare(order.get(one.value()), order.get(other.value())))
                .toList();
    }

    /** One way for each set of weights: a block that can be bypassed needs no cut of its branch. */
    private static void keep(Map<List<String>, Removal> blocks, Removal removal) {
        blocks.merge(
                removal.taken(),
                removal,
                (one, other) -> one.how() == other.how() || one.how() == How.BYPASSED ? one : other);
    }

    private Removal single(Node node) {
        Value value = end(node.output());
        Value source = node.input(0);
        boolean same = graph.types().get(value).equals(graph.types().get(source));
        Removal.Passage passage = joints.contains(value) ? Removal.Passage.ALONE : Removal.Passage.BESIDE_OTHERS;
        return removal(
                value,
                same ? How.BYPASSED : How.HELD,
                same ? Optional.of(source) : Optional.empty(),
                order.get(node.output()),
                Set.of(node.name()),
                passage);
    }

    /** From a joint to the nearest earlier one of its shape. */
    private Optional<Removal> run(Value value) {
        int at = joints.indexOf(value);
        if (at < 0 || !end(value).equals(value) || isHeadless(value)) {
            return Optional.empty();
        }
        for (int index = at - 1; index >= 0; index--) {
            Value source = joints.get(index);
            Set<String> taken = new LinkedHashSet<>(weighted.get(value));
            taken.removeAll(weighted.get(source));
            boolean same = graph.types().get(value).equals(graph.types().get(source));
            if (same && end(source).equals(source) && !taken.isEmpty()) {
                return Optional.of(removal(
                        value, How.BYPASSED, Optional.of(source), order.get(source) + 1, taken, Removal.Passage.ALONE));
            }
        }
        return Optional.empty();
    }

    /** A sum of a branch and a shortcut that holds fewer weights. */
    private Optional<Removal> branch(Node node) {
        boolean sum = node.operator().equals("Add")
                && node.inputs().stream().allMatch(dependent::contains)
                && graph.types().get(node.input(0)).equals(graph.types().get(node.input(1)));
        if (!sum) {
            return Optional.empty();
        }
        Set<String> left = new LinkedHashSet<>(weighted.get(node.input(0)));
        Set<String> right = new LinkedHashSet<>(weighted.get(node.input(1)));
        left.removeAll(weighted.get(node.input(1)));
        right.removeAll(weighted.get(node.input(0)));
        if (left.size() == right.size()) {
            return Optional.empty();
        }
        boolean leftIsBranch = left.size() > right.size();
        Set<String> taken = leftIsBranch ? left : right;
        int first = taken.stream()
                .mapToInt(name -> order.get(nodes.get(name).output()))
                .min()
                .orElseThrow();
        return Optional.of(removal(
                node.output(),
                How.BRANCH_CUT,
                Optional.of(node.input(leftIsBranch ? 1 : 0)),
                first,
                taken,
                Removal.Passage.BESIDE_OTHERS));
    }

    private Removal removal(
            Value value, How how, Optional<Value> source, int changesFrom, Set<String> taken, Removal.Passage passage) {
        return new Removal(
                end(value).name(),
                stage(List.copyOf(taken)),
                how,
                value,
                source,
                lastJoint(changesFrom),
                List.copyOf(taken),
                taken.stream().map(nodes::get).mapToLong(this::parameters).sum(),
                passage);
    }

    private String stage(List<String> taken) {
        String first = shortName(taken.get(0));
        return taken.size() == 1 ? first : first + " to " + shortName(taken.get(taken.size() - 1));
    }

    private String shortName(String layer) {
        return layers.alias(nodes.get(layer).output()).orElse(layer);
    }

    private long parameters(Node node) {
        return node.inputs().stream()
                .flatMap(input -> graph.constant(input).stream())
                .mapToLong(tensor -> tensor.elements())
                .sum();
    }

    /** The last joint that is computed before a place in the order of nodes. */
    private Value lastJoint(int place) {
        Value last = model.input();
        for (Value joint : joints) {
            if (order.get(joint) < place) {
                last = joint;
            }
        }
        return last;
    }

    private boolean isWeighted(Node node) {
        return dependent.contains(node.output()) && hasWeights(node);
    }

    private boolean hasWeights(Node node) {
        return OperatorTable.row(node).kind() == Operator.Kind.LINEAR
                && graph.constant(node.input(1))
                        .filter(tensor -> tensor.rank() > 1)
                        .isPresent();
    }

    private boolean isHead(Node node) {
        return weighted.get(model.logits()).size()
                        == weighted.get(node.output()).size()
                && isHeadless(node.output());
    }

    /** Whether no weights come behind a joint. */
    private boolean isHeadless(Value value) {
        return joints.contains(end(value))
                && weighted.get(model.logits()).size() == weighted.get(value).size();
    }

    /** The last value of the chain of normalisations and activations that alone read one another. */
    private Value end(Value value) {
        Value current = value;
        while (true) {
            List<Node> next = readers.getOrDefault(current, List.of());
            if (next.size() != 1 || graph.outputs().contains(current) || !follows(next.get(0), current)) {
                return current;
            }
            current = next.get(0).output();
        }
    }

    private boolean follows(Node node, Value value) {
        Operator row = OperatorTable.row(node);
        boolean kind = row.effect() == Effect.NONE || FOLLOWING.contains(row.kind());
        return kind
                && node.reads().stream().filter(dependent::contains).count() == 1
                && graph.types().get(node.output()) != null
                && graph.types().get(node.output()).equals(graph.types().get(value));
    }
}
