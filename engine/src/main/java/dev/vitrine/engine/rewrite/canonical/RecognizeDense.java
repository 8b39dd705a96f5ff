package dev.vitrine.engine.rewrite.canonical;

import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphTransform;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.rewrite.Patch;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Dense layers that are written as Einsum with a constant matrix: {@code nc,oc->no} and {@code n…c,co->n…o} become
 * MatMul, {@code nchw,oc->nohw} a 1×1 convolution. Needs the types of all values.
 */
public final class RecognizeDense implements GraphTransform {
    @Override
    public Graph apply(Graph graph) {
        Patch patch = new Patch(graph);
        for (Node node : graph.nodes()) {
            Optional<Dense> dense = node.operator().equals("Einsum") ? Dense.of(graph, node) : Optional.empty();
            dense.ifPresent(found -> {
                Value weight = patch.replace(node).constant(node.output().name() + ".weight", found.weight());
                patch.add(new Node(
                        node.name(),
                        "",
                        found.inside() ? "Conv" : "MatMul",
                        List.of(found.x(), weight),
                        node.outputs(),
                        Attributes.NONE));
            });
        }
        return patch.apply();
    }

    /**
     * A dense layer.
     *
     * @param matrix {@code [output,input]}, or the reverse where it is turned
     * @param inside whether channels are axis 1 of more than two, otherwise they are the last axis
     */
    private record Dense(Value x, Tensor matrix, boolean turned, boolean inside, int rank) {
        static Optional<Dense> of(Graph graph, Node node) {
            String[] sides =
                    node.attributes().text("equation", "").replace(" ", "").split("->", -1);
            String[] terms = sides[0].split(",", -1);
            if (sides.length != 2 || terms.length != 2 || node.inputs().size() != 2) {
                return Optional.empty();
            }
            int constant = graph.constant(node.input(1)).isPresent() ? 1 : 0;
            Value x = node.input(1 - constant);
            Optional<Tensor> matrix = graph.constant(node.input(constant))
                    .filter(each -> each.rank() == 2 && each.elementType() == ElementType.FLOAT32);
            Optional<TensorType> type = graph.type(x);
            String from = terms[1 - constant];
            String to = sides[1];
            String letters = terms[constant];
            boolean plain = matrix.isPresent()
                    && type.isPresent()
                    && graph.constant(x).isEmpty()
                    && letters.length() == 2
                    && from.length() == type.get().rank()
                    && from.length() >= 2
                    && from.length() == to.length()
                    && from.chars().distinct().count() == from.length()
                    && !letters.contains(".");
            if (!plain) {
                return Optional.empty();
            }
            for (boolean turned : new boolean[] {false, true}) {
                String output = letters.substring(turned ? 1 : 0, turned ? 2 : 1);
                String input = letters.substring(turned ? 0 : 1, turned ? 1 : 2);
                int axis = from.indexOf(input);
                boolean maps = axis == 1 && from.length() > 2 && from.length() <= 5;
                if (axis > 0
                        && !from.contains(output)
                        && to.equals(from.replace(input, output))
                        && (maps || axis == from.length() - 1)) {
                    return Optional.of(new Dense(x, matrix.get(), turned, maps, from.length()));
                }
            }
            return Optional.empty();
        }

        /** {@code [output,input,1,…]} for a convolution, {@code [input,output]} for a product. */
        Tensor weight() {
            Tensor laid = turned == inside ? matrix.derived("transposed", () -> transposed(matrix)) : matrix;
            if (!inside) {
                return laid;
            }
            long[] shape = new long[rank];
            Arrays.fill(shape, 1);
            shape[0] = laid.dimension(0);
            shape[1] = laid.dimension(1);
            return Tensor.wrap(ElementType.FLOAT32, shape, laid.bytes());
        }

        private static Tensor transposed(Tensor matrix) {
            int rows = (int) matrix.dimension(0);
            int columns = (int) matrix.dimension(1);
            ByteBuffer bytes = Tensor.allocate(ElementType.FLOAT32, columns, rows);
            FloatBuffer target = bytes.asFloatBuffer();
            FloatBuffer source = matrix.floats();
            for (int row = 0; row < rows; row++) {
                for (int column = 0; column < columns; column++) {
                    target.put(column * rows + row, source.get(row * columns + column));
                }
            }
            return Tensor.wrap(ElementType.FLOAT32, new long[] {columns, rows}, bytes);
        }
    }
}
