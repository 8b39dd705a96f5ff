package dev.vitrine.engine.gradient;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.operator.BackwardRule;
import dev.vitrine.engine.operator.OperatorTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Which backward rule holds for each node: the table's, but for those that a selector picks. The last match wins. */
public final class BackwardRules {
    /** Why branches and loops that are still there have no gradient: those of known course were written out. */
    private static final Map<String, String> REASONS = Map.of(
            "If",
            "no gradient: found branches between which only a run chooses; expected a condition that is constant or"
                    + " follows from shapes, or branches that end in the same shapes",
            "Loop",
            "no gradient: found a loop whose length only a run tells, or one too long to be written out; expected a"
                    + " count and a condition that are constant or follow from shapes, and at most 20,000 nodes in all",
            "Scan",
            "no gradient: found a scan of a length that only a run tells, or one too long to be written out; expected"
                    + " a length that follows from shapes, and at most 20,000 nodes in all");

    /** The true derivative of every operator. */
    public static final BackwardRules PLAIN = new BackwardRules(List.of());

    private record Replacement(NodeSelector selector, BackwardRule rule) {}

    private final List<Replacement> replacements;

    private BackwardRules(List<Replacement> replacements) {
        this.replacements = replacements;
    }

    /** These rules, but for the selected nodes. */
    public BackwardRules with(NodeSelector selector, BackwardRule rule) {
        List<Replacement> longer = new ArrayList<>(replacements);
        longer.add(new Replacement(selector, rule));
        return new BackwardRules(List.copyOf(longer));
    }

    /** Whether the table's rule holds for a node. */
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
        return OperatorTable.find(node)
                .orElseThrow(() -> VitrineException.failure(node.label() + ": "
                        + REASONS.getOrDefault(
                                node.operator(), "no backward rule; expected an operator of Vitrine's table")
                        + ". Explain a layer behind it, use a method that needs no gradient (such as eigen-cam), "
                        + "or give a rule with BackwardRules.with."))
                .rule();
    }
}
