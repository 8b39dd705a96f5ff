package dev.vitrine.study.ablation;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.operator.OperatorTable;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.model.anatomy.Anatomy;
import dev.vitrine.lens.model.anatomy.Stage;
import dev.vitrine.study.ablation.Removal.How;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The removable parts of a network: each layer with weights, together with the normalization and activation after it;
 * each run of layers between two cut values of the same shape, such as a residual block; each branch of a sum that has
 * a shortcut. The head, which no weights follow, is never removed.
 */
final class Removals {
    private final Model model;
    private final Anatomy anatomy;
    private final Graph graph;
    private final List<Value> joints;
    private final Map<String, Node> nodes;

    private Removals(Model model) {
        this.model = model;
        this.anatomy = model.anatomy();
        this.graph = anatomy.toScores();
        this.joints = anatomy.joints();
        this.nodes = anatomy.stages().stream().map(Stage::linear).collect(Collectors.toMap(Node::name, node -> node));
    }

    /** All removals, in the order of the network. */
    static List<Removal> all(Model model) {
        return new Removals(model).find();
    }

    /** The removals whose layer has one of these names. */
    static List<Removal> named(Model model, List<String> names) {
        Removals removals = new Removals(model);
        List<Removal> all = removals.find();
        Anatomy layers = model.anatomy();
        List<Removal> chosen = new ArrayList<>();
        for (String name : names) {
            Value end = removals.anatomy.end(layers.find(name));
            List<Removal> found = all.stream()
                    .filter(removal -> removal.layer().equals(end.name()))
                    .toList();
            if (found.isEmpty()) {
                throw VitrineException.usage("Layer '" + name + "': cannot be removed; expected a layer with"
                        + " weights before the head, or the end of a block, such as "
                        + (all.isEmpty()
                                ? "none of this network"
                                : all.get(all.size() / 2).layer()) + ".");
            }
            chosen.addAll(found);
        }
        return chosen.stream().distinct().toList();
    }

    /** Layers with weights except the head, each by the last value of its stage. */
    static List<Value> layers(Model model) {
        Removals removals = new Removals(model);
        return removals.anatomy.stages().stream()
                .filter(stage -> !removals.isHead(stage.linear()))
                .map(Stage::shown)
                .distinct()
                .toList();
    }

    /** The last cut value at or before a value. */
    static Value entry(Model model, Value value) {
        Removals removals = new Removals(model);
        return removals.lastJoint(removals.anatomy.order(value) + 1);
    }

    private List<Removal> find() {
        List<Removal> found = new ArrayList<>();
        Map<List<String>, Removal> blocks = new LinkedHashMap<>();
        for (Node node : graph.nodes()) {
            if (nodes.containsKey(node.name()) && !isHead(node)) {
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
                .sorted((one, other) -> Integer.compare(anatomy.order(one.value()), anatomy.order(other.value())))
                .toList();
    }

    /** One removal per set of weights: a block that can be bypassed needs no branch cut. */
    private static void keep(Map<List<String>, Removal> blocks, Removal removal) {
        blocks.merge(
                removal.taken(),
                removal,
                (one, other) -> one.how() == other.how() || one.how() == How.BYPASSED ? one : other);
    }

    private Removal single(Node node) {
        Value value = anatomy.end(node.output());
        Value source = node.input(0);
        boolean same = graph.types().get(value).equals(graph.types().get(source));
        Removal.Passage passage = joints.contains(value) ? Removal.Passage.ALONE : Removal.Passage.BESIDE_OTHERS;
        return removal(
                value,
                same ? How.BYPASSED : How.HELD,
                same ? Optional.of(source) : Optional.empty(),
                anatomy.order(node.output()),
                Set.of(node.name()),
                passage);
    }

    /** From a cut value to the nearest earlier one of the same shape. */
    private Optional<Removal> run(Value value) {
        int at = joints.indexOf(value);
        if (at < 0 || !anatomy.end(value).equals(value) || isHeadless(value)) {
            return Optional.empty();
        }
        for (int index = at - 1; index >= 0; index--) {
            Value source = joints.get(index);
            Set<String> taken = new LinkedHashSet<>(anatomy.weightsAbove(value));
            taken.removeAll(anatomy.weightsAbove(source));
            boolean same = graph.types().get(value).equals(graph.types().get(source));
            if (same && anatomy.end(source).equals(source) && !taken.isEmpty()) {
                return Optional.of(removal(
                        value,
                        How.BYPASSED,
                        Optional.of(source),
                        anatomy.order(source) + 1,
                        taken,
                        Removal.Passage.ALONE));
            }
        }
        return Optional.empty();
    }

    /** A sum of a branch and a shortcut that holds fewer weights. */
    private Optional<Removal> branch(Node node) {
        boolean sum = OperatorTable.row(node).isAddition()
                && node.inputs().size() == 2
                && node.inputs().stream().allMatch(anatomy::isOnTheWay)
                && graph.types().get(node.input(0)).equals(graph.types().get(node.input(1)));
        if (!sum) {
            return Optional.empty();
        }
        Set<String> left = new LinkedHashSet<>(anatomy.weightsAbove(node.input(0)));
        Set<String> right = new LinkedHashSet<>(anatomy.weightsAbove(node.input(1)));
        left.removeAll(anatomy.weightsAbove(node.input(1)));
        right.removeAll(anatomy.weightsAbove(node.input(0)));
        if (left.size() == right.size()) {
            return Optional.empty();
        }
        boolean leftIsBranch = left.size() > right.size();
        Set<String> taken = leftIsBranch ? left : right;
        int first = taken.stream()
                .mapToInt(name -> anatomy.order(nodes.get(name).output()))
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
                anatomy.end(value).name(),
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
        return anatomy.alias(nodes.get(layer).output()).orElse(layer);
    }

    private long parameters(Node node) {
        return node.inputs().stream()
                .flatMap(input -> graph.constant(input).stream())
                .mapToLong(tensor -> tensor.elements())
                .sum();
    }

    /** The last cut value computed before an index in the order of nodes. */
    private Value lastJoint(int place) {
        Value last = model.input();
        for (Value joint : joints) {
            if (anatomy.order(joint) < place) {
                last = joint;
            }
        }
        return last;
    }

    private boolean isHead(Node node) {
        return anatomy.weightsAbove(model.logits()).size()
                        == anatomy.weightsAbove(node.output()).size()
                && isHeadless(node.output());
    }

    /** Whether no weights follow a cut value. */
    private boolean isHeadless(Value value) {
        return joints.contains(anatomy.end(value))
                && anatomy.weightsAbove(model.logits()).size()
                        == anatomy.weightsAbove(value).size();
    }
}
