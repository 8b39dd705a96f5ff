package dev.vitrine.engine.check;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.graph.AttributeValue;
import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;

/**
 * Nodes that are invalid regardless of types: a required input omitted, an empty window, a missing body. ONNX Runtime
 * accepts some of them and then crashes the process.
 */
public final class NodeCheck {
    /** Upper bound for any dimension, window or axis, since it is the size of something in memory. */
    private static final long LARGEST = Integer.MAX_VALUE;

    /**
     * Even long axes have only some thousand positions; a larger window indicates a damaged file, and would take hours.
     */
    static final long LARGEST_WINDOW = 1 << 16;

    /** Upper bound on iterations, above the steps of any recurrence. */
    private static final long MOST_PASSES = 1 << 20;

    /** Number of required inputs of operators with optional ones. */
    private static final Map<String, Integer> REQUIRED = Map.ofEntries(
            Map.entry("Attention", 3),
            Map.entry("CenterCropPad", 2),
            Map.entry("Clip", 1),
            Map.entry("Conv", 2),
            Map.entry("ConvInteger", 2),
            Map.entry("ConvTranspose", 2),
            Map.entry("DFT", 1),
            Map.entry("DeformConv", 3),
            Map.entry("DequantizeLinear", 2),
            Map.entry("Dropout", 1),
            Map.entry("GRU", 3),
            Map.entry("Gemm", 2),
            Map.entry("LSTM", 3),
            Map.entry("LayerNormalization", 2),
            Map.entry("Loop", 0),
            Map.entry("MatMulInteger", 2),
            Map.entry("MaxUnpool", 2),
            Map.entry("NegativeLogLikelihoodLoss", 2),
            Map.entry("NonMaxSuppression", 2),
            Map.entry("Optional", 0),
            Map.entry("Pad", 2),
            Map.entry("QLinearConv", 8),
            Map.entry("QuantizeLinear", 2),
            Map.entry("RNN", 3),
            Map.entry("ReduceL1", 1),
            Map.entry("ReduceL2", 1),
            Map.entry("ReduceLogSum", 1),
            Map.entry("ReduceLogSumExp", 1),
            Map.entry("ReduceMax", 1),
            Map.entry("ReduceMean", 1),
            Map.entry("ReduceMin", 1),
            Map.entry("ReduceProd", 1),
            Map.entry("ReduceSum", 1),
            Map.entry("ReduceSumSquare", 1),
            Map.entry("Resize", 1),
            Map.entry("RotaryEmbedding", 3),
            Map.entry("STFT", 2),
            Map.entry("SequenceAt", 2),
            Map.entry("SequenceErase", 1),
            Map.entry("SequenceInsert", 2),
            Map.entry("Slice", 3),
            Map.entry("SoftmaxCrossEntropyLoss", 2),
            Map.entry("Split", 1),
            Map.entry("SplitToSequence", 1),
            Map.entry("Squeeze", 1),
            Map.entry("TensorScatter", 2),
            Map.entry("Trilu", 1),
            Map.entry("Unique", 1));

    /** Attributes whose numbers must all be at least 1. */
    private static final Set<String> POSITIVE = Set.of("kernel_shape", "strides", "dilations", "pooled_shape");

    /** Attributes whose number must be at least 1. */
    private static final Set<String> POSITIVE_NUMBER =
            Set.of("group", "blocksize", "hidden_size", "num_groups", "num_outputs", "num_scan_inputs", "size");

    private static final Map<String, Set<String>> BODIES = Map.of(
            "If", Set.of("then_branch", "else_branch"),
            "Loop", Set.of("body"),
            "Scan", Set.of("body"));

    private NodeCheck() {}

    /** Inputs without omitted trailing ones, as far as the operator makes them optional. */
    public static List<Value> withoutLeftOut(String opType, List<Value> inputs) {
        int required = REQUIRED.getOrDefault(opType, inputs.size());
        int last = inputs.size();
        while (last > required && !inputs.get(last - 1).isPresent()) {
            last--;
        }
        return inputs.subList(0, last);
    }

    /** Rejects a graph with such a node, bodies included. */
    public static void require(Graph graph) {
        for (Node node : graph.nodes()) {
            if (node.domain().isEmpty()) {
                operands(node);
                bodies(node);
                if (node.opType().equals("Loop")) {
                    passes(graph, node);
                }
                node.attributes().values().forEach((name, value) -> attribute(node, name, value));
                windows(node);
            }
            for (AttributeValue value : node.attributes().values().values()) {
                if (value instanceof AttributeValue.OfGraph inner) {
                    require(inner.body());
                }
            }
        }
    }

    private static void operands(Node node) {
        int required = REQUIRED.getOrDefault(node.opType(), node.inputs().size());
        for (int i = 0; i < required; i++) {
            if (!node.input(i).isPresent()) {
                throw refusal(node, "no input " + (i + 1), "one, as the operator requires");
            }
        }
        if (node.opType().equals("Split") && node.attributes().has("num_outputs")) {
            long parts = node.attributes().integer("num_outputs", 0);
            if (parts != node.outputs().size()) {
                throw refusal(
                        node, parts + " parts for " + node.outputs().size() + " outputs", "equal numbers of" + " both");
            }
        }
    }

    private static void bodies(Node node) {
        int inputs = node.inputs().size();
        int outputs = node.outputs().size();
        for (String name : BODIES.getOrDefault(node.opType(), Set.of())) {
            if (!(node.attributes().values().get(name) instanceof AttributeValue.OfGraph found)) {
                throw refusal(node, "no graph '" + name + "'", "the graph that it runs");
            }
            int given = found.body().inputs().size();
            int made = found.body().outputs().size();
            boolean fits = switch (node.opType()) {
                case "If" -> inputs == 1 && given == 0 && made == outputs;
                case "Loop" -> inputs >= 2 && given == inputs && made == outputs + 1 && made >= inputs - 1;
                default -> {
                    long scanned = node.attributes().integer("num_scan_inputs", 0);
                    yield scanned >= 1
                            && scanned <= inputs
                            && given == inputs
                            && made == outputs
                            && made >= inputs - scanned;
                }
            };
            if (!fits) {
                throw refusal(
                        node,
                        "a graph '" + name + "' of " + given + " inputs and " + made + " outputs for a node of "
                                + inputs + " and " + outputs,
                        "the numbers that the operator passes in and out");
            }
        }
    }

    /** Rejects an infinite loop. */
    private static void passes(Graph graph, Node node) {
        Optional<Tensor> stated = graph.constant(node.input(0));
        if (stated.isPresent()
                && (stated.get().elementType() != ElementType.INT64
                        || stated.get().elements() != 1)) {
            throw refusal(node, "a trip count of " + stated.get(), "one int64");
        }
        boolean open = !node.input(0).isPresent();
        long most =
                open ? Long.MAX_VALUE : stated.map(count -> count.toLongs()[0]).orElse(0L);
        Graph body = ((AttributeValue.OfGraph) node.attributes().values().get("body")).body();
        Map<Value, Node> producers = body.producers();
        Value condition = body.outputs().get(0);
        while (producers.containsKey(condition)
                && producers.get(condition).operator().equals("Identity")) {
            condition = producers.get(condition).input(0);
        }
        boolean started =
                !node.input(1).isPresent() || graph.constant(node.input(1)).isPresent();
        boolean stays = condition.equals(body.inputs().get(1))
                || body.constant(condition).isPresent();
        if (most > MOST_PASSES && started && stays) {
            throw refusal(
                    node,
                    (open ? "a loop without a trip count" : "a loop of " + most + " iterations")
                            + " and without a terminating condition",
                    "at most " + MOST_PASSES + " iterations");
        }
    }

    private static void attribute(Node node, String name, AttributeValue value) {
        if (value instanceof AttributeValue.OfLongs list) {
            long least = POSITIVE.contains(name) ? 1 : -LARGEST;
            list.values().forEach(number -> within(node, name, number, least));
        } else if (value instanceof AttributeValue.OfLong number && POSITIVE_NUMBER.contains(name)) {
            within(node, name, number.value(), 1);
        }
    }

    private static void within(Node node, String name, long number, long least) {
        if (number < least || number > LARGEST) {
            throw refusal(
                    node,
                    name + " with " + number,
                    least == 1 ? "numbers from 1 on" : "numbers that fit the sizes of a tensor");
        }
    }

    private static void windows(Node node) {
        if (!Windows.has(node)) {
            return;
        }
        Attributes attributes = node.attributes();
        long[] kernel = attributes.integers("kernel_shape");
        long[] strides = attributes.integers("strides");
        long[] dilations = attributes.integers("dilations");
        long[] pads = attributes.integers("pads");
        int axes = LongStream.of(kernel.length, strides.length, dilations.length, pads.length / 2)
                .mapToInt(Math::toIntExact)
                .max()
                .orElse(0);
        boolean fits = fits(kernel, axes) && fits(strides, axes) && fits(dilations, axes) && fits(pads, 2 * axes);
        if (!fits) {
            throw refusal(
                    node,
                    "kernel_shape " + Arrays.toString(kernel) + ", strides " + Arrays.toString(strides) + ", dilations "
                            + Arrays.toString(dilations) + " and pads " + Arrays.toString(pads),
                    "one number per axis, and two pads");
        }
        if (Windows.isPool(node) && kernel.length == 0) {
            throw refusal(node, "no kernel_shape", "the size of its window");
        }
        for (int axis = 0; axis < axes; axis++) {
            long extent = extent(kernel, dilations, axis);
            long padding = pads.length == 0 ? 0 : Math.max(Math.abs(pads[axis]), Math.abs(pads[axis + axes]));
            if (pads.length > 0 && Math.min(pads[axis], pads[axis + axes]) < 0) {
                throw refusal(node, "pads " + Arrays.toString(pads), "none below 0");
            }
            if (extent > LARGEST_WINDOW || padding > LARGEST_WINDOW) {
                throw refusal(
                        node,
                        "a window of " + extent + " positions with padding " + padding,
                        "at most " + LARGEST_WINDOW + " for each");
            }
        }
    }

    private static boolean fits(long[] list, int length) {
        return list.length == 0 || list.length == length;
    }

    private static long extent(long[] kernel, long[] dilations, int axis) {
        if (kernel.length == 0) {
            return 1;
        }
        return (kernel[axis] - 1) * (dilations.length == 0 ? 1 : dilations[axis]) + 1;
    }

    private static VitrineException refusal(Node node, String found, String expected) {
        return VitrineException.failure(node.label() + ": found " + found + ", expected " + expected
                + ". The file is damaged; export the model again.");
    }
}
