package dev.vitrine.engine.rewrite.lowering;

import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphTransform;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.rewrite.Patch;
import dev.vitrine.engine.rewrite.Prune;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Keeps maps in the runtime's blocked layout (NCHWc) from convolution to convolution, whatever element-wise operators
 * lie between: the same numbers up to rounding.
 *
 * <p>The runtime uses that layout for convolutions by itself, but leaves it for most other operators: a division, a
 * comparison or a sum with a scalar costs two conversions. The order of elements does not matter to these, so here they
 * run on the blocks directly.
 *
 * <p>The result runs only in ONNX Runtime, on processors with the same block size. Fires where such an operator lies
 * between blocked ones, or kernels are so large that sessions should share them, and nearly all maps fill whole blocks. Requires the types of all values.
 *
 * @param block channels per block, {@link dev.vitrine.engine.runtime.Runner#channelBlock()}; 1 leaves the graph
 *     unchanged
 */
public record BlockedLayout(int block) implements GraphTransform {
    static final String DOMAIN = "com.microsoft.nchwc";

    /** Minimum share, among the elements that convolutions read and write, of those in maps of whole blocks. */
    private static final double NEARLY_ALL = 0.9;

    /** Kernels of at least this size in total exist once, whatever lies between convolutions. */
    private static final long SHARED_BYTES = 32L << 20;

    /** Element-wise operators that the runtime itself runs on blocks, where their inputs have equal shapes. */
    private static final Set<String> KEPT = Set.of("Add", "Sum", "Mul", "Relu", "Sigmoid", "Tanh", "HardSigmoid");

    private static final Set<String> FUSED = Set.of("LeakyRelu", "Clip");

    private static final Set<String> LEFT = Set.of(
            "Sub",
            "Div",
            "Max",
            "Min",
            "Mean",
            "Where",
            "Greater",
            "GreaterOrEqual",
            "Less",
            "LessOrEqual",
            "Equal",
            "And",
            "Or",
            "Not",
            "Abs",
            "Neg",
            "Sign",
            "Exp",
            "Log",
            "Sqrt",
            "Reciprocal",
            "Erf",
            "Elu",
            "Selu",
            "Celu",
            "Softplus",
            "Softsign",
            "HardSwish",
            "Gelu",
            "Mish",
            "LeakyRelu",
            "ThresholdedRelu",
            "Clip",
            "Cast");

    /** Whether a graph could gain anything, judged by its operators and inputs alone. */
    public static boolean concerns(Graph graph) {
        if (graph.inputs().stream().anyMatch(input -> !graph.types().get(input).isStatic())) {
            return false;
        }
        boolean convolves = false;
        boolean leaves = false;
        for (Node node : graph.nodes()) {
            convolves |= node.operator().equals("Conv") && graph.constants().containsKey(node.input(1));
            leaves |= LEFT.contains(node.operator());
        }
        return convolves && (leaves || sharesKernels(graph));
    }

    /**
     * Whether kernels are so large that all sessions of a network had better read the same blocked ones, rather than each
     * bring the runtime's own copy. The runtime itself folds batch normalization, which is then left to it.
     */
    private static boolean sharesKernels(Graph graph) {
        Set<Value> kernels = new HashSet<>();
        for (Node node : graph.nodes()) {
            if (node.operator().equals("BatchNormalization")) {
                return false;
            }
            if (node.operator().equals("Conv")) {
                kernels.add(node.input(1));
            }
        }
        long bytes = kernels.stream()
                .flatMap(kernel -> graph.constant(kernel).stream())
                .mapToLong(kernel -> kernel.bytes().remaining())
                .sum();
        return bytes >= SHARED_BYTES;
    }

    @Override
    public Graph apply(Graph graph) {
        if (block == 1 || !concerns(graph) || alignedShare(graph) < NEARLY_ALL) {
            return graph;
        }
        Pass pass = new Pass(graph, block);
        graph.nodes().forEach(pass::visit);
        return pass.spared || sharesKernels(graph)
                ? new FuseBlocked(new HashSet<>(pass.blocked.values()))
                        .then(new Prune())
                        .apply(pass.finish())
                : graph;
    }

    private double alignedShare(Graph graph) {
        double aligned = 0;
        double all = 0;
        for (Node node : graph.nodes()) {
            if (!node.operator().equals("Conv")) {
                continue;
            }
            for (Value value : List.of(node.input(0), node.output())) {
                Optional<TensorType> type = graph.type(value);
                boolean large = type.isPresent()
                        && type.get().rank() == 4
                        && type.get().isStatic()
                        && (value.equals(node.output())
                                || type.get().dimension(1).size() >= block);
                if (large) {
                    double elements = Tensor.elements(type.get().shape());
                    all += elements;
                    aligned += type.get().dimension(1).size() % block == 0 ? elements : 0;
                }
            }
        }
        return all == 0 ? 0 : aligned / all;
    }

    private static final class Pass {
        private final Graph graph;
        private final int block;
        private final Patch patch;
        private final BlockedKernels kernels;
        private final Map<Value, Value> blocked = new HashMap<>();
        private final Set<Value> written = new HashSet<>();
        private final Map<Value, Value> perChannel = new HashMap<>();
        private final Map<Value, Node> producers;
        private final Map<Value, Value> negated = new HashMap<>();
        private final BlockedMovement movement;

        /** Whether an operator stayed in the layout that the runtime would have left for it. */
        private boolean spared;

        Pass(Graph graph, int block) {
            this.graph = graph;
            this.block = block;
            this.patch = new Patch(graph);
            this.kernels = new BlockedKernels(patch, block);
            this.producers = graph.producers();
            this.movement = new BlockedMovement(graph, patch, block, blocked);
            written.addAll(graph.inputs());
            written.addAll(graph.constants().keySet());
        }

        void visit(Node node) {
            patch.at(node);
            boolean done = switch (node.operator()) {
                case "Conv" -> convolution(node);
                case "MaxPool", "AveragePool" -> pooling(node);
                case "Resize" -> enlargement(node);
                case "Concat" -> concatenation(node);
                case "Split", "Slice", "Pad" -> movement.visit(node);
                case "Col2Im" -> movement.interleaved(node);
                case "Identity" -> alias(node);
                case "Add" -> difference(node) || elementWise(node);
                default -> isElementWise(node) && elementWise(node);
            };
            if (done) {
                patch.take(node);
            } else {
                node.reads().forEach(this::plain);
                written.addAll(node.outputs());
            }
        }

        Graph finish() {
            patch.atEnd();
            graph.outputs().forEach(this::plain);
            patch.opset(DOMAIN, 1);
            return patch.apply();
        }

        private Optional<long[]> shape(Value value) {
            Optional<TensorType> type = graph.type(value);
            return type.isPresent() && type.get().isStatic()
                    ? Optional.of(type.get().shape())
                    : Optional.empty();
        }

        /** Whether a value is {@code [N,C,H,W]} with whole blocks of channels. */
        private boolean fits(Value value) {
            return shape(value)
                    .filter(shape -> shape.length == 4 && shape[1] % block == 0 && shape[1] > 0)
                    .isPresent();
        }

        private boolean isFloat(Value value) {
            return graph.type(value)
                    .filter(type -> type.elementType() == ElementType.FLOAT32)
                    .isPresent();
        }

        private boolean isBoolean(Value value) {
            return graph.type(value)
                    .filter(type -> type.elementType() == ElementType.BOOL)
                    .isPresent();
        }

        private void plain(Value value) {
            Value source = blocked.get(value);
            if (source == null || !written.add(value)) {
                return;
            }
            Attributes channels = Attributes.NONE.with(
                    "channels", graph.types().get(value).dimension(1).size());
            String name = patch.fresh(value.name() + ".plain").name();
            if (isFloat(value)) {
                patch.add(new Node(name, DOMAIN, "ReorderOutput", List.of(source), List.of(value), channels));
                return;
            }
            // Only numbers can be reordered.
            Value number = patch.builder().node("Cast", Attributes.NONE.with("to", ElementType.FLOAT32.code()), source);
            Value plain = patch.builder().nodeOf(DOMAIN, "ReorderOutput", channels, number);
            patch.add(new Node(
                    name,
                    "",
                    "Cast",
                    List.of(plain),
                    List.of(value),
                    Attributes.NONE.with("to", ElementType.BOOL.code())));
        }

        private Value blocked(Value value) {
            Value known = blocked.get(value);
            if (known == null) {
                Optional<Tensor> constant = graph.constant(value);
                known = constant.isPresent()
                        ? patch.constant(value.name() + ".blocked", kernels.maps(constant.get()))
                        : patch.builder().nodeOf(DOMAIN, "ReorderInput", Attributes.NONE, value);
                blocked.put(value, known);
            }
            return known;
        }

        private void emit(Node node, String domain, String opType, List<Value> inputs, Attributes attributes) {
            Value output = patch.fresh(node.output().name() + ".blocked");
            patch.add(new Node(node.name(), domain, opType, inputs, List.of(output), attributes));
            blocked.put(node.output(), output);
        }

        private boolean convolution(Node node) {
            Optional<Tensor> kernel = graph.constant(node.input(1));
            boolean served = kernel.isPresent()
                    && kernel.get().rank() == 4
                    && kernel.get().elementType() == ElementType.FLOAT32
                    && fits(node.output())
                    && shape(node.input(0)).isPresent()
                    && node.attributes().text("auto_pad", "NOTSET").equals("NOTSET");
            if (!served) {
                return false;
            }
            long group = node.attributes().integer("group", 1);
            long inputs = shape(node.input(0)).orElseThrow()[1];
            boolean depthwise = group == inputs && group == kernel.get().dimension(0) && inputs % block == 0;
            if (depthwise && scaling(node, kernel.get())) {
                return true;
            }
            boolean few = group == 1 && inputs < block;
            if (!depthwise && !few && (group != 1 || inputs % block != 0)) {
                return false;
            }
            if (few) {
                plain(node.input(0));
            }
            Value weight = kernels.kernel(node.input(1), kernel.get(), depthwise || few ? 1 : block);
            List<Value> read = new ArrayList<>(List.of(few ? node.input(0) : blocked(node.input(0)), weight));
            if (node.input(2).isPresent()) {
                plain(node.input(2));
                read.add(node.input(2));
            }
            emit(node, DOMAIN, "Conv", read, node.attributes());
            return true;
        }

        /** A convolution that multiplies every element by 1 or by −1. */
        private boolean scaling(Node node, Tensor kernel) {
            boolean point = kernel.dimension(2) == 1
                    && kernel.dimension(3) == 1
                    && !node.input(2).isPresent()
                    && Arrays.equals(
                            shape(node.input(0)).orElseThrow(),
                            shape(node.output()).orElseThrow());
            if (!point || !blocked.containsKey(node.input(0))) {
                return false;
            }
            float factor = kernel.floats().get(0);
            for (float other : kernel.toFloats()) {
                if (Math.abs(factor) != 1 || other != factor) {
                    return false;
                }
            }
            Value source = blocked(node.input(0));
            if (factor == 1) {
                blocked.put(node.output(), source);
            } else {
                emit(node, "", "Neg", List.of(source), Attributes.NONE);
                negated.put(node.output(), source);
            }
            return true;
        }

        /** a + (−b) as a − b. */
        private boolean difference(Node node) {
            for (int i = 0; i < 2; i++) {
                Value taken = negated.get(node.input(i));
                Value from = blocked.get(node.input(1 - i));
                if (taken != null
                        && from != null
                        && Arrays.equals(
                                shape(node.input(0)).orElseThrow(),
                                shape(node.input(1)).orElseThrow())) {
                    emit(node, "", "Sub", List.of(from, taken), Attributes.NONE);
                    return true;
                }
            }
            return false;
        }

        private boolean pooling(Node node) {
            boolean served = fits(node.input(0))
                    && isFloat(node.input(0))
                    && fits(node.output())
                    && !node.output(1).isPresent()
                    && node.attributes().integer("storage_order", 0) == 0
                    && node.attributes().text("auto_pad", "NOTSET").equals("NOTSET");
            if (served) {
                Attributes attributes = node.attributes().without("storage_order");
                emit(node, DOMAIN, node.opType(), List.of(blocked(node.input(0))), attributes);
            }
            return served;
        }

        /** Each element repeated a whole number of times. */
        private boolean enlargement(Node node) {
            Attributes attributes = node.attributes();
            Optional<Tensor> scales = graph.constant(node.input(2));
            boolean served = scales.isPresent()
                    && node.inputs().size() == 3
                    && attributes.text("mode", "nearest").equals("nearest")
                    && attributes
                            .text("coordinate_transformation_mode", "half_pixel")
                            .equals("asymmetric")
                    && attributes.text("nearest_mode", "round_prefer_floor").equals("floor")
                    && fits(node.input(0))
                    && fits(node.output());
            if (!served) {
                return false;
            }
            float[] factors = scales.get().toFloats();
            long[] whole = new long[factors.length];
            for (int i = 0; i < whole.length; i++) {
                whole[i] = (long) factors[i];
                served &= whole[i] == factors[i];
            }
            if (served && whole.length == 4 && whole[0] == 1 && whole[1] == 1) {
                emit(node, DOMAIN, "Upsample", List.of(blocked(node.input(0))), Attributes.NONE.with("scales", whole));
                return true;
            }
            return false;
        }

        private boolean concatenation(Node node) {
            boolean served = node.attributes().integer("axis", 1) == 1
                    && node.inputs().stream().allMatch(this::fits)
                    && node.inputs().stream().anyMatch(blocked::containsKey);
            if (served) {
                emit(
                        node,
                        "",
                        "Concat",
                        node.inputs().stream().map(this::blocked).toList(),
                        node.attributes());
            }
            return served;
        }

        private boolean alias(Node node) {
            Value source = blocked.get(node.input(0));
            if (source == null || !fits(node.output())) {
                return false;
            }
            blocked.put(node.output(), source);
            return true;
        }

        private static boolean isElementWise(Node node) {
            return KEPT.contains(node.operator()) || LEFT.contains(node.operator());
        }

        private boolean elementWise(Node node) {
            Optional<long[]> shape = shape(node.output());
            if (shape.isEmpty() || !fits(node.output()) || !(isFloat(node.output()) || isBoolean(node.output()))) {
                return false;
            }
            List<Supplier<Value>> inputs = new ArrayList<>();
            int inBlocks = 0;
            int brought = 0;
            boolean alike = true;
            boolean channelWise = false;
            for (Value input : node.inputs()) {
                if (!input.isPresent()) {
                    inputs.add(() -> input);
                    continue;
                }
                Optional<long[]> own = shape(input);
                if (own.isEmpty()) {
                    return false;
                }
                boolean ready = blocked.containsKey(input);
                if (Arrays.equals(own.get(), shape.get())) {
                    inBlocks += ready ? 1 : 0;
                    // Only numbers can be reordered.
                    if (!ready && !isFloat(input)) {
                        return false;
                    }
                    brought += ready || graph.constants().containsKey(input) ? 0 : 1;
                    inputs.add(() -> blocked(input));
                } else if (Tensor.elements(own.get()) == 1 && own.get().length <= 4) {
                    alike = false;
                    inputs.add(() -> {
                        plain(input);
                        return input;
                    });
                } else if (isPerChannel(own.get(), shape.get())) {
                    alike = false;
                    channelWise = true;
                    inputs.add(() -> channels(input));
                } else {
                    return false;
                }
            }
            if (inBlocks == 0 || brought > inBlocks) {
                return false;
            }
            List<Value> read = new ArrayList<>();
            inputs.forEach(input -> read.add(input.get()));
            if (channelWise) {
                broadcast(node, read, shape.get());
            } else {
                emit(node, node.domain(), node.opType(), read, node.attributes());
            }
            spared |= !alike || !(KEPT.contains(node.operator()) || isFused(node));
            return true;
        }

        /** Whether the runtime fuses a node into the convolution before it. */
        private boolean isFused(Node node) {
            return FUSED.contains(node.operator())
                    && Optional.ofNullable(producers.get(node.input(0)))
                            .filter(producer -> producer.operator().equals("Conv"))
                            .isPresent();
        }

        private static boolean isPerChannel(long[] own, long[] shape) {
            int lead = 4 - own.length;
            return lead >= 0
                    && lead <= 1
                    && own[1 - lead] == shape[1]
                    && own[2 - lead] == 1
                    && own[3 - lead] == 1
                    && (lead == 1 || own[0] == 1 || own[0] == shape[0]);
        }

        /** {@code [N,C,1,1]} as {@code [N,C/b,1,b]}: identical in both layouts. */
        private Value channels(Value value) {
            long[] own = shape(value).orElseThrow();
            plain(value);
            return perChannel.computeIfAbsent(
                    value, key -> reshape(key, own.length == 4 ? own[0] : 1, own[own.length - 3] / block, 1, block));
        }

        /** Over {@code [N,C/b,HW,b]}, as the blocks lie. */
        private void broadcast(Node node, List<Value> read, long[] shape) {
            List<Value> flat = new ArrayList<>();
            for (int i = 0; i < read.size(); i++) {
                boolean whole = node.input(i).isPresent()
                        && Arrays.equals(shape(node.input(i)).orElseThrow(), shape);
                flat.add(
                        whole
                                ? reshape(read.get(i), shape[0], shape[1] / block, shape[2] * shape[3], block)
                                : read.get(i));
            }
            Value result =
                    patch.builder().nodeOf(node.domain(), node.opType(), node.attributes(), flat.toArray(Value[]::new));
            blocked.put(node.output(), reshape(result, shape));
        }

        private Value reshape(Value value, long... shape) {
            return patch.builder().node("Reshape", value, patch.constant("shape", Tensor.vector(shape)));
        }
    }
}
