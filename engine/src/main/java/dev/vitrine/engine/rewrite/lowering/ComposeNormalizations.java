package dev.vitrine.engine.rewrite.lowering;

import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphTransform;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
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
 * <p>The values it adds have no types yet. Normalizations whose statistics are read are unchanged.
 */
public final class ComposeNormalizations implements GraphTransform {
    /** Added under a root or quotient so that 0/0 is 0. */
    private static final float TINY = 1e-30f;

    private static final Attributes KEEP = Attributes.NONE.with("keepdims", 1);

    @Override
    public Graph apply(Graph graph) {
        InPlace writer = new InPlace(graph);
        boolean changed = false;
        for (Node node : graph.nodes()) {
            Optional<Value> composed = new Composition(node, graph, writer).value();
            changed |= composed.isPresent();
            if (composed.isPresent()) {
                writer.add(new Node(
                        node.name(), "", "Identity", List.of(composed.get()), List.of(node.output()), Attributes.NONE));
            } else {
                writer.add(node);
            }
        }
        return changed ? writer.graph() : graph;
    }

    private record Composition(Node node, Graph graph, InPlace writer) {
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
                case "ReduceL1" -> Optional.of(sum(writer.add("Abs", x)));
                case "ReduceL2" -> Optional.of(writer.add("Sqrt", sum(writer.add("Mul", x, x))));
                case "ReduceSumSquare" -> Optional.of(sum(writer.add("Mul", x, x)));
                case "ReduceLogSumExp" -> Optional.of(writer.add("Log", sum(writer.add("Exp", x))));
                default -> Optional.empty();
            };
        }

        private Value layer(Value x, int rank) {
            long axis = node.attributes().integer("axis", -1);
            Value scaled =
                    writer.add("Mul", standardized(x, range(axis < 0 ? axis + rank : axis, rank)), node.input(1));
            return node.input(2).isPresent() ? writer.add("Add", scaled, node.input(2)) : scaled;
        }

        private Optional<Value> group(Value x, TensorType type) {
            long[] shape = type.shape();
            if (LongStream.of(shape).skip(1).anyMatch(size -> size <= 0)) {
                return Optional.empty();
            }
            long groups = node.attributes().integer("num_groups", 1);
            Value rows = writer.add("Reshape", x, vector(0, groups, -1));
            shape[0] = 0;
            Value back = writer.add("Reshape", standardized(rows, new long[] {2}), vector(shape));
            return Optional.of(scaled(back, shape.length, node.input(1), node.input(2)));
        }

        private Value unit(Value x) {
            Value axes = vector(node.attributes().integer("axis", -1));
            Value norm = node.attributes().integer("p", 2) == 1
                    ? writer.add("", "ReduceSum", KEEP, writer.add("Abs", x), axes)
                    : writer.add("Sqrt", writer.add("", "ReduceSum", KEEP, writer.add("Mul", x, x), axes));
            return writer.add("Div", x, writer.add("Max", norm, scalar(TINY)));
        }

        private Value standardized(Value x, long[] axes) {
            Value over = vector(axes);
            Value centered = writer.add("Sub", x, writer.add("", "ReduceMean", KEEP, x, over));
            Value variance = writer.add("", "ReduceMean", KEEP, writer.add("Mul", centered, centered), over);
            Value spread = writer.add("Add", variance, scalar(node.attributes().real("epsilon", 1e-5f)));
            return writer.add("Div", centered, writer.add("Sqrt", spread));
        }

        /** One factor and one summand a channel. */
        private Value scaled(Value x, int rank, Value scale, Value bias) {
            long[] shape = new long[rank - 1];
            Arrays.fill(shape, 1);
            shape[0] = -1;
            Value factor = writer.add("Reshape", scale, vector(shape));
            return writer.add("Add", writer.add("Mul", x, factor), writer.add("Reshape", bias, vector(shape)));
        }

        /** The sum over what the node reduces. */
        private Value sum(Value x) {
            return node.input(1).isPresent()
                    ? writer.add("", "ReduceSum", node.attributes(), x, node.input(1))
                    : writer.add("", "ReduceSum", node.attributes(), x);
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
