package dev.vitrine.engine.rewrite.lowering;

import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.GraphTransform;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.rewrite.Patch;
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
        Patch patch = new Patch(graph);
        for (Node node : graph.nodes()) {
            Optional<TensorType> input = graph.type(node.input(0));
            boolean learning = node.operator().equals("BatchNormalization")
                    && node.attributes().integer("training_mode", 0) == 1
                    && input.isPresent();
            if (learning) {
                new Composition(node, patch.replace(node)).write(input.get().rank());
            }
        }
        return patch.apply();
    }

    private record Composition(Node node, Patch patch) {
        private void write(int rank) {
            Value x = node.input(0);
            long[] others = LongStream.range(0, rank).filter(axis -> axis != 1).toArray();
            long[] channels =
                    LongStream.range(0, rank).map(axis -> axis == 1 ? -1 : 1).toArray();
            Value axes = shared(Tensor.vector(others));
            Value overChannels = shared(Tensor.vector(channels));
            Value flat = shared(Tensor.vector(-1));
            Value epsilon = shared(Tensor.scalar(node.attributes().real("epsilon", 1e-5f)));
            GraphBuilder b = patch.builder();
            Value mean = b.node("ReduceMean", KEPT, x, axes);
            Value difference = b.node("Sub", x, mean);
            Value variance = b.node("ReduceMean", KEPT, b.node("Mul", difference, difference), axes);
            Value inverse = b.node("Reciprocal", b.node("Sqrt", b.node("Add", variance, epsilon)));
            Value scale = b.node("Mul", b.node("Reshape", node.input(1), overChannels), inverse);
            Value scaled = b.node("Mul", difference, scale);
            Value bias = b.node("Reshape", node.input(2), overChannels);
            patch.add(new Node(node.name(), "", "Add", List.of(scaled, bias), List.of(node.output()), Attributes.NONE));
            float momentum = node.attributes().real("momentum", 0.9f);
            follow(node.input(3), b.node("Reshape", mean, flat), momentum, node.output(1));
            follow(node.input(4), b.node("Reshape", variance, flat), momentum, node.output(2));
        }

        private void follow(Value old, Value batch, float momentum, Value next) {
            if (next.isPresent()) {
                Value kept = patch.builder().node("Mul", old, shared(Tensor.scalar(momentum)));
                Value learned = patch.builder().node("Mul", batch, shared(Tensor.scalar(1 - momentum)));
                String name = patch.fresh(next.name()).name();
                patch.add(new Node(name, "", "Add", List.of(kept, learned), List.of(next), Attributes.NONE));
            }
        }

        /** An equal constant of the graph where there is one, so that the runtime sees that nodes are equal. */
        private Value shared(Tensor tensor) {
            return patch.builder().equalConstant(tensor).orElseGet(() -> patch.constant("constant", tensor));
        }
    }
}
