package dev.vitrine.engine.rewrite;

import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.GraphTransform;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/**
 * Batch normalisation by the batch's own statistics written out: y = d γ s + β with d = x − μ and s = 1/√(σ² + ε), and
 * next = old m + (1 − m) μ or σ². The runtime's own operator works on one core, and its derivative can share d, μ and σ²
 * with these nodes. Ioffe & Szegedy 2015, arXiv:1502.03167.
 */
public final class ComposeBatchStatistics implements GraphTransform {
    @Override
    public Graph apply(Graph graph) {
        Writer writer = new Writer(graph);
        for (Node node : graph.nodes()) {
            boolean learning = node.operator().equals("BatchNormalization")
                    && node.attributes().integer("training_mode", 0) == 1
                    && graph.type(node.input(0)).isPresent();
            if (learning) {
                writer.compose(node);
            } else {
                writer.nodes.add(node);
            }
        }
        return new Graph(
                graph.inputs(), graph.outputs(), writer.nodes, writer.constants, graph.types(), graph.opsets());
    }

    private static final class Writer {
        private static final Attributes KEPT = Attributes.NONE.with("keepdims", 1);

        private final Graph graph;
        private final GraphBuilder names;
        private final List<Node> nodes = new ArrayList<>();
        private final Map<Value, Tensor> constants;

        Writer(Graph graph) {
            this.graph = graph;
            this.names = new GraphBuilder(graph);
            this.constants = new LinkedHashMap<>(graph.constants());
        }

        void compose(Node node) {
            Value x = node.input(0);
            int rank = graph.types().get(x).rank();
            long[] others = LongStream.range(0, rank).filter(axis -> axis != 1).toArray();
            long[] channels =
                    LongStream.range(0, rank).map(axis -> axis == 1 ? -1 : 1).toArray();
            Value axes = constant(Tensor.vector(others));
            Value overChannels = constant(Tensor.vector(channels));
            Value flat = constant(Tensor.vector(-1));
            Value epsilon = constant(Tensor.scalar(node.attributes().real("epsilon", 1e-5f)));
            Value mean = add("ReduceMean", KEPT, x, axes);
            Value difference = add("Sub", x, mean);
            Value variance = add("ReduceMean", KEPT, add("Mul", difference, difference), axes);
            Value inverse = add("Reciprocal", add("Sqrt", add("Add", variance, epsilon)));
            Value scale = add("Mul", add("Reshape", node.input(1), overChannels), inverse);
            Value scaled = add("Mul", difference, scale);
            Value bias = add("Reshape", node.input(2), overChannels);
            nodes.add(new Node(node.name(), "", "Add", List.of(scaled, bias), List.of(node.output()), Attributes.NONE));
            float momentum = node.attributes().real("momentum", 0.9f);
            follow(node.input(3), add("Reshape", mean, flat), momentum, node.output(1));
            follow(node.input(4), add("Reshape", variance, flat), momentum, node.output(2));
        }

        private void follow(Value old, Value batch, float momentum, Value next) {
            if (next.isPresent()) {
                Value kept = add("Mul", old, constant(Tensor.scalar(momentum)));
                Value learned = add("Mul", batch, constant(Tensor.scalar(1 - momentum)));
                nodes.add(new Node(
                        names.fresh(next.name()).name(),
                        "",
                        "Add",
                        List.of(kept, learned),
                        List.of(next),
                        Attributes.NONE));
            }
        }

        /** An equal constant of the graph where there is one, so that the runtime sees that nodes are equal. */
        private Value constant(Tensor tensor) {
            return constants.entrySet().stream()
                    .filter(entry -> isEqual(entry.getValue(), tensor))
                    .map(Map.Entry::getKey)
                    .findFirst()
                    .orElseGet(() -> {
                        Value fresh = names.fresh("constant");
                        constants.put(fresh, tensor);
                        return fresh;
                    });
        }

        private static boolean isEqual(Tensor one, Tensor other) {
            return one.elementType() == other.elementType()
                    && Arrays.equals(one.shape(), other.shape())
                    && one.bytes().equals(other.bytes());
        }

        private Value add(String opType, Value... inputs) {
            return add(opType, Attributes.NONE, inputs);
        }

        private Value add(String opType, Attributes attributes, Value... inputs) {
            Value output = names.fresh(opType);
            nodes.add(new Node(output.name(), "", opType, List.of(inputs), List.of(output), attributes));
            return output;
        }
    }
}
