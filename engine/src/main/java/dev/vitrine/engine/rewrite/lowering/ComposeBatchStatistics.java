package dev.vitrine.engine.rewrite.lowering;

import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphTransform;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.tensor.Tensor;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;

/**
 * Batch normalization by the batch's own statistics written out: y = d γ s + β with d = x − μ and s = 1/√(σ² + ε), and
 * next = old m + (1 − m) μ or σ². The runtime's own operator works on one core, and its derivative can share d, μ and σ²
 * with these nodes. Ioffe and Szegedy 2015, arXiv:1502.03167.
 */
public final class ComposeBatchStatistics implements GraphTransform {
    private static final Attributes KEPT = Attributes.NONE.with("keepdims", 1);

    @Override
    public Graph apply(Graph graph) {
        InPlace writer = new InPlace(graph);
        for (Node node : graph.nodes()) {
            Optional<TensorType> input = graph.type(node.input(0));
            boolean learning = node.operator().equals("BatchNormalization")
                    && node.attributes().integer("training_mode", 0) == 1
                    && input.isPresent();
            if (learning) {
                compose(node, input.get().rank(), writer);
            } else {
                writer.add(node);
            }
        }
        return writer.graph();
    }

    private static void compose(Node node, int rank, InPlace writer) {
        Value x = node.input(0);
        long[] others = LongStream.range(0, rank).filter(axis -> axis != 1).toArray();
        long[] channels =
                LongStream.range(0, rank).map(axis -> axis == 1 ? -1 : 1).toArray();
        Value axes = writer.sharedConstant(Tensor.vector(others));
        Value overChannels = writer.sharedConstant(Tensor.vector(channels));
        Value flat = writer.sharedConstant(Tensor.vector(-1));
        Value epsilon = writer.sharedConstant(Tensor.scalar(node.attributes().real("epsilon", 1e-5f)));
        Value mean = writer.add("", "ReduceMean", KEPT, x, axes);
        Value difference = writer.add("Sub", x, mean);
        Value variance = writer.add("", "ReduceMean", KEPT, writer.add("Mul", difference, difference), axes);
        Value inverse = writer.add("Reciprocal", writer.add("Sqrt", writer.add("Add", variance, epsilon)));
        Value scale = writer.add("Mul", writer.add("Reshape", node.input(1), overChannels), inverse);
        Value scaled = writer.add("Mul", difference, scale);
        Value bias = writer.add("Reshape", node.input(2), overChannels);
        writer.add(new Node(node.name(), "", "Add", List.of(scaled, bias), List.of(node.output()), Attributes.NONE));
        float momentum = node.attributes().real("momentum", 0.9f);
        follow(node.input(3), writer.add("Reshape", mean, flat), momentum, node.output(1), writer);
        follow(node.input(4), writer.add("Reshape", variance, flat), momentum, node.output(2), writer);
    }

    private static void follow(Value old, Value batch, float momentum, Value next, InPlace writer) {
        if (next.isPresent()) {
            Value kept = writer.add("Mul", old, writer.sharedConstant(Tensor.scalar(momentum)));
            Value learned = writer.add("Mul", batch, writer.sharedConstant(Tensor.scalar(1 - momentum)));
            String name = writer.fresh(next.name()).name();
            writer.add(new Node(name, "", "Add", List.of(kept, learned), List.of(next), Attributes.NONE));
        }
    }
}
