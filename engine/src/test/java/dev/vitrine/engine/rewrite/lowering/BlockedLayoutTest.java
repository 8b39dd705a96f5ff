package dev.vitrine.engine.rewrite.lowering;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.oracle.Agreement;
import dev.vitrine.engine.oracle.Interpreter;
import dev.vitrine.engine.oracle.NDArray;
import dev.vitrine.engine.rewrite.simplification.FoldConstants;
import dev.vitrine.engine.runtime.OnnxRuntimeRunner;
import dev.vitrine.engine.runtime.TypeInference;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class BlockedLayoutTest {
    private static final int BLOCK = new OnnxRuntimeRunner().channelBlock();
    private static final Attributes NONE = Attributes.NONE;
    private static final Value X = new Value("x");
    private static final long WIDE = 2L * BLOCK;

    /** What lies between two convolutions, over f32[2, 2 blocks, 9, 8]. */
    private interface Between {
        Value write(GraphBuilder builder, Value maps);
    }

    record Case(String label, Between between) {
        @Override
        public String toString() {
            return label;
        }
    }

    private static Value random(GraphBuilder b, long seed, long... shape) {
        return b.constant("w", NDArray.normal(new Random(seed), shape).toTensor());
    }

    private static Value conv(GraphBuilder b, Value x, long in, long out) {
        return b.node(
                "Conv", NONE.with("pads", 1, 1, 1, 1), x, random(b, in + out, out, in, 3, 3), random(b, out, out));
    }

    private static Value positive(GraphBuilder b, Value x) {
        return b.node("Add", b.node("Abs", x), b.constant(.5f));
    }

    private static Graph graph(Between between) {
        GraphBuilder b = new GraphBuilder();
        b.input(X.name(), TensorType.of(ElementType.FLOAT32, 2, 3, 9, 8));
        Value maps = between.write(b, conv(b, X, 3, WIDE));
        Graph part = TypeInference.infer(b.output(maps).build());
        GraphBuilder end = new GraphBuilder(part).clearOutputs();
        long channels = part.types().get(maps).dimension(1).size();
        return TypeInference.infer(
                end.output(conv(end, maps, channels, BLOCK)).output(maps).build());
    }

    static Stream<Case> cases() {
        return Stream.of(
                new Case("quotient", (b, x) -> b.node("Div", x, positive(b, x))),
                new Case("selection", (b, x) -> {
                    Value chosen = b.node("Greater", x, b.constant(.1f));
                    return b.node("Where", chosen, b.node("Neg", x), b.node("Exp", b.node("Min", x, b.constant(0f))));
                }),
                new Case("condition from outside", (b, x) -> {
                    Value far = b.node("Greater", b.node("ReduceMax", b.node("Abs", x)), b.constant(1e6f));
                    return b.node("Where", far, x, b.node("Abs", x));
                }),
                new Case("condition that leaves", (b, x) -> {
                    Value on = b.node("Greater", x, b.constant(0f));
                    Value count = b.node(
                            "ReduceSum",
                            NONE.with("keepdims", 1L),
                            b.node("Cast", NONE.with("to", 1L), b.node("Not", on)),
                            b.vector(1, 2, 3));
                    return b.node("Div", b.node("Abs", x), b.node("Add", count, b.constant(1f)));
                }),
                new Case("bias of its own and a gate", (b, x) -> {
                    Value shifted = b.node("Sub", x, random(b, 5, WIDE, 1, 1));
                    Value gate = b.node("Sigmoid", b.node("GlobalAveragePool", shifted));
                    return b.node("Mul", b.node("Mul", shifted, random(b, 6, 1, WIDE, 1, 1)), gate);
                }),
                new Case("maps that are constant", (b, x) -> b.node("Sub", x, random(b, 7, 2, WIDE, 9, 8))),
                new Case("sum and rectifier", (b, x) -> {
                    Value branch = b.node("Relu", b.node("Add", conv(b, x, WIDE, WIDE), b.node("Abs", x)));
                    return b.node(
                            "Clip", b.node("Add", x, conv(b, branch, WIDE, WIDE)), b.constant(-500f), b.constant(900f));
                }),
                new Case("a value added to itself", (b, x) -> {
                    Value maps = conv(b, x, WIDE, WIDE);
                    return b.node("Abs", b.node("Add", maps, maps));
                }),
                new Case("concatenation and parts", (b, x) -> {
                    Value both = b.node("Concat", NONE.with("axis", 1L), b.node("Abs", x), conv(b, x, WIDE, BLOCK));
                    List<Value> parts = b.nodes("Split", 2, NONE.with("axis", 1L), both, b.vector(BLOCK, WIDE));
                    Value middle = b.node("Slice", both, b.vector(BLOCK), b.vector(WIDE), b.vector(1));
                    return b.node("Concat", NONE.with("axis", 1L), b.node("Neg", parts.get(1)), middle, parts.get(0));
                }),
                new Case("parts across blocks", (b, x) -> {
                    Value cut = b.node("Slice", b.node("Abs", x), b.vector(1), b.vector(1 + BLOCK), b.vector(1));
                    return b.node("Div", cut, positive(b, cut));
                }),
                new Case("borders and strides in space", (b, x) -> {
                    Value padded = b.node("Pad", b.node("Abs", x), b.vector(0, 0, 1, 2, 0, 0, 3, 0), b.constant(.25f));
                    return b.node("Slice", padded, b.vector(-2, 1), b.vector(-99, 9), b.vector(2, 3), b.vector(-2, 1));
                }),
                new Case("pooling and enlargement", (b, x) -> {
                    Value pooled =
                            b.node("MaxPool", NONE.with("kernel_shape", 2, 2).with("strides", 2, 2), b.node("Abs", x));
                    Value mean = b.node(
                            "AveragePool", NONE.with("kernel_shape", 3, 3).with("pads", 1, 1, 1, 1), pooled);
                    Attributes nearest = NONE.with("mode", "nearest")
                            .with("coordinate_transformation_mode", "asymmetric")
                            .with("nearest_mode", "floor");
                    Value scales = b.constant(Tensor.floats(new float[] {1, 1, 3, 2}, 4));
                    return b.node("Neg", b.node("Resize", nearest, mean, Value.NONE, scales));
                }),
                new Case("channels on their own", (b, x) -> {
                    Attributes each = NONE.with("group", WIDE).with("pads", 1, 1, 1, 1);
                    Value filtered = b.node("Conv", each, b.node("Abs", x), random(b, 8, WIDE, 1, 3, 3));
                    float[] minus = new float[(int) WIDE];
                    java.util.Arrays.fill(minus, -1);
                    Value negated = b.node(
                            "Conv",
                            NONE.with("group", WIDE),
                            filtered,
                            b.constant(Tensor.floats(minus, WIDE, 1, 1, 1)));
                    return b.node("Add", negated, x);
                }),
                new Case("interleaved places", (b, x) -> {
                    Value flat = b.node("Abs", x);
                    Value[] parts = new Value[4];
                    for (int i = 0; i < 4; i++) {
                        Value part = b.node("Mul", flat, b.constant(i + 1f));
                        parts[i] = b.node("Reshape", part, b.vector(0, WIDE, 1, 72));
                    }
                    Value stacked = b.node("Concat", NONE.with("axis", 2L), parts);
                    return b.node(
                            "Col2Im",
                            NONE.with("strides", 2, 2).with("pads", 0, 0, 1, 0),
                            b.node("Reshape", stacked, b.vector(0, 4 * WIDE, 72)),
                            b.vector(17, 16),
                            b.vector(2, 2));
                }));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theNumbersStay(Case one) {
        Graph graph = graph(one.between());
        Map<Value, NDArray> at = Agreement.rounded(Map.of(X, NDArray.normal(new Random(1), 2, 3, 9, 8)));
        Graph blocked = new BlockedLayout(BLOCK).apply(graph);
        assertThat(blocked.nodes().stream()
                        .anyMatch(node -> node.domain().equals(BlockedLayout.DOMAIN)
                                && node.opType().equals("Conv")))
                .isEqualTo(BLOCK > 1);
        Map<Value, NDArray> expected = Interpreter.evaluate(graph, at);
        Map<Value, NDArray> found = Agreement.run(blocked, at);
        for (Value output : graph.outputs()) {
            Agreement.check(one.label(), found.get(output), expected.get(output), 1e-5);
        }
    }

    @Test
    void elementWiseOperatorsCostNoChangeOfLayout() {
        Graph graph = graph((b, x) -> b.node("Div", b.node("Relu", x), positive(b, x)));
        Graph asked = graph.withOutputs(graph.outputs().subList(0, 1));
        Graph blocked = new BlockedLayout(BLOCK).apply(asked);
        assertThat(blocked.nodes().stream().filter(node -> node.opType().startsWith("Reorder")))
                .hasSize(BLOCK > 1 ? 1 : 0);
    }

    @Test
    void whatTheRuntimeDoesByItselfStays() {
        Graph kept = graph((b, x) -> b.node("Sigmoid", b.node("Add", x, b.node("Relu", x))));
        assertThat(new BlockedLayout(BLOCK).apply(kept)).isSameAs(kept);
        Graph uneven = graph((b, x) -> b.node("Abs", conv(b, x, WIDE, BLOCK - 1)));
        assertThat(new BlockedLayout(BLOCK).apply(uneven)).isSameAs(uneven);
        Graph graph = graph((b, x) -> b.node("Abs", x));
        assertThat(new BlockedLayout(1).apply(graph)).isSameAs(graph);
    }

    /** Relu(w ∗ x) with kernels of 33 MB, and what else. */
    private static Graph large(Between between) {
        GraphBuilder b = new GraphBuilder();
        Value x = b.input(X.name(), TensorType.of(ElementType.FLOAT32, 1, 976, 3, 3));
        Value weight = b.constant("w", Tensor.floats(numbers(976 * 976 * 9), 976, 976, 3, 3));
        Value conv = b.node("Conv", NONE.with("pads", 1, 1, 1, 1), x, weight);
        return TypeInference.infer(
                b.output(b.node("Relu", between.write(b, conv))).build());
    }

    private static float[] numbers(int count) {
        Random random = new Random(2);
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = random.nextFloat() - .5f;
        }
        return numbers;
    }

    @Test
    void largeKernelsAreBlockedOnceForAllSessions() {
        Graph graph = large((b, x) -> x);
        Graph blocked = new BlockedLayout(BLOCK).apply(graph);
        assertThat(blocked.nodes().stream().anyMatch(node -> node.domain().equals(BlockedLayout.DOMAIN)))
                .isEqualTo(BLOCK > 1);
        Map<Value, NDArray> at = Map.of(X, NDArray.normal(new Random(3), 1, 976, 3, 3));
        Value output = graph.outputs().get(0);
        Agreement.check(
                "blocked",
                Agreement.run(blocked, at).get(output),
                Agreement.run(graph, at).get(output),
                1e-5);
    }

    @Test
    void batchNormalizationIsLeftToTheRuntime() {
        Graph graph = large((b, x) -> {
            Value ones = b.constant("ones", Tensor.floats(numbers(976), 976));
            return b.node("BatchNormalization", x, ones, ones, ones, b.node("Abs", ones));
        });
        Graph folded = TypeInference.infer(new FoldConstants(new OnnxRuntimeRunner()).apply(graph));
        assertThat(new BlockedLayout(BLOCK).apply(folded)).isSameAs(folded);
    }
}
