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

        Resolution(Graph graph) {
            this.graph = graph;
            this.budget = graph.nodes().size() + MOST_NODES;
        }

        Graph run() {
            while (true) {
                List<Node> waiting = graph.nodes().stream()
                        .filter(node -> isControl(node) && !left.contains(node.name()))
                        .toList();
                if (waiting.isEmpty()) {
                    return new Prune().apply(graph);
                }
                List<Node> ready = waiting.stream()
                        .filter(node -> isReady(deciding(node), node))
                        .toList();
                Known known = known(
                        graph,
                        ready.stream()
                                .flatMap(node -> deciding(node).stream())
                                .distinct()
                                .toList());
                for (Node node : ready) {
                    resolve(node, known);
                }
                if (ready.isEmpty()) {
                    waiting.forEach(node -> left.add(node.name()));
                }
            }
        }

        /** Whether the deciding values depend on no other branch or loop that may still be resolved. */
        private boolean isReady(List<Value> deciding, Node node) {
            return new Cut(deciding)
                    .apply(graph).nodes().stream()
                            .noneMatch(before -> isControl(before)
                                    && !left.contains(before.name())
                                    && !before.name().equals(node.name()));
        }

        private void resolve(Node node, Known known) {
            FreshNames names = new FreshNames(graph);
            names.release(node);
            BodyCopy copy = new BodyCopy(names);
            Optional<List<Value>> outputs = Damage.named(node, () -> switch (node.operator()) {
                case "If" -> Branch.taken(node, known, copy);
                case "Loop" -> new Passes(ResolveControl.this, graph, node, copy, room()).loop(known);
                default -> new Passes(ResolveControl.this, graph, node, copy, room()).scan(known);
            });
            if (outputs.isPresent()) {
                graph = replaced(graph, node, copy, outputs.get());
                return;
            }
            if (node.operator().equals("If")) {
                FreshNames others = new FreshNames(graph);
                others.release(node);
                BodyCopy both = new BodyCopy(others);
                Optional<Graph> chosen = Branch.both(node, both)
                        .map(choice -> replaced(graph, node, both, choice))
                        .filter(whole -> Branch.haveSameTypes(node, whole));
                if (chosen.isPresent() && chosen.get().nodes().size() <= budget) {
                    graph = chosen.get();
                    return;
                }
            }
            left.add(node.name());
        }

        private int room() {
            return budget - graph.nodes().size();
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

    /** The graph with a node replaced by its expansion; outputs under other names are bridged. */
    static Graph replaced(Graph graph, Node node, BodyCopy copy, List<Value> results) {
        List<Node> nodes = new ArrayList<>();
        for (Node each : graph.nodes()) {
            if (!each.name().equals(node.name())) {
                nodes.add(each);
                continue;
            }
            nodes.addAll(copy.nodes());
            for (int i = 0; i < node.outputs().size(); i++) {
                Value output = node.output(i);
                if (output.isPresent() && !output.equals(results.get(i))) {
                    nodes.add(new Node(
                            node.name() + "/output" + i,
                            "",
                            "Identity",
                            List.of(results.get(i)),
                            List.of(output),
                            Attributes.NONE));
                }
            }
        }
        Map<Value, Tensor> constants = new LinkedHashMap<>(graph.constants());
        constants.putAll(copy.constants());
        return new Graph(graph.inputs(), graph.outputs(), nodes, constants, graph.types(), graph.opsets());
    }
}
