package dev.vitrine.engine.gradient;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.operator.BackwardRule;
import dev.vitrine.engine.operator.OperatorTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The backward rule of each node: the table's, unless a selector matches. The last match wins. */
public final class BackwardRules {
    /** What to do about a node without a rule, for an explanation: the end of the message. */
    public static final String ADVICE = ". Explain a layer after it, use a method that needs no gradient (such as"
            + " eigen-cam), or give a rule with BackwardRules.with.";

    /** Why the remaining branches and loops have no gradient; those determined by the graph have been unrolled. */
    private static final Map<String, String> REASONS = Map.of(
            "If",
            "no gradient: found a condition that is known only at run time; expected one that is constant or follows"
                    + " from shapes, or branches with the same output shapes",
            "Loop",
            "no gradient: found a loop whose length is known only at run time, or which is too long to unroll; expected"
                    + " a trip count and a condition that are constant or follow from shapes, and at most 20,000 nodes"
                    + " when unrolled",
            "Scan",
            "no gradient: found a scan whose length is known only at run time, or which is too long to unroll; expected"
                    + " a length that follows from shapes, and at most 20,000 nodes when unrolled");

    /** The true derivative of every operator. */
    public static final BackwardRules PLAIN = new BackwardRules(List.of());

    private record Replacement(NodeSelector selector, BackwardRule rule) {}

    private final List<Replacement> replacements;

    private BackwardRules(List<Replacement> replacements) {
        this.replacements = replacements;
    }

    /** These rules, except for the selected nodes. */
    public BackwardRules with(NodeSelector selector, BackwardRule rule) {
        List<Replacement> longer = new ArrayList<>(replacements);
        longer.add(new Replacement(selector, rule));
        return new BackwardRules(List.copyOf(longer));
    }

    /** Whether a node has the table's rule. */
    boolean isPlain(Node node) {
        return replacements.stream()
                .noneMatch(replacement -> replacement.selector().selects(node));
    }

    /** The rule for a node, or an error that names the node, its operator and what to do. */
    public BackwardRule rule(Node node) {
        for (int i = replacements.size() - 1; i >= 0; i--) {
            if (replacements.get(i).selector().selects(node)) {
                return replacements.get(i).rule();
            }
        }
        return OperatorTable.derivative(node)
                .orElseThrow(() -> VitrineException.failure(node.label() + ": "
                        + REASONS.getOrDefault(
                                node.operator(), "no backward rule; expected an operator of Vitrine's table")
                        + ADVICE));
    }
}
