package dev.vitrine.engine.rewrite.canonical;

import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.GraphTransform;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.operator.Operator;
import dev.vitrine.engine.operator.OperatorTable;
import dev.vitrine.engine.rewrite.Prune;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
        GraphBuilder names = new GraphBuilder(graph);
        Map<Value, Tensor> constants = new LinkedHashMap<>(graph.constants());
        Map<Value, TensorType> types = new LinkedHashMap<>(graph.types());
        Set<Value> behindLinear = new HashSet<>();
        List<Node> nodes = new ArrayList<>();
        boolean spread = false;
        for (Node node : graph.nodes()) {
            boolean behind = node.inputs().stream().anyMatch(behindLinear::contains);
            Optional<int[]> sources = behind ? Optional.empty() : sources(graph, node);
            if (sources.isPresent()) {
                nodes.addAll(written(node, sources.get(), names, constants, types));
                spread = true;
                continue;
            }
            nodes.add(node);
            boolean linear = OperatorTable.row(node).kind() == Operator.Kind.LINEAR;
            if (behind || linear) {
                behindLinear.addAll(node.outputs());
            }
        }
        Graph result = new Graph(graph.inputs(), graph.outputs(), nodes, constants, types, graph.opsets());
        return spread ? new Prune().apply(result) : graph;
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

    private static List<Node> written(
            Node conv, int[] sources, GraphBuilder names, Map<Value, Tensor> constants, Map<Value, TensorType> types) {
        TensorType type = types.get(conv.output());
        float[] weights = constants.get(conv.input(1)).toFloats();
        int columns = weights.length / sources.length;
        float[] scale = new float[sources.length];
        for (int output = 0; output < scale.length; output++) {
            for (int column = 0; column < columns; column++) {
                scale[output] += weights[output * columns + column];
            }
        }
        long[] shape = new long[type.rank() - 1];
        Arrays.fill(shape, 1);
        shape[0] = sources.length;
        List<Node> nodes = new ArrayList<>();
        Value x = conv.input(0);
        boolean moved =
                !Arrays.equals(sources, IntStream.range(0, sources.length).toArray());
        if (moved) {
            long[] indices = Arrays.stream(sources).asLongStream().toArray();
            Value order = constant("order", Tensor.vector(indices), names, constants, types);
            x = step(
                    nodes,
                    "Gather",
                    Attributes.NONE.with("axis", 1L),
                    List.of(x, order),
                    fresh(conv, names, type, types));
        }
        Value factor = constant("scale", Tensor.floats(scale, shape), names, constants, types);
        Value product = conv.input(2).isPresent() ? fresh(conv, names, type, types) : conv.output();
        step(nodes, "Mul", Attributes.NONE, List.of(x, factor), product);
        if (conv.input(2).isPresent()) {
            Tensor bias = constants.get(conv.input(2)).reshape(shape);
            Value shift = constant("shift", bias, names, constants, types);
            step(nodes, "Add", Attributes.NONE, List.of(product, shift), conv.output());
        }
        return nodes;
    }

    private static Value step(
            List<Node> nodes, String operator, Attributes attributes, List<Value> inputs, Value output) {
        nodes.add(new Node(output.name(), "", operator, inputs, List.of(output), attributes));
        return output;
    }

    private static Value fresh(Node conv, GraphBuilder names, TensorType type, Map<Value, TensorType> types) {
        Value value = names.fresh(conv.output().name() + ".part");
        types.put(value, type);
        return value;
    }

    private static Value constant(
            String hint,
            Tensor tensor,
            GraphBuilder names,
            Map<Value, Tensor> constants,
            Map<Value, TensorType> types) {
        Value value = names.fresh(hint);
        constants.put(value, tensor);
        types.put(value, TensorType.of(tensor));
        return value;
    }
}
