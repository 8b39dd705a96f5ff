package dev.vitrine.engine.rewrite.simplification;

import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphTransform;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.rewrite.Pattern;
import dev.vitrine.engine.rewrite.Wiring;
import java.util.List;
import java.util.stream.LongStream;

/**
 * mean(w ∗ x + b) = w ∗ mean(x) + b for a convolution of single places and the mean over all places: the head's
 * convolution then runs over one place.
 *
 * <p>Fires where a global average pooling, or a mean over exactly the axes of height and width that keeps them, is the
 * only reader of a 1×1 convolution without padding and with stride 1, which is no output. Needs the types of all values.
 */
public final class PoolBeforeConvolution implements GraphTransform {
    private static final Pattern CONV =
            Pattern.of("Conv").where(PoolBeforeConvolution::isPointwise).inner();
    private static final Pattern POOL = Pattern.of("GlobalAveragePool", "ReduceMean")
            .where(PoolBeforeConvolution::isGlobalMean)
            .reading(0, CONV);

    @Override
    public Graph apply(Graph graph) {
        return POOL.rewrite(graph, (match, patch) -> {
            Node pool = match.node(POOL);
            Node conv = match.node(CONV);
            patch.replace(pool);
            Value mean = patch.fresh(conv.input(0).name() + ".mean");
            patch.add(pool.withInput(0, conv.input(0)).withOutputs(List.of(mean)));
            patch.take(conv).add(conv.withInput(0, mean).withOutputs(pool.outputs()));
        });
    }

    private static boolean isGlobalMean(Node pool, Wiring wiring) {
        if (pool.operator().equals("GlobalAveragePool")) {
            return true;
        }
        int rank = wiring.type(pool.input(0)).orElseThrow().rank();
        return pool.attributes().integer("keepdims", 1) == 1
                && wiring.constant(pool.input(1))
                        .map(axes -> LongStream.of(axes.toLongs())
                                .map(axis -> axis < 0 ? axis + rank : axis)
                                .sorted()
                                .boxed()
                                .toList())
                        .filter(LongStream.range(2, rank).boxed().toList()::equals)
                        .isPresent();
    }

    private static boolean isPointwise(Node conv, Wiring wiring) {
        return wiring.type(conv.input(1))
                        .filter(type -> LongStream.of(type.shape()).skip(2).allMatch(size -> size == 1))
                        .isPresent()
                && LongStream.of(conv.attributes().integers("strides")).allMatch(stride -> stride == 1)
                && LongStream.of(conv.attributes().integers("pads")).allMatch(pad -> pad == 0);
    }
}
