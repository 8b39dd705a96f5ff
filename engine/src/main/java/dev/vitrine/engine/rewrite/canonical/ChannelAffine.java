package dev.vitrine.engine.rewrite.canonical;

import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import java.util.Arrays;
import java.util.Optional;

/**
 * y = scale[c] x + shift[c] for each channel c: BatchNormalization at inference, or a sum, difference, product or
 * quotient with per-channel constants.
 */
record ChannelAffine(double[] scale, double[] shift) {
    static ChannelAffine none(int channels) {
        double[] ones = new double[channels];
        Arrays.fill(ones, 1);
        return new ChannelAffine(ones, new double[channels]);
    }

    /** The composition: first this, then {@code next}. */
    ChannelAffine then(ChannelAffine next) {
        ChannelAffine both = new ChannelAffine(scale.clone(), shift.clone());
        for (int c = 0; c < scale.length; c++) {
            both.scale[c] *= next.scale[c];
            both.shift[c] = shift[c] * next.scale[c] + next.shift[c];
        }
        return both;
    }

    boolean shifts() {
        return Arrays.stream(shift).anyMatch(s -> s != 0);
    }

    /**
     * The map that a node applies to a value with channels along an axis, if it has this form.
     *
     * @param x one of the node's inputs
     */
    static Optional<ChannelAffine> of(Graph graph, Node node, Value x, int axis, int channels) {
        Optional<TensorType> from = graph.type(x);
        Optional<TensorType> to = graph.type(node.output());
        if (from.isEmpty()
                || to.isEmpty()
                || !from.get().dimensions().equals(to.get().dimensions())) {
            return Optional.empty();
        }
        int rank = from.get().rank();
        return switch (node.operator()) {
            case "BatchNormalization" -> axis == 1 ? normalization(graph, node, channels) : Optional.empty();
            case "Add" ->
                numbers(graph, other(node, x), rank, axis, channels)
                        .map(c -> new ChannelAffine(none(channels).scale, c));
            case "Mul" ->
                numbers(graph, other(node, x), rank, axis, channels)
                        .map(c -> new ChannelAffine(c, new double[channels]));
            case "Sub" ->
                numbers(graph, other(node, x), rank, axis, channels)
                        .map(c -> node.input(0).equals(x)
                                ? new ChannelAffine(none(channels).scale, times(c, -1))
                                : new ChannelAffine(times(none(channels).scale, -1), c));
            case "Div" ->
                node.input(0).equals(x)
                        ? numbers(graph, node.input(1), rank, axis, channels)
                                .filter(c -> Arrays.stream(c).allMatch(number -> number != 0))
                                .map(c -> new ChannelAffine(
                                        Arrays.stream(c)
                                                .map(number -> 1 / number)
                                                .toArray(),
                                        new double[channels]))
                        : Optional.empty();
            case "Neg" -> Optional.of(new ChannelAffine(times(none(channels).scale, -1), new double[channels]));
            default -> Optional.empty();
        };
    }

    private static Value other(Node node, Value x) {
        return node.input(0).equals(x) ? node.input(1) : node.input(0);
    }

    private static double[] times(double[] numbers, double factor) {
        return Arrays.stream(numbers).map(number -> number * factor).toArray();
    }

    private static Optional<ChannelAffine> normalization(Graph graph, Node node, int channels) {
        boolean inference = node.attributes().integer("training_mode", 0) == 0;
        for (int i = 1; i < 5 && inference; i++) {
            inference = constant(graph, node.input(i))
                    .filter(tensor -> tensor.elements() == channels)
                    .isPresent();
        }
        if (!inference) {
            return Optional.empty();
        }
        float[] gamma = graph.constants().get(node.input(1)).toFloats();
        float[] beta = graph.constants().get(node.input(2)).toFloats();
        float[] mean = graph.constants().get(node.input(3)).toFloats();
        float[] variance = graph.constants().get(node.input(4)).toFloats();
        double epsilon = node.attributes().real("epsilon", 1e-5f);
        ChannelAffine result = none(channels);
        for (int c = 0; c < channels; c++) {
            result.scale[c] = gamma[c] / Math.sqrt(variance[c] + epsilon);
            result.shift[c] = beta[c] - mean[c] * result.scale[c];
        }
        return Optional.of(result);
    }

    private static Optional<Tensor> constant(Graph graph, Value value) {
        return graph.constant(value).filter(tensor -> tensor.elementType() == ElementType.FLOAT32);
    }

    /** A constant of one number for each channel, or for all. */
    static Optional<double[]> numbers(Graph graph, Value value, int rank, int axis, int channels) {
        Optional<Tensor> found = constant(graph, value).filter(tensor -> tensor.rank() <= rank);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        Tensor tensor = found.get();
        for (int i = 0; i < tensor.rank(); i++) {
            boolean own = i + rank - tensor.rank() == axis;
            if (tensor.dimension(i) != 1 && !(own && tensor.dimension(i) == channels)) {
                return Optional.empty();
            }
        }
        float[] data = tensor.toFloats();
        double[] numbers = new double[channels];
        for (int c = 0; c < channels; c++) {
            numbers[c] = data[data.length == 1 ? 0 : c];
        }
        return Optional.of(numbers);
    }
}
