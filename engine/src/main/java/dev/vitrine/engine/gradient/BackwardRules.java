package dev.vitrine.engine.gradient;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.operator.BackwardRule;
import dev.vitrine.engine.operator.OperatorTable;
import java.util.ArrayList;
import java.util.List;

/** Which backward rule holds for each node: the table's, but for those that a selector picks. The last match wins. */
public final class BackwardRules {
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
                .orElseThrow(() -> VitrineException.failure(node.label()
                        + ": no backward rule; expected an operator of Vitrine's table. "
                        + "Explain a layer behind it, use a method that needs no gradient (such as eigen-cam), "
                        + "or give a rule with BackwardRules.with."))
                .rule();
    }
}
