package dev.vitrine.engine.rewrite.decomposition;

import dev.vitrine.engine.check.Damage;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphTransform;
import dev.vitrine.engine.rewrite.NodeWriter;
import dev.vitrine.engine.rewrite.Prune;
import dev.vitrine.engine.rewrite.simplification.FoldConstants;
import dev.vitrine.engine.runtime.Runner;
import dev.vitrine.engine.runtime.TypeInference;

/**
 * Decomposes compound operators into elementary ones, which every set of backward rules knows.
 *
 * <p>Requires the types of all values, and infers those of the result. A graph without such operators is unchanged.
 */
public record Decompose(Runner runner) implements GraphTransform {
    @Override
    public Graph apply(Graph graph) {
        Graph written = NodeWriter.rewrite(graph, writer -> node -> {
            Composition composition = Compositions.ALL.get(node.operator());
            return composition != null && Damage.named(node, () -> composition.write(node, writer));
        });
        if (written == graph) {
            return graph;
        }
        Graph typed = TypeInference.infer(new Prune().apply(written));
        return TypeInference.infer(new FoldConstants(runner).apply(typed));
    }
}
