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
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;

/**
 * Normalizations and norms written out in sums, products, quotients and roots: (x − μ)/√(σ² + ε) · γ + β over the axes
 * of LayerNormalization, InstanceNormalization or GroupNormalization; x/‖x‖; ‖x‖₁, ‖x‖₂, ‖x‖² and log Σ eˣ. For rules
 * that handle products and quotients, but not a whole normalization.
 *
 * <p>Normalizations whose statistics are read are unchanged.
 */
public final class ComposeNormalizations implements GraphTransform {
    /** Added under a root or quotient so that 0/0 is 0. */
    private static final float TINY = 1e-30f;

    private static final Attributes KEEP = Attributes.NONE.with("keepdims", 1);

    @Override
    public Graph apply(Graph graph) {
        Patch patch = new Patch(graph);
        for (Node node : graph.nodes()) {
            new Composition(node, graph, patch.at(node).builder())
                    .value()
                    .ifPresent(composed -> patch.take(node)
                            .add(new Node(
                                    node.name(),
                                    "",
                                    "Identity",
                                    List.of(composed),
                                    List.of(node.output()),
                                    Attributes.NONE)));
        }
        return patch.apply();
    }

    private record Composition(Node node, Graph graph, GraphBuilder writer) {
        Optional<Value> value() {
            boolean alone = node.outputs().stream().skip(1).noneMatch(Value::isPresent);
            Optional<TensorType> type = graph.type(node.input(0));
            if (!alone || type.isEmpty()) {
                return Optional.empty();
            }
            int rank = type.get().rank();
            Value x = node.input(0);
            return switch (node.operator()) {
                case "LayerNormalization" -> Optional.of(layer(x, rank));
                case "InstanceNormalization" ->
                    Optional.of(scaled(standardized(x, range(2, rank)), rank, node.input(1), node.input(2)));
                case "GroupNormalization" -> group(x, type.get());
                case "LpNormalization" -> Optional.of(unit(x));
                case "ReduceL1" -> Optional.of(sum(writer.node("Abs", x)));
                case "ReduceL2" -> Optional.of(writer.node("Sqrt", sum(writer.node("Mul", x, x))));
                case "ReduceSumSquare" -> Optional.of(sum(writer.node("Mul", x, x)));
                case "ReduceLogSumExp" -> Optional.of(writer.node("Log", sum(writer.node("Exp", x))));
                default -> Optional.empty();
            };
        }

        private Value layer(Value x, int rank) {
            long axis = node.attributes().integer("axis", -1);
            Value scaled =
                    writer.node("Mul", standardized(x, range(axis < 0 ? axis + rank : axis, rank)), node.input(1));
            return node.input(2).isPresent() ? writer.node("Add", scaled, node.input(2)) : scaled;
        }

        private Optional<Value> group(Value x, TensorType type) {
            long[] shape = type.shape();
            if (LongStream.of(shape).skip(1).anyMatch(size -> size <= 0)) {
                return Optional.empty();
            }
            long groups = node.attributes().integer("num_groups", 1);
            Value rows = writer.node("Reshape", x, vector(0, groups, -1));
            shape[0] = 0;
            Value back = writer.node("Reshape", standardized(rows, new long[] {2}), vector(shape));
            return Optional.of(scaled(back, shape.length, node.input(1), node.input(2)));
        }

        private Value unit(Value x) {
            Value axes = vector(node.attributes().integer("axis", -1));
            Value norm = node.attributes().integer("p", 2) == 1
                    ? writer.node("ReduceSum", KEEP, writer.node("Abs", x), axes)
                    : writer.node("Sqrt", writer.node("ReduceSum", KEEP, writer.node("Mul", x, x), axes));
            return writer.node("Div", x, writer.node("Max", norm, scalar(TINY)));
        }

        private Value standardized(Value x, long[] axes) {
            Value over = vector(axes);
            Value centered = writer.node("Sub", x, writer.node("ReduceMean", KEEP, x, over));
            Value variance = writer.node("ReduceMean", KEEP, writer.node("Mul", centered, centered), over);
            Value spread = writer.node("Add", variance, scalar(node.attributes().real("epsilon", 1e-5f)));
            return writer.node("Div", centered, writer.node("Sqrt", spread));
        }

        /** One factor and one summand a channel. */
        private Value scaled(Value x, int rank, Value scale, Value bias) {
            long[] shape = new long[rank - 1];
            Arrays.fill(shape, 1);
            shape[0] = -1;
            Value factor = writer.node("Reshape", scale, vector(shape));
            return writer.node("Add", writer.node("Mul", x, factor), writer.node("Reshape", bias, vector(shape)));
        }

        /** The sum over what the node reduces. */
        private Value sum(Value x) {
            return node.input(1).isPresent()
                    ? writer.node("ReduceSum", node.attributes(), x, node.input(1))
                    : writer.node("ReduceSum", node.attributes(), x);
        }

        private Value vector(long... numbers) {
            return writer.constant("axes", Tensor.vector(numbers));
        }

        private Value scalar(float number) {
            return writer.constant("constant", Tensor.scalar(number));
        }

        private static long[] range(long from, long to) {
            return LongStream.range(from, to).toArray();
        }
    }
}
