package dev.vitrine.engine.incremental;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Dimension;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.GraphPrinter;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.oracle.Architectures;
import dev.vitrine.engine.oracle.Architectures.Architecture;
import dev.vitrine.engine.oracle.NDArray;
import dev.vitrine.engine.rewrite.simplification.FoldBatchNormalization;
import dev.vitrine.engine.rewrite.simplification.FoldConstants;
import dev.vitrine.engine.runtime.Executable;
import dev.vitrine.engine.runtime.OnnxRuntimeRunner;
import dev.vitrine.engine.runtime.TypeInference;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Local changes by rectangles against the same pictures evaluated whole. */
class IncrementalEvaluationTest {
    private static final OnnxRuntimeRunner RUNNER = new OnnxRuntimeRunner();

    /** Of the range of the answers: the acceptance limit of occlusion. */
    private static final double TOLERANCE = 1e-4;

    static List<Architecture> architectures() {
        return Architectures.ALL;
    }

    static LongStream seeds() {
        return LongStream.range(0, 60);
    }

    private static Graph rewritten(Graph graph) {
        Graph folded = new FoldConstants(RUNNER).apply(TypeInference.infer(graph));
        return TypeInference.infer(new FoldBatchNormalization().apply(folded));
    }

    @ParameterizedTest
    @MethodSource("architectures")
    void agreesWithWholeEvaluationOnKnownNetworks(Architecture architecture) {
        Graph graph = rewritten(architecture.tiny().get());
        Random random = new Random(3);
        check(graph, random, 1, 1);
        check(graph, random, 6, 9);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void agreesWithWholeEvaluationOnRandomNetworks(long seed) {
        Random random = new Random(seed);
        Graph graph = rewritten(new Networks(random).network());
        try {
            check(graph, random, 1 + random.nextInt(7), 1 + random.nextInt(7));
        } catch (RuntimeException | AssertionError failure) {
            throw new AssertionError("seed " + seed + ": " + failure + "\n" + GraphPrinter.print(graph), failure);
        }
    }

    /** A first convolution must run on rectangles, or all of the above would hold for whole evaluation too. */
    @Test
    void doesNotEvaluateWholeMapsWhereAChangeReachesLittle() {
        Graph graph = rewritten(Architectures.vgg16(new Architectures.Size(1 / 32.0, 160, 10, 1)));
        Plan plan = new Planner(graph, graph.inputs().get(0), new Region.Size(4, 4)).plan();
        assertThat(plan.segments()).hasSizeGreaterThan(5);
        long convolutions = graph.nodes().stream()
                .filter(node -> node.operator().equals("Conv"))
                .count();
        long whole = plan.rest().nodes().stream()
                .filter(node -> node.operator().equals("Conv"))
                .count();
        assertThat(whole).isLessThan(convolutions / 2);
    }

    private static void check(Graph graph, Random random, int height, int width) {
        Value input = graph.inputs().get(0);
        long[] shape = graph.types().get(input).shape();
        int rows = (int) shape[2];
        int columns = (int) shape[3];
        Tensor picture = NDArray.normal(random, 1, shape[1], shape[2], shape[3]).toTensor();
        List<Change> changes = new ArrayList<>();
        List<Tensor> pictures = new ArrayList<>();
        for (int i = 0; i < 21; i++) {
            int h = i % 3 == 0 ? 1 + random.nextInt(height) : height;
            int w = i % 3 == 0 ? 1 + random.nextInt(width) : width;
            int top = i < 4 ? (i & 1) * (rows - h) : random.nextInt(rows - h + 1);
            int left = i < 4 ? (i >> 1) * (columns - w) : random.nextInt(columns - w + 1);
            Tensor content = NDArray.normal(random, shape[1], h, w).toTensor();
            changes.add(new Change(top, left, content));
            pictures.add(changed(picture, top, left, content));
        }
        try (IncrementalEvaluation evaluation = new IncrementalEvaluation(
                        RUNNER, graph, input, new Region.Size(height, width), Planner::piecewise);
                Executable whole = RUNNER.load(graph)) {
            evaluation.setPicture(picture);
            Map<Value, Tensor[]> found = new HashMap<>();
            evaluation.evaluate(
                    changes,
                    (places, values) -> values.forEach((value, some) -> {
                        Tensor[] all = found.computeIfAbsent(value, key -> new Tensor[changes.size()]);
                        for (int row = 0; row < places.size(); row++) {
                            all[places.get(row)] = some.rows(row, row + 1);
                        }
                    }));
            Map<Value, Tensor> expected = shape[0] == 1
                    ? oneByOne(whole, input, pictures)
                    : whole.run(Map.of(input, Tensor.concatenate(pictures)));
            for (Value output : graph.outputs()) {
                assertClose(output, Tensor.concatenate(List.of(found.get(output))), expected.get(output));
            }
        }
    }

    private static Map<Value, Tensor> oneByOne(Executable whole, Value input, List<Tensor> pictures) {
        Map<Value, List<Tensor>> rows = new HashMap<>();
        for (Tensor picture : pictures) {
            whole.run(Map.of(input, picture))
                    .forEach((value, tensor) -> rows.computeIfAbsent(value, key -> new ArrayList<>())
                            .add(tensor));
        }
        Map<Value, Tensor> all = new HashMap<>();
        rows.forEach((value, parts) -> all.put(value, Tensor.concatenate(parts)));
        return all;
    }

    /** Something of the maps {@code f32[1,3,16,16]} by a number {@code i64[1]}, 0 or 1, that the picture decides. */
    private interface Computed {
        Value write(GraphBuilder builder, Value maps, Value number);
    }

    record ComputedCase(String label, Computed write) {
        @Override
        public String toString() {
            return label;
        }
    }

    private static Value weight(GraphBuilder b, long... shape) {
        return b.constant("w", NDArray.normal(new Random(8), shape).toTensor());
    }

    static List<ComputedCase> whatOnlyARunTells() {
        return List.of(
                new ComputedCase("kernel", (b, x, number) -> {
                    Value mean = b.node("Flatten", b.node("GlobalAveragePool", x));
                    Value kernel = b.node("Reshape", b.node("MatMul", mean, weight(b, 3, 81)), b.vector(3, 3, 3, 3));
                    return b.node("Conv", Attributes.NONE.with("pads", 1, 1, 1, 1), x, kernel);
                }),
                new ComputedCase("kernel of the picture's own mean", (b, x, number) -> {
                    Value mean = b.node("Flatten", b.node("GlobalAveragePool", new Value("input")));
                    Value kernel = b.node("Reshape", b.node("MatMul", mean, weight(b, 3, 81)), b.vector(3, 3, 3, 3));
                    return b.node("Conv", Attributes.NONE.with("pads", 1, 1, 1, 1), x, kernel);
                }),
                new ComputedCase("slope", (b, x, number) -> b.node("PRelu", x, b.node("GlobalAveragePool", x))),
                new ComputedCase(
                        "bounds of Clip",
                        (b, x, number) -> b.node(
                                "Clip",
                                x,
                                b.node("ReduceMean", Attributes.NONE.with("keepdims", 0), x),
                                b.constant(50f))),
                new ComputedCase(
                        "bounds of Slice",
                        (b, x, number) -> b.node("Slice", x, number, b.node("Add", number, b.vector(9)), b.vector(3))),
                new ComputedCase("borders of Pad", (b, x, number) -> {
                    Value borders = b.node(
                            "Concat", Attributes.NONE.with("axis", 0), b.vector(0, 0), number, b.vector(2, 0, 0, 1, 1));
                    return b.node("Pad", x, borders);
                }),
                new ComputedCase("sizes of Resize", (b, x, number) -> {
                    Value side = b.node("Add", number, b.vector(20));
                    Value sizes = b.node("Concat", Attributes.NONE.with("axis", 0), b.vector(1, 3), side, side);
                    return b.node("Resize", x, Value.NONE, Value.NONE, sizes);
                }),
                new ComputedCase(
                        "indices of Gather",
                        (b, x, number) -> b.node(
                                "Concat",
                                Attributes.NONE.with("axis", 1),
                                b.node("Gather", Attributes.NONE.with("axis", 1), x, number),
                                x)),
                new ComputedCase(
                        "condition",
                        (b, x, number) -> b.node(
                                "Where", b.node("Cast", Attributes.NONE.with("to", 9L), number), x, b.node("Neg", x))),
                new ComputedCase(
                        "an operator that is not in the table",
                        (b, x, number) -> b.node("Mul", x, b.node("Hardmax", Attributes.NONE.with("axis", 1), x))));
    }

    @ParameterizedTest
    @MethodSource("whatOnlyARunTells")
    void worksOnWholeMapsWhereOnlyARunTellsHow(ComputedCase each) {
        GraphBuilder b = new GraphBuilder();
        Value input = b.input("input", TensorType.of(ElementType.FLOAT32, 1, 3, 16, 16));
        Value maps =
                b.node("Relu", b.node("Conv", Attributes.NONE.with("pads", 1, 1, 1, 1), input, weight(b, 3, 3, 3, 3)));
        Value much =
                b.node("Greater", b.node("ReduceMean", Attributes.NONE.with("keepdims", 0), input), b.constant(0f));
        Value number = b.node("Reshape", b.node("Cast", Attributes.NONE.with("to", 7L), much), b.vector(1));
        Value result = each.write().write(b, maps, number);
        Value mean = b.node("ReduceMean", Attributes.NONE.with("keepdims", 0), result, b.vector(1, 2));
        Graph graph = TypeInference.infer(
                b.output(b.node("ReduceMax", Attributes.NONE.with("keepdims", 1), mean, b.vector(1)))
                        .build());
        Random random = new Random(5);
        check(graph, random, 1, 1);
        check(graph, random, 5, 4);
        assertThat(new Planner(graph, input, new Region.Size(3, 3))
                        .plan()
                        .rest()
                        .nodes())
                .isNotEmpty();
    }

    private static void assertClose(Value output, Tensor found, Tensor expected) {
        assertThat(found.shape()).as("shape of %s", output).containsExactly(expected.shape());
        float[] left = found.toFloats();
        float[] right = expected.toFloats();
        float low = Float.POSITIVE_INFINITY;
        float high = Float.NEGATIVE_INFINITY;
        double worst = 0;
        for (int i = 0; i < right.length; i++) {
            low = Math.min(low, right[i]);
            high = Math.max(high, right[i]);
            worst = Math.max(worst, Math.abs(left[i] - right[i]));
        }
        assertThat(high).as("range of %s", output).isGreaterThan(low);
        assertThat(worst / (high - low))
                .as("difference in %s over its range", output)
                .isLessThan(TOLERANCE);
    }

    private static Tensor changed(Tensor picture, int top, int left, Tensor content) {
        float[] values = picture.toFloats();
        float[] given = content.toFloats();
        int channels = (int) content.dimension(0);
        int h = (int) content.dimension(1);
        int w = (int) content.dimension(2);
        int rows = (int) picture.dimension(2);
        int columns = (int) picture.dimension(3);
        for (int c = 0; c < channels; c++) {
            for (int y = 0; y < h; y++) {
                System.arraycopy(given, (c * h + y) * w, values, (c * rows + top + y) * columns + left, w);
            }
        }
        return Tensor.floats(values, picture.shape());
    }

    /** Grows small networks of local operators with odd sizes, strides, pads, dilation, groups and ceil mode. */
    private static final class Networks {
        private static final List<String> AUTO_PADS = List.of("SAME_UPPER", "SAME_LOWER", "VALID");

        private final Random random;
        private final GraphBuilder builder = new GraphBuilder();
        private final List<Feature> features = new ArrayList<>();

        private record Feature(Value value, int channels, int height, int width) {}

        Networks(Random random) {
            this.random = random;
        }

        Graph network() {
            int height = 17 + random.nextInt(24);
            int width = 17 + random.nextInt(24);
            TensorType type = new TensorType(
                    ElementType.FLOAT32,
                    List.of(Dimension.named("N"), Dimension.of(2), Dimension.of(height), Dimension.of(width)));
            Feature last = new Feature(builder.input("x", type), 2, height, width);
            for (int i = 0; i < 7; i++) {
                features.add(last);
                last = next(last);
            }
            Value end = last.value();
            switch (random.nextInt(4)) {
                case 0 -> builder.output(builder.node("GlobalAveragePool", end));
                case 1 ->
                    builder.output(
                            builder.node("ReduceSum", Attributes.NONE.with("keepdims", 0), end, builder.vector(2, 3)));
                case 2 -> builder.output(end);
                default -> builder.output(builder.node("Flatten", builder.node("Sigmoid", end)));
            }
            return builder.build();
        }

        private Feature next(Feature x) {
            boolean small = Math.min(x.height(), x.width()) < 7;
            return switch (random.nextInt(small ? 6 : 10)) {
                case 0 -> pointwise(x);
                case 1 -> residual(x);
                case 2 -> x.channels() < 12 ? branches(x) : pointwise(x);
                case 3 -> channels(x);
                case 4, 5, 6 -> convolution(x);
                case 7 -> moved(x);
                default -> pool(x);
            };
        }

        private Feature pointwise(Feature x) {
            Value value = x.value();
            Value made = switch (random.nextInt(7)) {
                case 0 -> builder.node("LRN", Attributes.NONE.with("size", 3), value);
                case 1 -> builder.node("Softmax", Attributes.NONE.with("axis", 1), value);
                case 2 -> builder.node("Mul", value, weight(x.channels(), 1, 1));
                case 3 -> builder.node("Add", weight(1, x.channels(), x.height(), x.width()), value);
                case 4 -> builder.node("PRelu", value, weight(x.channels(), 1, 1));
                case 5 -> builder.node("Clip", value, builder.constant(-.5f), builder.constant(1.5f));
                default -> builder.node("LeakyRelu", value);
            };
            return new Feature(made, x.channels(), x.height(), x.width());
        }

        private Feature residual(Feature x) {
            Feature other = features.get(random.nextInt(features.size()));
            boolean fits =
                    other.channels() == x.channels() && other.height() == x.height() && other.width() == x.width();
            Value added = builder.node("Add", x.value(), fits ? other.value() : same(x).value());
            return new Feature(added, x.channels(), x.height(), x.width());
        }

        private Feature branches(Feature x) {
            Feature wide = same(x);
            Value narrow = builder.node("Conv", x.value(), weight(3, x.channels(), 1, 1));
            Value joined =
                    builder.node("Concat", Attributes.NONE.with("axis", 1), builder.node("Relu", narrow), wide.value());
            return new Feature(joined, 3 + x.channels(), x.height(), x.width());
        }

        /** A 3×3 convolution that keeps the shape. */
        private Feature same(Feature x) {
            Value value = builder.node(
                    "Conv",
                    Attributes.NONE.with("pads", 1, 1, 1, 1),
                    x.value(),
                    weight(x.channels(), x.channels(), 3, 3),
                    weight(x.channels()));
            return new Feature(value, x.channels(), x.height(), x.width());
        }

        private Feature channels(Feature x) {
            if (x.channels() < 2) {
                return pointwise(x);
            }
            Attributes first = Attributes.NONE.with("axis", 1);
            List<Value> parts = builder.nodes("Split", 2, first, x.value(), builder.vector(1, x.channels() - 1));
            Value turned = builder.node("Concat", first, parts.get(1), parts.get(0));
            Value cut = builder.node("Slice", turned, builder.vector(0), builder.vector(-1), builder.vector(1));
            Value padded = builder.node("Pad", cut, builder.vector(0, 1, 0, 0, 0, 0, 0, 0));
            return new Feature(padded, x.channels(), x.height(), x.width());
        }

        private Feature convolution(Feature x) {
            int kernel = 1 + random.nextInt(Math.min(4, Math.min(x.height(), x.width())));
            int wide = 1 + random.nextInt(kernel);
            int stride = 1 + random.nextInt(2);
            int groups = x.channels() % 2 == 0 && random.nextBoolean() ? 2 : 1;
            int filters = 2 * (1 + random.nextInt(4));
            Attributes attributes = Attributes.NONE
                    .with("strides", stride, 1 + random.nextInt(2))
                    .with("group", groups);
            if (random.nextInt(3) == 0) {
                attributes = attributes.with("auto_pad", AUTO_PADS.get(random.nextInt(3)));
            } else {
                int dilation = 1 + random.nextInt(2);
                attributes = attributes
                        .with("dilations", dilation, 1)
                        .with("pads", dilation * (kernel - 1), wide / 2, random.nextInt(kernel), wide / 2);
            }
            Value value = builder.node(
                    "Conv",
                    attributes,
                    x.value(),
                    weight(filters, x.channels() / groups, kernel, wide),
                    weight(filters));
            return sized(value, filters);
        }

        private Feature moved(Feature x) {
            Value value = random.nextBoolean()
                    ? builder.node(
                            "Slice",
                            x.value(),
                            builder.vector(1, 0),
                            builder.vector(Long.MAX_VALUE, -1),
                            builder.vector(2, 3),
                            builder.vector(2, 1))
                    : builder.node("Pad", x.value(), builder.vector(0, 0, 1, 2, 0, 0, 0, 1), builder.constant(.7f));
            return sized(value, x.channels());
        }

        private Feature pool(Feature x) {
            int kernel = 2 + random.nextInt(2);
            Attributes attributes =
                    Attributes.NONE.with("kernel_shape", kernel, kernel).with("strides", 1 + random.nextInt(3), 2);
            attributes = random.nextBoolean()
                    ? attributes.with("pads", 1, 0, 1, 1)
                    : attributes.with("strides", 1 + random.nextInt(kernel), 2).with("ceil_mode", 1);
            Value value = random.nextBoolean()
                    ? builder.node("MaxPool", attributes, x.value())
                    : builder.node("AveragePool", attributes.with("count_include_pad", random.nextInt(2)), x.value());
            return sized(value, x.channels());
        }

        private Feature sized(Value value, int channels) {
            Graph typed = TypeInference.infer(builder.build());
            long[] shape = typed.types().get(value).shape();
            return new Feature(value, channels, (int) shape[2], (int) shape[3]);
        }

        private Value weight(long... shape) {
            return builder.constant("weight", NDArray.normal(random, shape).toTensor());
        }
    }
}
