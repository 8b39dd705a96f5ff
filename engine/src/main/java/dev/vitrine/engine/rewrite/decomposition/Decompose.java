package dev.vitrine.engine.rewrite.decomposition;

import dev.vitrine.engine.check.Damage;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphTransform;
import dev.vitrine.engine.graph.Node;
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
        NodeWriter writer = new NodeWriter(graph);
        boolean changed = false;
        for (Node node : graph.nodes()) {
            Composition composition = Compositions.ALL.get(node.operator());
            boolean written = composition != null && Damage.named(node, () -> composition.write(node, writer));
            if (!written) {
                writer.add(node);
            }
            changed |= written;
        }
        if (!changed) {
            return graph;
        }
        Graph typed = TypeInference.infer(new Prune().apply(writer.graph()));
        return TypeInference.infer(new FoldConstants(runner).apply(typed));
    }
}
