package dev.vitrine.study.ablation;

import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.rewrite.Bypass;
import dev.vitrine.engine.rewrite.HoldChannels;
import java.util.List;
import java.util.Optional;

/**
 * One way to take something out of a network.
 *
 * @param layer what is taken out, by the name of its last value
 * @param stage what is taken out, by the short names of its layers: {@code conv4}, or {@code conv4 to conv6}
 * @param how it is taken out
 * @param value what is replaced
 * @param source what stands for it, where it is bypassed
 * @param entry the last joint before all that changes
 * @param taken layers with weights that count no more
 * @param parameters numbers in their weights
 * @param passage whether every way leads through the value
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
    /** How a layer is taken out. */
    public enum How {
        /** What comes after reads what comes before. */
        BYPASSED("bypassed"),
        /** The sum keeps its shortcut alone. */
        BRANCH_CUT("branch cut"),
        /** Every channel holds its level for all pictures. */
        HELD("held");

        private final String word;

        How(String word) {
            this.word = word;
        }
    }

    /** Whether anything of the picture gets past a value that is held. */
    public enum Passage {
        ALONE,
        BESIDE_OTHERS
    }

    public Removal {
        taken = List.copyOf(taken);
    }

    /** Whether without it nothing of the picture gets through, so that the error tells nothing of its worth. */
    public boolean isBlind() {
        return how == How.HELD && passage == Passage.ALONE;
    }

    /** How it is taken out, for people. */
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
