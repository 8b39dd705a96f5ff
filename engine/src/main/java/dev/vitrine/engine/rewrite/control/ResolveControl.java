package dev.vitrine.engine.rewrite.control;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.check.Damage;
import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphTransform;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.rewrite.Cut;
import dev.vitrine.engine.rewrite.Prune;
import dev.vitrine.engine.rewrite.simplification.FoldShapes;
import dev.vitrine.engine.runtime.Runner;
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
 * Inlines branches and unrolls loops whose course follows from constants and shapes: the branch that an {@code If}
 * takes, each pass of a {@code Loop} or {@code Scan}. An {@code If} on a condition known only at run time becomes both
 * branches and a {@code Where}, if they have the same types; all else is unchanged.
 */
public record ResolveControl(Runner runner) implements GraphTransform {
    /** Maximum number of nodes added by unrolling; larger graphs take too long to open. */
    static final int MOST_NODES = 20_000;

    /**
     * Nodes that may be looked at in all, each time they are: branches that decide each other in a long row take the square
     * of their number. The rest stays.
     */
    private static final long MOST_WORK = 60_000;

    /** Nodes that are only walked over, for one whose type is inferred. */
    private static final int CHEAP = 20;

    @Override
    public Graph apply(Graph graph) {
        if (graph.nodes().stream().noneMatch(ResolveControl::isControl)) {
            return graph;
        }
        return new Resolution(graph).run();
    }

    static boolean isControl(Node node) {
        return switch (node.operator()) {
            case "If", "Loop", "Scan" -> true;
            default -> false;
        };
    }

    /** What is known of the inputs of control nodes: constants and types. */
    record Known(Map<Value, Tensor> constants, Map<Value, TensorType> types) {
        Optional<Tensor> constant(Value value) {
            return Optional.ofNullable(constants.get(value));
        }
    }

    private final class Resolution {
        private final Set<String> left = new HashSet<>();
        private final int budget;
        private Graph graph;
        private final KnownTypes types;
        private long work;

        Resolution(Graph graph) {
            this.graph = graph;
            this.budget = graph.nodes().size() + MOST_NODES;
            this.types = new KnownTypes(graph);
        }

        Graph run() {
            while (true) {
                List<Node> waiting = graph.nodes().stream()
                        .filter(node -> isControl(node) && !left.contains(node.name()))
                        .toList();
                if (waiting.isEmpty() || work > MOST_WORK) {
                    return new Prune().apply(graph);
                }
                List<Node> ready = ready();
                List<Value> deciding = ready.stream()
                        .flatMap(node -> deciding(node).stream())
                        .distinct()
                        .toList();
                Graph part = types.partOf(graph, deciding);
                work += graph.nodes().size() / CHEAP + part.nodes().size();
                Known known = known(part, deciding);
                types.learn(known.types());
                resolve(ready, known);
                if (ready.isEmpty()) {
                    waiting.forEach(node -> left.add(node.name()));
                }
            }
        }

        /** The nodes whose deciding values depend on no other branch or loop that may still be resolved. */
        private List<Node> ready() {
            Set<Value> pending = new HashSet<>();
            List<Node> ready = new ArrayList<>();
            for (Node node : graph.nodes()) {
                boolean open = isControl(node) && !left.contains(node.name());
                if (open && deciding(node).stream().noneMatch(pending::contains)) {
                    ready.add(node);
                }
                if (open || node.reads().stream().anyMatch(pending::contains)) {
                    pending.addAll(node.outputs());
                }
            }
            return ready;
        }

        /** What takes the place of a node. */
        private record Expansion(Node node, BodyCopy copy, List<Value> outputs) {}

        private void resolve(List<Node> ready, Known known) {
            FreshNames names = new FreshNames(graph);
            Map<String, Expansion> expansions = new LinkedHashMap<>();
            List<Expansion> choices = new ArrayList<>();
            int room = budget - graph.nodes().size();
            for (Node node : ready) {
                names.release(node);
                BodyCopy copy = new BodyCopy(names);
                int limit = Math.max(0, room);
                Optional<List<Value>> outputs = Damage.named(node, () -> switch (node.operator()) {
                    case "If" -> Branch.taken(node, known, copy);
                    case "Loop" -> new Passes(ResolveControl.this, graph, node, copy, limit).loop(known);
                    default -> new Passes(ResolveControl.this, graph, node, copy, limit).scan(known);
                });
                if (outputs.isPresent()) {
                    room -= copy.nodes().size();
                    expansions.put(node.name(), new Expansion(node, copy, outputs.get()));
                    continue;
                }
                left.add(node.name());
                if (node.operator().equals("If")) {
                    BodyCopy both = new BodyCopy(names);
                    Optional<List<Value>> chosen = Damage.named(node, () -> Branch.both(node, both));
                    if (chosen.isPresent() && both.nodes().size() <= room) {
                        room -= both.nodes().size();
                        choices.add(new Expansion(node, both, chosen.get()));
                    }
                }
            }
            graph = replaced(graph, expansions);
            choose(choices);
        }

        /** Takes both branches, together where they fit, else by halves to find those that do not. */
        private void choose(List<Expansion> choices) {
            if (choices.isEmpty() || work > MOST_WORK) {
                return;
            }
            Map<String, Expansion> expansions = new LinkedHashMap<>();
            choices.forEach(choice -> expansions.put(choice.node().name(), choice));
            Graph whole = replaced(graph, expansions);
            work += whole.nodes().size() / CHEAP;
            if (Branch.haveSameTypes(choices.stream().map(Expansion::node).toList(), whole, types)) {
                graph = whole;
                return;
            }
            if (choices.size() > 1) {
                choose(choices.subList(0, choices.size() / 2));
                choose(choices.subList(choices.size() / 2, choices.size()));
            }
        }

        /** The graph with nodes replaced by their expansions; outputs under other names are bridged. */
        private static Graph replaced(Graph graph, Map<String, Expansion> expansions) {
            if (expansions.isEmpty()) {
                return graph;
            }
            List<Node> nodes = new ArrayList<>();
            Map<Value, Tensor> constants = new LinkedHashMap<>(graph.constants());
            for (Node node : graph.nodes()) {
                Expansion expansion = expansions.get(node.name());
                if (expansion == null) {
                    nodes.add(node);
                    continue;
                }
                nodes.addAll(expansion.copy().nodes());
                constants.putAll(expansion.copy().constants());
                for (int i = 0; i < node.outputs().size(); i++) {
                    Value output = node.output(i);
                    if (output.isPresent() && !output.equals(expansion.outputs().get(i))) {
                        nodes.add(new Node(
                                node.name() + "/output" + i,
                                "",
                                "Identity",
                                List.of(expansion.outputs().get(i)),
                                List.of(output),
                                Attributes.NONE));
                    }
                }
            }
            return new Graph(graph.inputs(), graph.outputs(), nodes, constants, graph.types(), graph.opsets());
        }
    }

    private static List<Value> deciding(Node node) {
        return switch (node.operator()) {
            case "If" -> List.of(node.input(0));
            case "Loop" ->
                node.inputs().subList(0, Math.min(2, node.inputs().size())).stream()
                        .filter(Value::isPresent)
                        .toList();
            default -> node.inputs().stream().filter(Value::isPresent).toList();
        };
    }

    /** Types and constants of some values, from the part of the graph that computes them. */
    Known known(Graph graph, List<Value> values) {
        if (values.isEmpty()) {
            return new Known(Map.of(), Map.of());
        }
        Map<Value, Tensor> constants = new HashMap<>();
        Map<Value, TensorType> types = new HashMap<>();
        List<Value> computed = new ArrayList<>();
        for (Value value : values) {
            if (graph.inputs().contains(value)) {
                types.put(value, graph.types().get(value));
            } else {
                graph.constant(value)
                        .ifPresentOrElse(tensor -> constants.put(value, tensor), () -> computed.add(value));
            }
        }
        if (!computed.isEmpty()) {
            try {
                FoldShapes.Result result = new FoldShapes(runner).foldAndTell(new Cut(computed).apply(graph));
                constants.putAll(result.values());
                types.putAll(result.types());
            } catch (VitrineException e) {
                // A part that cannot be typed decides nothing now; the whole graph's own error says more.
            }
        }
        constants.forEach((value, tensor) -> types.put(value, TensorType.of(tensor)));
        return new Known(constants, types);
    }
}
