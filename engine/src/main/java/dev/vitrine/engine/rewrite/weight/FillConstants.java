package dev.vitrine.engine.rewrite.weight;

import dev.vitrine.engine.graph.AttributeValue;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphTransform;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.rewrite.Patch;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;

/**
 * Replaces ConstantOfShape of a constant shape with that constant, so that weights written this way exist once instead
 * of once per session and run; equal ones share one tensor.
 */
public final class FillConstants implements GraphTransform {
    /** Maximum size of one constant. */
    private static final long LARGEST_BYTES = 1L << 30;

    private record Filling(Tensor number, List<Long> shape) {}

    @Override
    public Graph apply(Graph graph) {
        Map<Filling, Tensor> fillings = new HashMap<>();
        Patch patch = new Patch(graph);
        for (Node node : graph.nodes()) {
            filling(node, patch)
                    .map(filling -> fillings.computeIfAbsent(filling, FillConstants::filled))
                    .ifPresent(filled -> patch.take(node).constant(node.output(), filled));
        }
        return patch.apply();
    }

    private static Optional<Filling> filling(Node node, Patch patch) {
        if (!node.operator().equals("ConstantOfShape")) {
            return Optional.empty();
        }
        Optional<Tensor> shape =
                patch.constantOf(node.input(0)).filter(tensor -> tensor.elementType() == ElementType.INT64);
        if (shape.isEmpty()) {
            return Optional.empty();
        }
        Tensor number = node.attributes().values().get("value") instanceof AttributeValue.OfTensor found
                ? found.value()
                : Tensor.floats(new float[1], 1);
        long[] sizes = shape.get().toLongs();
        boolean fits = number.elements() == 1
                && LongStream.of(sizes).allMatch(size -> size >= 0)
                && LongStream.of(sizes)
                                .asDoubleStream()
                                .reduce(number.elementType().bytes(), (a, b) -> a * b)
                        <= LARGEST_BYTES;
        return fits
                ? Optional.of(new Filling(
                        number.reshape(1), LongStream.of(sizes).boxed().toList()))
                : Optional.empty();
    }

    private static Tensor filled(Filling filling) {
        long[] shape = filling.shape().stream().mapToLong(Long::longValue).toArray();
        Tensor number = filling.number();
        ByteBuffer all = Tensor.allocate(number.elementType(), shape);
        byte[] chunk = new byte[Math.min(all.capacity(), number.elementType().bytes() << 12)];
        byte[] one = new byte[number.elementType().bytes()];
        number.bytes().get(one);
        for (int i = 0; i < chunk.length; i++) {
            chunk[i] = one[i % one.length];
        }
        byte[] zeros = new byte[one.length];
        // Fresh memory is zero already, and is not committed until written to.
        while (all.hasRemaining() && !Arrays.equals(one, zeros)) {
            all.put(chunk, 0, Math.min(chunk.length, all.remaining()));
        }
        return Tensor.wrap(number.elementType(), shape, all.clear());
    }
}
