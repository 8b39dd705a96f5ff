package dev.vitrine.study.ablation;

import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.rewrite.Bypass;
import dev.vitrine.engine.rewrite.HoldChannels;
import java.util.List;
import java.util.Optional;

/**
 * One way to remove a part of a network.
 *
 * @param layer the removed part, by the name of its last value
 * @param stage the removed part, by the short names of its layers: {@code conv4}, or {@code conv4 to conv6}
 * @param how how it is removed
 * @param value the value that is replaced
 * @param source the value that replaces it, if bypassed
 * @param entry the last cut value before everything that changes
 * @param taken layers with weights that no longer contribute
 * @param parameters number of weights in these layers
 * @param passage whether every path leads through the value
 */
public record Removal(
        String layer,
        String stage,
        How how,
        Value value,
        Optional<Value> source,
        Value entry,
        List<String> taken,
        long parameters,
        Passage passage) {
    /** How a layer is removed. */
    public enum How {
        /** Its input passes to the next layer. */
        BYPASSED("bypassed"),
        /** Only the shortcut of the sum remains. */
        BRANCH_CUT("branch cut"),
        /** Every channel is replaced by a constant. */
        HELD("held");

        private final String word;

        How(String word) {
            this.word = word;
        }
    }

    /** Whether any path from the picture avoids the held value. */
    public enum Passage {
        ALONE,
        BESIDE_OTHERS
    }

    public Removal {
        taken = List.copyOf(taken);
    }

    /** Whether removing it blocks the picture completely, so that the error does not measure its importance. */
    public boolean isBlind() {
        return how == How.HELD && passage == Passage.ALONE;
    }

    /** How it is removed, as shown on pages. */
    public String words() {
        return (how == How.BYPASSED && taken.size() > 1 ? "block " : "") + how.word;
    }

    /** The network without it. */
    Graph apply(Graph graph) {
        return switch (how) {
            case BYPASSED, BRANCH_CUT -> new Bypass(value, source.orElseThrow()).apply(graph);
            case HELD -> new HoldChannels(value).apply(graph);
        };
    }
}
