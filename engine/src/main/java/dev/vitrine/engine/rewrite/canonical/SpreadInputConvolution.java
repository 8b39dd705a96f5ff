package dev.vitrine.engine.rewrite.canonical;

import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphTransform;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.operator.Operator;
import dev.vitrine.engine.operator.OperatorTable;
import dev.vitrine.engine.rewrite.Patch;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Replaces a convolution that only normalizes the input, each channel from one channel, with Gather, Mul and Add.
 *
 * <p>Fires for 1×1 kernels with one nonzero weight per output channel, stride 1 and no padding, where no linear layer
 * precedes and the number of channels stays the same. Requires the types of all values.
 */
public final class SpreadInputConvolution implements GraphTransform {
    @Override
    public Graph apply(Graph graph) {
        Patch patch = new Patch(graph);
        Set<Value> behindLinear = new HashSet<>();
        for (Node node : graph.nodes()) {
            boolean behind = node.inputs().stream().anyMatch(behindLinear::contains);
            Optional<int[]> sources = behind ? Optional.empty() : sources(graph, node);
            if (sources.isPresent()) {
                write(node, sources.get(), patch.replace(node));
                continue;
            }
            boolean linear = OperatorTable.row(node).kind() == Operator.Kind.LINEAR;
            if (behind || linear) {
                behindLinear.addAll(node.outputs());
            }
        }
        return patch.apply();
    }

    /** The input channel that each output channel reads; empty if the node is no such convolution. */
    private static Optional<int[]> sources(Graph graph, Node node) {
        Optional<Tensor> found =
                graph.constant(node.input(1)).filter(tensor -> tensor.elementType() == ElementType.FLOAT32);
        boolean constantBias =
                !node.input(2).isPresent() || graph.constant(node.input(2)).isPresent();
        boolean plain = node.operator().equals("Conv")
                && constantBias
                && graph.types().containsKey(node.output())
                && Arrays.stream(node.attributes().integers("pads")).allMatch(pad -> pad == 0)
                && Arrays.stream(node.attributes().integers("strides")).allMatch(stride -> stride == 1);
        if (!plain || found.isEmpty()) {
            return Optional.empty();
        }
        Tensor weight = found.get();
        long group = node.attributes().integer("group", 1);
        int outputs = (int) weight.dimension(0);
        int columns = (int) weight.dimension(1);
        if (weight.elements() != (long) outputs * columns || columns * group != outputs) {
            return Optional.empty();
        }
        float[] data = weight.toFloats();
        int[] sources = new int[outputs];
        for (int output = 0; output < outputs; output++) {
            int row = output * columns;
            int[] used = IntStream.range(0, columns)
                    .filter(column -> data[row + column] != 0)
                    .toArray();
            if (used.length != 1) {
                return Optional.empty();
            }
            sources[output] = (int) (output / (outputs / group) * columns) + used[0];
        }
        return Optional.of(sources);
    }

    private static void write(Node conv, int[] sources, Patch patch) {
        float[] weights = patch.constantOf(conv.input(1)).orElseThrow().toFloats();
        int columns = weights.length / sources.length;
        float[] scale = new float[sources.length];
        for (int output = 0; output < scale.length; output++) {
            for (int column = 0; column < columns; column++) {
                scale[output] += weights[output * columns + column];
            }
        }
        long[] shape = new long[patch.type(conv.output()).orElseThrow().rank() - 1];
        Arrays.fill(shape, 1);
        shape[0] = sources.length;
        String part = conv.output().name() + ".part";
        Value x = conv.input(0);
        if (!Arrays.equals(sources, IntStream.range(0, sources.length).toArray())) {
            long[] indices = Arrays.stream(sources).asLongStream().toArray();
            Value order = patch.constant("order", Tensor.vector(indices));
            x = patch.node(part, "Gather", Attributes.NONE.with("axis", 1L), x, order);
        }
        Value factor = patch.constant("scale", Tensor.floats(scale, shape));
        if (!conv.input(2).isPresent()) {
            patch.into(conv.output(), "Mul", Attributes.NONE, x, factor);
            return;
        }
        Value product = patch.node(part, "Mul", Attributes.NONE, x, factor);
        Tensor bias = patch.constantOf(conv.input(2)).orElseThrow().reshape(shape);
        patch.into(conv.output(), "Add", Attributes.NONE, product, patch.constant("shift", bias));
    }
}
