package dev.vitrine.engine.rewrite.simplification;

import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphTransform;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.rewrite.Pattern;
import dev.vitrine.engine.tensor.Tensor;
import java.util.List;

/**
 * Split(Conv(x, w)) = Conv(x, w₁), Conv(x, w₂) … with w cut along its output channels: the same work without copying
 * the result.
 *
 * <p>Fires for ungrouped convolutions without bias and with constant weights that only a split into at most four parts
 * along the channels reads.
 */
public final class SplitConvolution implements GraphTransform {
    private static final int MOST_PARTS = 4;

    private static final Pattern CONV = Pattern.of("Conv")
            .where(node ->
                    node.attributes().integer("group", 1) == 1 && !node.input(2).isPresent())
            .weight(1)
            .inner();
    private static final Pattern SPLIT = Pattern.of("Split")
            .where((node, around) -> node.attributes().integer("axis", 0) == 1
                    && node.outputs().size() <= MOST_PARTS
                    && node.outputs().stream().allMatch(Value::isPresent)
                    && around.constant(node.input(1)).isPresent())
            .reading(0, CONV);

    @Override
    public Graph apply(Graph graph) {
        return SPLIT.rewrite(graph, (match, patch) -> {
            Node split = match.node(SPLIT);
            Node conv = match.node(CONV);
            long[] sizes = patch.constantOf(split.input(1)).orElseThrow().toLongs();
            Tensor weight = patch.constantOf(conv.input(1)).orElseThrow();
            patch.replace(split);
            long from = 0;
            for (int i = 0; i < sizes.length; i++) {
                Value part = patch.constant(conv.input(1).name() + ".part", weight.rows(from, from + sizes[i]));
                from += sizes[i];
                patch.add(new Node(
                        patch.fresh(conv.name()).name(),
                        "",
                        "Conv",
                        List.of(conv.input(0), part),
                        List.of(split.output(i)),
                        conv.attributes()));
            }
        });
    }
}
