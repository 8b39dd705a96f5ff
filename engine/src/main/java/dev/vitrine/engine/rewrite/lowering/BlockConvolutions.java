package dev.vitrine.engine.rewrite.lowering;

import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphTransform;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.rewrite.Patch;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;

/**
 * Convolutions whose kernels are no constants in the runtime's blocked layout (NCHWc), kernels brought into it by nodes:
 * the same numbers up to rounding. The runtime does so by itself for constant kernels only, and small maps take several
 * times as long in the plain layout.
 *
 * <p>The result runs in ONNX Runtime alone, on processors with the same block. Fires for ungrouped two-dimensional
 * convolutions of static float32 maps whose output channels fill whole blocks, and whose input channels do or are fewer
 * than one.
 *
 * @param block channels that the layout holds together, {@link dev.vitrine.engine.runtime.Runner#channelBlock()}; 1
 *     leaves the graph as it is
 */
public record BlockConvolutions(int block) implements GraphTransform {
    private static final String DOMAIN = "com.microsoft.nchwc";

    @Override
    public Graph apply(Graph graph) {
        if (block == 1) {
            return graph;
        }
        Writer writer = new Writer(graph, block);
        graph.nodes().forEach(node -> sizes(node, graph).ifPresent(sizes -> writer.convolve(node, sizes)));
        writer.patch.opset(DOMAIN, 1);
        return writer.patch.apply();
    }

    /** Kernel {@code f32[outputs, inputs, height, width]}. */
    private record Sizes(long outputs, long inputs, long height, long width) {}

    private Optional<Sizes> sizes(Node node, Graph graph) {
        if (!node.operator().equals("Conv")
                || graph.constants().containsKey(node.input(1))
                || node.attributes().integer("group", 1) != 1
                || !node.attributes().text("auto_pad", "NOTSET").equals("NOTSET")) {
            return Optional.empty();
        }
        for (Value value : List.of(node.input(0), node.input(1), node.output())) {
            Optional<TensorType> type = graph.type(value);
            if (type.isEmpty()
                    || type.get().rank() != 4
                    || !type.get().isStatic()
                    || type.get().elementType() != ElementType.FLOAT32) {
                return Optional.empty();
            }
        }
        long[] kernel = graph.types().get(node.input(1)).shape();
        boolean suits = kernel[0] % block == 0 && (kernel[1] % block == 0 || kernel[1] < block);
        return suits ? Optional.of(new Sizes(kernel[0], kernel[1], kernel[2], kernel[3])) : Optional.empty();
    }

    private static final class Writer {
        private final Graph graph;
        private final int block;
        private final Patch patch;
        private final Map<Value, Value> reordered = new HashMap<>();

        Writer(Graph graph, int block) {
            this.graph = graph;
            this.block = block;
            this.patch = new Patch(graph);
        }

        void convolve(Node node, Sizes sizes) {
            patch.replace(node);
            Value x = node.input(0);
            Value input = sizes.inputs() < block
                    ? x
                    : reordered.computeIfAbsent(
                            x, value -> patch.builder().nodeOf(DOMAIN, "ReorderInput", Attributes.NONE, value));
            Attributes attributes = node.attributes();
            if (sizes.inputs() >= block && isMostlyBorder(node, sizes)) {
                input = padded(input, sizes.inputs(), attributes.integers("pads"));
                attributes = attributes.with("pads", 0, 0, 0, 0);
            }
            List<Value> inputs = new ArrayList<>(List.of(input, kernel(node.input(1), sizes)));
            if (node.input(2).isPresent()) {
                inputs.add(node.input(2));
            }
            Value blocked = patch.fresh(node.output().name() + ".blocked");
            patch.add(new Node(node.name(), DOMAIN, "Conv", inputs, List.of(blocked), attributes));
            patch.add(new Node(
                    patch.fresh(node.name() + ".plain").name(),
                    DOMAIN,
                    "ReorderOutput",
                    List.of(blocked),
                    List.of(node.output()),
                    Attributes.NONE.with("channels", sizes.outputs())));
        }

        /**
         * Whether most windows of a row reach beyond the input. The runtime computes these one by one, the others some at
         * once.
         */
        private boolean isMostlyBorder(Node node, Sizes sizes) {
            Attributes attributes = node.attributes();
            long[] one = {1, 1};
            long stride = attributes.integers("strides", one)[1];
            long reach = attributes.integers("dilations", one)[1] * (sizes.width() - 1);
            long before = attributes.integers("pads", new long[4])[1];
            long last = graph.types().get(node.input(0)).shape()[3] - 1;
            long outputs = graph.types().get(node.output()).shape()[3];
            long inside = LongStream.range(0, outputs)
                    .map(output -> output * stride - before)
                    .filter(start -> start >= 0 && start + reach <= last)
                    .count();
            return 2 * inside < outputs;
        }

        /** Zeros around a blocked value: each channel on its own times one. */
        private Value padded(Value blocked, long channels, long[] pads) {
            float[] ones = new float[(int) channels];
            Arrays.fill(ones, 1);
            Attributes attributes = Attributes.NONE
                    .with("kernel_shape", 1, 1)
                    .with("strides", 1, 1)
                    .with("dilations", 1, 1)
                    .with("pads", pads)
                    .with("group", channels);
            return patch.builder()
                    .nodeOf(
                            DOMAIN,
                            "Conv",
                            attributes,
                            blocked,
                            patch.constant("ones", Tensor.floats(ones, channels, 1, 1, 1)));
        }

        /** [M/b, C/b, k, l, b of C, b of M], or [M/b, C, k, l, b of M] for few input channels. */
        private Value kernel(Value weight, Sizes sizes) {
            long places = sizes.height() * sizes.width();
            Value kernel = patch.builder()
                    .nodeOf(
                            DOMAIN,
                            "ReorderInput",
                            Attributes.NONE,
                            reshape(weight, 1, sizes.outputs(), sizes.inputs(), places));
            if (sizes.inputs() >= block) {
                Value apart = reshape(kernel, sizes.outputs() / block, sizes.inputs() / block, block, places, block);
                kernel = patch.builder().node("Transpose", Attributes.NONE.with("perm", 0, 1, 3, 2, 4), apart);
            }
            return reshape(kernel, sizes.outputs(), sizes.inputs(), sizes.height(), sizes.width());
        }

        private Value reshape(Value value, long... shape) {
            return patch.builder().node("Reshape", value, patch.constant("shape", Tensor.vector(shape)));
        }
    }
}
