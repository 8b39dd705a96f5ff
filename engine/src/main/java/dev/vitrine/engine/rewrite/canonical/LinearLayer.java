package dev.vitrine.engine.rewrite.canonical;

import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.rewrite.Patch;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** A convolution or dense layer with constant weights, whose output channels can be scaled and shifted. */
final class LinearLayer {
    private enum Form {
        CONV,
        CONV_TRANSPOSE,
        GEMM,
        MAT_MUL
    }

    private final Form form;
    private final Node node;
    private final Tensor weight;
    private final double[] bias;
    private final int rank;

    private LinearLayer(Form form, Node node, Tensor weight, double[] bias, int rank) {
        this.form = form;
        this.node = node;
        this.weight = weight;
        this.bias = bias;
        this.rank = rank;
    }

    /** A node as such a layer; empty if its weights are computed or its bias differs between samples. */
    static Optional<LinearLayer> of(Graph graph, Node node) {
        Optional<Form> form = form(node);
        Optional<Tensor> weight =
                graph.constant(node.input(1)).filter(tensor -> tensor.elementType() == ElementType.FLOAT32);
        Optional<TensorType> type = graph.type(node.output());
        if (form.isEmpty() || weight.isEmpty() || type.isEmpty()) {
            return Optional.empty();
        }
        boolean dense = form.get() == Form.GEMM || form.get() == Form.MAT_MUL;
        if (dense && (weight.get().rank() != 2 || node.attributes().integer("transA", 0) != 0)) {
            return Optional.empty();
        }
        LinearLayer bare = new LinearLayer(
                form.get(), node, weight.get(), new double[0], type.get().rank());
        if (!node.input(2).isPresent()) {
            return Optional.of(bare);
        }
        Optional<double[]> bias = dense
                ? ChannelAffine.numbers(graph, node.input(2), 2, 1, bare.channels())
                : ChannelAffine.numbers(graph, node.input(2), 1, 0, bare.channels());
        return bias.map(found -> new LinearLayer(bare.form, node, bare.weight, found, bare.rank));
    }

    private static Optional<Form> form(Node node) {
        return switch (node.operator()) {
            case "Conv" -> Optional.of(Form.CONV);
            case "ConvTranspose" -> Optional.of(Form.CONV_TRANSPOSE);
            case "Gemm" -> Optional.of(Form.GEMM);
            case "MatMul" -> Optional.of(Form.MAT_MUL);
            default -> Optional.empty();
        };
    }

    private long group() {
        return node.attributes().integer("group", 1);
    }

    private boolean isTransposed() {
        return node.attributes().integer("transB", 0) != 0;
    }

    /** Output channels. */
    int channels() {
        return (int)
                switch (form) {
                    case CONV -> weight.dimension(0);
                    case CONV_TRANSPOSE -> weight.dimension(1) * group();
                    case GEMM -> weight.dimension(isTransposed() ? 0 : 1);
                    case MAT_MUL -> weight.dimension(1);
                };
    }

    /** Input channels. */
    int inputs() {
        return (int)
                switch (form) {
                    case CONV -> weight.dimension(1) * group();
                    case CONV_TRANSPOSE -> weight.dimension(0);
                    case GEMM -> weight.dimension(isTransposed() ? 1 : 0);
                    case MAT_MUL -> weight.dimension(0);
                };
    }

    /** The channel axis of the output and of the input. */
    int axis() {
        return form == Form.MAT_MUL ? rank - 1 : 1;
    }

    /** Whether attributes scale the weights or the bias (alpha and beta of Gemm). */
    boolean isScaled() {
        return form == Form.GEMM && (alpha() != 1 || (beta() != 1 && bias.length > 0));
    }

    private double alpha() {
        return form == Form.GEMM ? node.attributes().real("alpha", 1) : 1;
    }

    private double beta() {
        return form == Form.GEMM ? node.attributes().real("beta", 1) : 1;
    }

    /** Whether every output reads a whole window of the input, so that a shift of the input shifts the output. */
    boolean seesNoBorder() {
        return switch (form) {
            case CONV ->
                Arrays.stream(node.attributes().integers("pads")).allMatch(pad -> pad == 0)
                        && List.of("NOTSET", "VALID").contains(node.attributes().text("auto_pad", "NOTSET"));
            case CONV_TRANSPOSE -> false;
            case GEMM, MAT_MUL -> true;
        };
    }

    private interface Each {
        void visit(int element, int output, int input);
    }

    /** Every element of the weights with its output and its input channel. */
    private void forEachWeight(Each each) {
        int rows = (int) weight.dimension(0);
        int columns = (int) weight.dimension(1);
        int taps = (int) (weight.elements() / Math.max(1, (long) rows * columns));
        int rowsOfGroup = (int) (rows / group());
        int element = 0;
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                int grouped = row / rowsOfGroup * columns + column;
                boolean rowIsOutput = form == Form.CONV || (form == Form.GEMM && isTransposed());
                int other = form == Form.CONV || form == Form.CONV_TRANSPOSE ? grouped : column;
                for (int tap = 0; tap < taps; tap++) {
                    each.visit(element++, rowIsOutput ? row : other, rowIsOutput ? other : row);
                }
            }
        }
    }

    /** Key of weights scaled by output and by input channel. */
    private record Scaled(Form form, long group, boolean transposed, List<Double> outputs, List<Double> inputs) {}

    private Value scaled(double[] outputs, double[] inputs, Patch patch) {
        if (Arrays.stream(outputs).allMatch(s -> s == 1)
                && Arrays.stream(inputs).allMatch(s -> s == 1)) {
            return node.input(1);
        }
        Scaled recipe = new Scaled(
                form,
                group(),
                isTransposed(),
                Arrays.stream(outputs).boxed().toList(),
                Arrays.stream(inputs).boxed().toList());
        Tensor made = weight.derived(recipe, () -> {
            ByteBuffer bytes = Tensor.allocate(ElementType.FLOAT32, weight.shape());
            FloatBuffer target = bytes.asFloatBuffer();
            FloatBuffer source = weight.floats();
            forEachWeight((element, output, input) ->
                    target.put(element, (float) (source.get(element) * outputs[output] * inputs[input])));
            return Tensor.wrap(ElementType.FLOAT32, weight.shape(), bytes);
        });
        return patch.constant(node.input(1).name() + ".folded", made);
    }

    /** What a shift of the input channels adds to each output channel. */
    private double[] carried(double[] shift) {
        double[] result = new double[channels()];
        if (Arrays.stream(shift).anyMatch(s -> s != 0)) {
            FloatBuffer source = weight.floats();
            forEachWeight((element, output, input) -> result[output] += source.get(element) * shift[input]);
        }
        return result;
    }

    /**
     * Writes the layer with the maps before and behind it folded in.
     *
     * @param x its input in place of the one it has
     * @param before applied to the input channels
     * @param behind applied to the output channels
     * @param output its output in place of the one it has
     */
    void folded(Graph graph, Value x, ChannelAffine before, ChannelAffine behind, Value output, Patch patch) {
        double[] shift = carried(before.shift());
        double[] outputs = new double[channels()];
        double[] added = new double[channels()];
        boolean biased = bias.length > 0;
        for (int c = 0; c < outputs.length; c++) {
            outputs[c] = alpha() * behind.scale()[c];
            double own = biased ? beta() * bias[c] : 0;
            added[c] = (own + alpha() * shift[c]) * behind.scale()[c] + behind.shift()[c];
        }
        biased |= Arrays.stream(added).anyMatch(number -> number != 0);
        List<Value> inputs = new ArrayList<>();
        inputs.add(x);
        inputs.add(scaled(outputs, before.scale(), patch));
        if (biased) {
            float[] data = new float[added.length];
            for (int c = 0; c < data.length; c++) {
                data[c] = (float) added[c];
            }
            inputs.add(patch.constant(node.output().name() + ".bias", Tensor.floats(data, data.length)));
        }
        Attributes plain = node.attributes().without("alpha").without("beta");
        if (form != Form.MAT_MUL || !biased) {
            patch.add(new Node(node.name(), "", node.opType(), inputs, List.of(output), plain));
        } else if (rank == 2) {
            patch.add(new Node(node.name(), "", "Gemm", inputs, List.of(output), Attributes.NONE));
        } else {
            inRows(graph, inputs, output, patch);
        }
    }

    /** A product of rank above 2 with a bias: reshaped to rows, Gemm, reshaped back. */
    private void inRows(Graph graph, List<Value> inputs, Value output, Patch patch) {
        Value rows = patch.fresh(output.name() + ".rows");
        Value product = patch.fresh(output.name() + ".product");
        Value toRows = patch.constant("rows", Tensor.vector(-1, inputs()));
        Value back = patch.constant(
                "shape", Tensor.vector(graph.types().get(node.output()).shape()));
        patch.into(rows, "Reshape", Attributes.NONE, inputs.get(0), toRows);
        patch.add(new Node(
                node.name(),
                "",
                "Gemm",
                List.of(rows, inputs.get(1), inputs.get(2)),
                List.of(product),
                Attributes.NONE));
        patch.into(output, "Reshape", Attributes.NONE, product, back);
    }

    /** Whether a bias can be folded in: not into a product of rank above 2 with more than one open size. */
    boolean takesBias(Graph graph) {
        TensorType type = graph.types().get(node.output());
        return form != Form.MAT_MUL
                || rank == 2
                || (type.dimensions().stream().filter(d -> !d.isFixed()).count() <= 1
                        && type.dimensions().stream().noneMatch(d -> d.size() == 0));
    }
}
