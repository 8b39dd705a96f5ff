package dev.vitrine.engine.rewrite.weight;

import dev.vitrine.engine.graph.AttributeValue;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphTransform;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
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
        Map<Value, Tensor> constants = new LinkedHashMap<>(graph.constants());
        Map<Value, TensorType> types = new LinkedHashMap<>(graph.types());
        List<Node> nodes = new ArrayList<>();
        for (Node node : graph.nodes()) {
            Optional<Tensor> filled =
                    filling(node, constants).map(filling -> fillings.computeIfAbsent(filling, FillConstants::filled));
            if (filled.isPresent()) {
                constants.put(node.output(), filled.get());
                types.put(node.output(), TensorType.of(filled.get()));
            } else {
                nodes.add(node);
            }
        }
        return fillings.isEmpty()
                ? graph
                : new Graph(graph.inputs(), graph.outputs(), nodes, constants, types, graph.opsets());
    }

    private static Optional<Filling> filling(Node node, Map<Value, Tensor> constants) {
        if (!node.operator().equals("ConstantOfShape")) {
            return Optional.empty();
        }
        Tensor shape = constants.get(node.input(0));
        if (shape == null || shape.elementType() != ElementType.INT64) {
            return Optional.empty();
        }
        Tensor number = node.attributes().values().get("value") instanceof AttributeValue.OfTensor found
                ? found.value()
                : Tensor.floats(new float[1], 1);
        long[] sizes = shape.toLongs();
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
