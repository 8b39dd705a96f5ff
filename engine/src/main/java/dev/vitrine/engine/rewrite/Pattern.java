package dev.vitrine.engine.rewrite;

import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.Node;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Predicate;

/**
 * A node of some operators, what holds of it, and which nodes compute its inputs. A pattern names its node in a
 * {@link Match}.
 */
public final class Pattern {
    private final BiPredicate<Node, Wiring> condition;
    private final Map<Integer, Pattern> sources;

    private Pattern(BiPredicate<Node, Wiring> condition, Map<Integer, Pattern> sources) {
        this.condition = condition;
        this.sources = sources;
    }

    public static Pattern of(String... operators) {
        Set<String> names = Set.of(operators);
        return of(node -> names.contains(node.operator()));
    }

    public static Pattern of(Predicate<Node> kind) {
        return new Pattern((node, wiring) -> kind.test(node), Map.of());
    }

    public Pattern where(BiPredicate<Node, Wiring> also) {
        return new Pattern(condition.and(also), sources);
    }

    public Pattern where(Predicate<Node> also) {
        return where((node, wiring) -> also.test(node));
    }

    /** Whose first output one node alone reads, and which is no output of the graph. */
    public Pattern inner() {
        return where((node, wiring) -> wiring.isInner(node.output()));
    }

    /** With a constant {@code f32} at an input. */
    public Pattern weight(int input) {
        return where((node, wiring) -> wiring.weight(node.input(input)).isPresent());
    }

    /** With an input that such a node computes. */
    public Pattern reading(int input, Pattern source) {
        Map<Integer, Pattern> more = new LinkedHashMap<>(sources);
        more.put(input, source);
        return new Pattern(condition, more);
    }

    /** The nodes that a pattern and those of its inputs found. */
    public static final class Match {
        private final Map<Pattern, Node> nodes = new HashMap<>();
        private final Wiring wiring;

        private Match(Wiring wiring) {
            this.wiring = wiring;
        }

        public Node node(Pattern pattern) {
            return nodes.get(pattern);
        }

        public Wiring wiring() {
            return wiring;
        }
    }

    /** The match that ends at a node. */
    public Optional<Match> at(Node node, Wiring wiring) {
        Match match = new Match(wiring);
        return found(node, match) ? Optional.of(match) : Optional.empty();
    }

    private boolean found(Node node, Match match) {
        match.nodes.put(this, node);
        return condition.test(node, match.wiring)
                && sources.entrySet().stream()
                        .allMatch(entry -> match.wiring
                                .producer(node.input(entry.getKey()))
                                .filter(source -> entry.getValue().found(source, match))
                                .isPresent());
    }

    /** Writes what takes the place of a match. */
    @FunctionalInterface
    public interface Writer {
        void write(Match match, Patch patch);
    }

    /** The graph with every match rewritten, found in the graph as it was. */
    public Graph rewrite(Graph graph, Writer writer) {
        Wiring wiring = new Wiring(graph);
        List<Match> matches = graph.nodes().stream()
                .flatMap(node -> at(node, wiring).stream())
                .toList();
        if (matches.isEmpty()) {
            return graph;
        }
        Patch patch = new Patch(graph);
        matches.forEach(match -> writer.write(match, patch));
        return patch.apply();
    }
}
