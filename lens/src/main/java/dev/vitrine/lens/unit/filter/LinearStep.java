package dev.vitrine.lens.unit.filter;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.operator.Operator;
import dev.vitrine.engine.operator.OperatorTable;
import dev.vitrine.engine.operator.property.Space;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.model.anatomy.Anatomy;
import java.util.Map;
import java.util.Optional;

/**
 * The convolution or matrix product that computes a layer, before its normalization and rectifier.
 *
 * @param input its input
 * @param kernels {@code f32[O,I/groups,kh,kw]}, or {@code f32[O,I,1,1]} of a matrix product; without the normalization
 * @param strides of rows and columns; likewise dilations and leading pads
 */
public record LinearStep(
        Node node, Value input, Tensor kernels, int groups, long[] strides, long[] dilations, long[] pads) {
    /** The step that computes a layer; empty if it results from several values or from pooling. */
    public static Optional<LinearStep> of(Model model, Value layer) {
        Graph graph = model.graph();
        Map<Value, Node> producers = graph.producers();
        Value value = layer;
        while (producers.containsKey(value)) {
            Node node = producers.get(value);
            Operator row = OperatorTable.row(node);
            if (row.isConvolution() && row.space() == Space.WINDOW) {
                return convolution(graph, node);
            }
            if (row.kind() == Operator.Kind.LINEAR && row.space() == Space.PRODUCT) {
                return product(graph, node);
            }
            if (!row.keepsOrder()) {
                return Optional.empty();
            }
            value = node.input(0);
        }
        return Optional.empty();
    }

    /** The output of the first convolution or matrix product. */
    public static Value first(Model model) {
        Anatomy layers = model.anatomy();
        return layers.all().stream()
                .filter(value -> of(model, value)
                        .filter(step -> step.node().output().equals(value))
                        .isPresent())
                .findFirst()
                .orElseThrow(() -> VitrineException.usage("Model '" + model.name()
                        + "' has no convolution and no matrix product with fixed weights; expected one. Nothing can be"
                        + " drawn of its filters."));
    }

    private static Optional<LinearStep> convolution(Graph graph, Node node) {
        return graph.constant(node.input(1))
                .filter(weights -> weights.rank() == 4)
                .map(weights -> {
                    long[] pads = node.attributes().integers("pads", 0, 0, 0, 0);
                    return new LinearStep(
                            node,
                            node.input(0),
                            weights,
                            (int) node.attributes().integer("group", 1),
                            node.attributes().integers("strides", 1, 1),
                            node.attributes().integers("dilations", 1, 1),
                            new long[] {pads[0], pads[1]});
                });
    }

    private static Optional<LinearStep> product(Graph graph, Node node) {
        return graph.constant(node.input(1))
                .filter(weights -> weights.rank() == 2)
                .map(weights -> {
                    boolean outputsFirst = node.attributes().integer("transB", 0) == 1;
                    Tensor rows = outputsFirst ? weights : transposed(weights);
                    return new LinearStep(
                            node,
                            node.input(0),
                            rows.reshape(rows.dimension(0), rows.dimension(1), 1, 1),
                            1,
                            new long[] {1, 1},
                            new long[] {1, 1},
                            new long[2]);
                });
    }

    private static Tensor transposed(Tensor weights) {
        int rows = (int) weights.dimension(0);
        int columns = (int) weights.dimension(1);
        float[] from = weights.toFloats();
        float[] to = new float[from.length];
        for (int index = 0; index < from.length; index++) {
            to[index % columns * rows + index / columns] = from[index];
        }
        return Tensor.floats(to, columns, rows);
    }

    public int outputs() {
        return (int) kernels.dimension(0);
    }

    /** Number of input channels per kernel. */
    public int depth() {
        return (int) kernels.dimension(1);
    }

    public int height() {
        return (int) kernels.dimension(2);
    }

    public int width() {
        return (int) kernels.dimension(3);
    }

    /** Number in the input of the {@code index}-th channel that an output's kernel reads. */
    public int inputChannel(int output, int index) {
        return output / (outputs() / groups) * depth() + index;
    }

    /** One output's kernel, {@code f32[I/groups,kh,kw]}. */
    public Tensor kernel(int output) {
        return kernels.rows(output, output + 1L).reshape(depth(), height(), width());
    }

    /** Copies the arrays. */
    public LinearStep {
        strides = strides.clone();
        dilations = dilations.clone();
        pads = pads.clone();
    }
}
