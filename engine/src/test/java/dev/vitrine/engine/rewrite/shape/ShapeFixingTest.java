package dev.vitrine.engine.rewrite.shape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Dimension;
import dev.vitrine.engine.graph.Extent;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.rewrite.FixDimension;
import dev.vitrine.engine.runtime.Executable;
import dev.vitrine.engine.runtime.OnnxRuntimeRunner;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.Random;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Which graphs open up, that a run of three is then three runs of one, and which must not open. */
class ShapeFixingTest {
    private static final Dimension N = Dimension.named("N");
    private static final OnnxRuntimeRunner RUNNER = new OnnxRuntimeRunner();
    private static final Attributes NONE = Attributes.NONE;

    private static Tensor normal(long seed, long... shape) {
        Random random = new Random(seed);
        float[] data = new float[(int) Tensor.elements(shape)];
        for (int i = 0; i < data.length; i++) {
            data[i] = (float) random.nextGaussian();
        }
        return Tensor.floats(data, shape);
    }

    private static Value size(GraphBuilder b, Value value, long axis) {
        Value picked = b.node("Gather", b.node("Shape", value), b.constant(Tensor.scalar(axis)));
        return b.node("Unsqueeze", picked, b.vector(0));
    }

    private static Value joined(GraphBuilder b, Value... parts) {
        return b.node("Concat", NONE.with("axis", 0), parts);
    }

    /** {@code f32[N,4,6,6]} in, {@code f32[N,…]} out. */
    enum Open {
        /** A token for each sample, repeated by a size that is computed. */
        TOKEN((b, x) -> {
            Value rows = b.node("Reshape", x, joined(b, size(b, x, 0), b.vector(4, -1)));
            Value shape = joined(b, size(b, x, 0), b.vector(-1, -1));
            Value asked = b.node("Equal", shape, b.vector(-1));
            Value full = b.node("Where", asked, b.vector(1, 1, 1), shape);
            Value token = b.node("Expand", b.constant("token", normal(1, 1, 1, 36)), full);
            return b.node("Flatten", b.node("Concat", NONE.with("axis", 1), token, rows));
        }),
        /** Heads that share an axis with samples, and places too: as nn.MultiheadAttention writes it. */
        HEADS((b, x) -> {
            Value places = b.node("Reshape", x, joined(b, size(b, x, 0), b.vector(4, 36)));
            Value first = b.node("Transpose", NONE.with("perm", 2, 0, 1), places);
            Value heads = b.node("Mul", size(b, x, 0), b.vector(2));
            Value split = b.node("Reshape", first, joined(b, b.vector(36), heads, b.vector(2)));
            Value rows = b.node("Transpose", NONE.with("perm", 1, 0, 2), split);
            Value columns = b.node("Transpose", NONE.with("perm", 1, 2, 0), split);
            Value attention = b.node("Softmax", NONE.with("axis", -1), b.node("MatMul", rows, columns));
            Value mixed = b.node("Transpose", NONE.with("perm", 1, 0, 2), b.node("MatMul", attention, rows));
            Value all = b.node("Mul", size(b, x, 0), b.vector(36));
            Value linear = b.node(
                    "Gemm", b.node("Reshape", mixed, joined(b, all, b.vector(4))), b.constant("w", normal(2, 4, 4)));
            Value back = b.node("Reshape", linear, joined(b, b.vector(36), size(b, x, 0), b.vector(4)));
            return b.node("ReduceMean", NONE.with("keepdims", 0), back, b.vector(0));
        }),
        /** Windows that share the first axis with samples, cut and put together by sizes that are computed. */
        WINDOWS((b, x) -> {
            Value cut = b.node("Reshape", x, joined(b, size(b, x, 0), b.vector(4, 2, 3, 2, 3)));
            Value turned = b.node("Transpose", NONE.with("perm", 0, 2, 4, 3, 5, 1), cut);
            Value windows = b.node("Reshape", turned, b.vector(-1, 9, 4));
            Value normal = b.node("Softmax", NONE.with("axis", 1), windows);
            Value count = b.node("Div", size(b, normal, 0), b.vector(4));
            return b.node("Reshape", normal, joined(b, count, b.vector(4 * 36)));
        }),
        /** Channels shuffled by sizes that are computed, and a slice up to a size that is. */
        SHUFFLE((b, x) -> {
            Value half = b.node("Div", size(b, x, 1), b.vector(2));
            Value groups =
                    b.node("Reshape", x, joined(b, size(b, x, 0), b.vector(2), half, size(b, x, 2), size(b, x, 3)));
            Value turned = b.node("Transpose", NONE.with("perm", 0, 2, 1, 3, 4), groups);
            Value back = b.node("Reshape", turned, b.node("Shape", x));
            Value part = b.node("Slice", back, b.vector(0, 1), joined(b, size(b, x, 0), size(b, x, 1)), b.vector(0, 1));
            return b.node("Flatten", part);
        });

        private final BiFunction<GraphBuilder, Value, Value> network;

        Open(BiFunction<GraphBuilder, Value, Value> network) {
            this.network = network;
        }
    }

    private static Graph fixed(BiFunction<GraphBuilder, Value, Value> network, TensorType type) {
        GraphBuilder b = new GraphBuilder();
        Value x = b.input("x", type);
        b.output(network.apply(b, x));
        return new ShapeFixing(RUNNER, x, N).apply(b.build(), type);
    }

    private static boolean isOpen(Graph graph) {
        return graph.types().get(new Value("x")).dimension(0).equals(N);
    }

    private static float[] run(Graph graph, Tensor x) {
        try (Executable executable = RUNNER.load(graph)) {
            return executable
                    .run(Map.of(new Value("x"), x))
                    .get(graph.outputs().get(0))
                    .toFloats();
        }
    }

    private static void threeAreThreeSingles(Graph graph) {
        Tensor pictures = normal(5, 3, 4, 6, 6);
        float[] open = run(graph, pictures);
        float[] together = run(new FixDimension(N, 3).apply(graph), pictures);
        Graph one = new FixDimension(N, 1).apply(graph);
        int each = together.length / 3;
        for (int row = 0; row < 3; row++) {
            float[] single = run(one, pictures.rows(row, row + 1));
            assertThat(Arrays.copyOfRange(together, row * each, (row + 1) * each))
                    .containsExactly(single, within(1e-5f));
            assertThat(Arrays.copyOfRange(open, row * each, (row + 1) * each)).containsExactly(single, within(1e-5f));
        }
    }

    @ParameterizedTest
    @EnumSource
    void computedSizesFollowTheBatch(Open kind) {
        Graph graph = fixed(
                kind.network, TensorType.of(ElementType.FLOAT32, 1, 4, 6, 6).withDimension(0, N));
        assertThat(isOpen(graph)).isTrue();
        assertThat(graph.nodes().stream()
                        .flatMap(node -> node.outputs().stream())
                        .map(value -> graph.types().get(value)))
                .allMatch(type -> type.dimensions().stream()
                        .allMatch(size -> Extent.of(size, N).isPresent()));
        assertThat(graph.nodes().stream()
                        .filter(node ->
                                node.opType().equals("Reshape") || node.opType().equals("Slice")))
                .allMatch(node -> graph.constant(node.input(1)).isPresent());
        threeAreThreeSingles(graph);
    }

    /** Sizes for one batch of 1 or 8, written down. */
    static Stream<BiFunction<GraphBuilder, Value, Value>> baked() {
        return Stream.of(
                (b, x) -> b.node("Reshape", x, b.vector(1, 144)),
                (b, x) -> b.node("Reshape", x, b.vector(1, -1)),
                (b, x) -> {
                    Value split = b.node("Reshape", x, b.vector(1, 2, 2, 6, 6));
                    Value turned = b.node("Transpose", NONE.with("perm", 0, 2, 1, 3, 4), split);
                    return b.node("Flatten", b.node("Reshape", turned, b.vector(1, 4, 6, 6)));
                },
                (b, x) -> {
                    Value cut = b.node("Reshape", x, b.vector(1, 4, 2, 3, 2, 3));
                    Value turned = b.node("Transpose", NONE.with("perm", 0, 2, 4, 3, 5, 1), cut);
                    Value windows =
                            b.node("Softmax", NONE.with("axis", 1), b.node("Reshape", turned, b.vector(4, 9, 4)));
                    return b.node("Reshape", windows, b.vector(1, 144));
                },
                (b, x) -> {
                    Value rows = b.node("Reshape", x, b.vector(1, 4, 36));
                    Value token = b.constant("token", normal(1, 1, 1, 36));
                    return b.node("Flatten", b.node("Concat", NONE.with("axis", 1), token, rows));
                });
    }

    @ParameterizedTest
    @MethodSource("baked")
    void sizesThatWereWrittenDownFollowTheBatch(BiFunction<GraphBuilder, Value, Value> network) {
        Graph graph = fixed(network, TensorType.of(ElementType.FLOAT32, 1, 4, 6, 6));
        assertThat(isOpen(graph)).isTrue();
        threeAreThreeSingles(graph);
    }

    @Test
    void aBatchOfEightOpensToo() {
        BiFunction<GraphBuilder, Value, Value> network = (b, x) -> b.node("Reshape", x, b.vector(8, 144));
        Graph graph = fixed(network, TensorType.of(ElementType.FLOAT32, 8, 4, 6, 6));
        assertThat(isOpen(graph)).isTrue();
        threeAreThreeSingles(graph);
    }

    /** What goes with samples is one for all, or is repeated for each; the outer batch is 1 in the file. */
    static Stream<BiFunction<GraphBuilder, Value, Value>> withConstants() {
        return Stream.of(
                // Nothing else was written down: only the constant tells that the batch is 1.
                (b, x) -> {
                    Value rows = b.node("ReduceMean", NONE.with("keepdims", 0), x, b.vector(2, 3));
                    return b.node("Concat", NONE.with("axis", 1), rows, b.constant("c", normal(1, 1, 3)));
                },
                (b, x) -> {
                    Value rows = b.node("ReduceMean", NONE.with("keepdims", 0), x, b.vector(3));
                    return b.node(
                            "Flatten",
                            b.node("Concat", NONE.with("axis", -2), b.constant("c", normal(1, 1, 1, 6)), rows));
                },
                (b, x) -> b.node("Flatten", b.node("Add", x, b.constant("c", normal(1, 1, 4, 1, 6)))),
                (b, x) -> b.node("Flatten", b.node("PRelu", x, b.constant("c", normal(1, 4, 1, 1)))),
                (b, x) -> b.node(
                        "Flatten",
                        b.node("Where", b.node("Less", x, b.constant(0f)), b.constant("c", normal(1, 1, 4, 6, 6)), x)),
                (b, x) -> b.node("Flatten", b.node("MatMul", x, b.constant("c", normal(1, 1, 4, 6, 3)))),
                (b, x) -> b.node(
                        "Gemm",
                        b.node("Flatten", x),
                        b.constant("w", normal(1, 144, 3)),
                        b.constant("c", normal(2, 1, 3))),
                (b, x) -> b.node(
                        "Flatten",
                        b.node("Einsum", NONE.with("equation", "nchw,wk->nchk"), x, b.constant("w", normal(1, 6, 3)))),
                (b, x) -> b.node(
                        "Flatten",
                        b.node(
                                "Einsum",
                                NONE.with("equation", "...hw,...wk->...hk"),
                                x,
                                b.constant("w", normal(1, 1, 1, 6, 3)))),
                (b, x) -> b.node("Flatten", b.node("GridSample", x, b.constant("grid", normal(1, 1, 5, 5, 2)))),
                (b, x) -> b.node(
                        "Flatten",
                        b.node(
                                "GatherElements",
                                NONE.with("axis", 3),
                                x,
                                b.constant(Tensor.longs(new long[] {1, 0, 3, 5}, 1, 4, 1, 1)))),
                (b, x) -> b.node(
                        "Flatten",
                        b.node("Slice", x, b.vector(-1), b.vector(Long.MIN_VALUE), b.vector(3), b.vector(-1))),
                (b, x) -> {
                    Value steps = b.node(
                            "Transpose",
                            NONE.with("perm", 2, 0, 1),
                            b.node("ReduceMean", NONE.with("keepdims", 0), x, b.vector(3)));
                    Value last = b.nodes(
                                    "LSTM",
                                    2,
                                    NONE.with("hidden_size", 5),
                                    steps,
                                    b.constant("w", normal(1, 1, 20, 4)),
                                    b.constant("r", normal(2, 1, 20, 5)),
                                    Value.NONE,
                                    Value.NONE,
                                    b.constant("h", normal(3, 1, 1, 5)),
                                    b.constant("c", normal(4, 1, 1, 5)))
                            .get(1);
                    return b.node("Squeeze", last, b.vector(0));
                });
    }

    @ParameterizedTest
    @MethodSource("withConstants")
    void constantsGoWithEverySample(BiFunction<GraphBuilder, Value, Value> network) {
        for (Dimension batch : new Dimension[] {N, Dimension.of(1)}) {
            TensorType type = TensorType.of(ElementType.FLOAT32, 1, 4, 6, 6).withDimension(0, batch);
            Graph graph = fixed(network, type);
            assertThat(isOpen(graph)).isTrue();
            threeAreThreeSingles(graph);
        }
    }

    private static Tensor alike(Tensor row, int count) {
        return Tensor.concatenate(Collections.nCopies(count, row));
    }

    @Test
    void constantsForEightThatAreAllAlikeGoWithEverySample() {
        TensorType eight = TensorType.of(ElementType.FLOAT32, 8, 4, 6, 6);
        Stream.<BiFunction<GraphBuilder, Value, Value>>of(
                        (b, x) -> b.node("Flatten", b.node("Add", x, b.constant("c", alike(normal(1, 1, 4, 1, 6), 8)))),
                        (b, x) -> b.node(
                                "Flatten",
                                b.node(
                                        "Concat",
                                        NONE.with("axis", 1),
                                        b.constant("c", alike(normal(1, 1, 1, 6, 6), 8)),
                                        x)))
                .forEach(network -> {
                    Graph graph = fixed(network, eight);
                    assertThat(isOpen(graph)).isTrue();
                    threeAreThreeSingles(graph);
                });
        Stream.<BiFunction<GraphBuilder, Value, Value>>of(
                        (b, x) -> b.node("Flatten", b.node("Add", x, b.constant("c", normal(1, 8, 4, 1, 6)))),
                        (b, x) -> b.node("Flatten", b.node("MatMul", x, b.constant("c", normal(1, 8, 4, 6, 6)))),
                        (b, x) -> b.node(
                                "Flatten",
                                b.node("Concat", NONE.with("axis", 1), b.constant("c", normal(1, 8, 1, 6, 6)), x)))
                .forEach(network -> assertThat(fixed(network, eight)
                                .types()
                                .get(new Value("x"))
                                .dimension(0))
                        .isEqualTo(Dimension.of(8)));
    }

    /** Samples mix, or only the file's own batch makes sense: each ends in something that begins with the batch. */
    static Stream<BiFunction<GraphBuilder, Value, Value>> mixing() {
        return Stream.of(
                (b, x) -> b.node("Flatten", b.node("Mul", x, b.node("ReduceMax", x, b.vector(0)))),
                (b, x) -> b.node("Flatten", b.node("Softmax", NONE.with("axis", 0), x)),
                (b, x) -> b.node("Flatten", b.node("CumSum", x, b.constant(Tensor.scalar(0L)))),
                (b, x) -> b.node("Flatten", b.node("Add", x, b.node("Gather", x, b.vector(0)))),
                (b, x) -> b.node("Flatten", b.node("MeanVarianceNormalization", x)),
                // Backwards through the samples.
                (b, x) -> b.node(
                        "Flatten",
                        b.node("Slice", x, b.vector(-1), b.vector(Long.MIN_VALUE), b.vector(0), b.vector(-1))),
                // Each sample gets its own number.
                (b, x) -> {
                    Value each = b.node(
                            "Range",
                            b.constant(Tensor.scalar(0L)),
                            b.node("Squeeze", size(b, x, 0), b.vector(0)),
                            b.constant(Tensor.scalar(1L)));
                    Value column = b.node("Unsqueeze", b.node("Cast", NONE.with("to", 1L), each), b.vector(1));
                    return b.node("Add", b.node("Flatten", x), column);
                },
                // Only into the first sample, whatever the batch.
                (b, x) -> b.node(
                        "Flatten",
                        b.node(
                                "ScatterElements",
                                NONE.with("axis", 1),
                                x,
                                b.constant(Tensor.longs(new long[] {1, 0}, 1, 2, 1, 1)),
                                b.node("ReduceMax", x, b.vector(0, 2, 3)))),
                // Rows of different samples next to each other: the mean over the first axis is no sample's own.
                (b, x) -> {
                    Value first = b.node("Transpose", NONE.with("perm", 1, 0, 2, 3), x);
                    return b.node("Reshape", b.node("Relu", first), joined(b, size(b, x, 0), b.vector(144)));
                },
                // Channels of all samples in one picture, by weights for one: nothing holds them against each other.
                (b, x) -> {
                    Value one = b.node("Reshape", x, b.vector(1, -1, 6, 6));
                    Value kernel = b.node("Reshape", b.node("ReduceMean", x, b.vector(2, 3)), b.vector(-1, 1, 1, 1));
                    Value convolved = b.node("Conv", NONE.with("group", 4), one, kernel);
                    return b.node("Reshape", convolved, b.vector(-1, 144));
                });
    }

    @ParameterizedTest
    @MethodSource("mixing")
    void whatMixesSamplesStaysClosed(BiFunction<GraphBuilder, Value, Value> network) {
        for (Dimension batch : new Dimension[] {N, Dimension.of(1)}) {
            TensorType type = TensorType.of(ElementType.FLOAT32, 1, 4, 6, 6).withDimension(0, batch);
            Graph graph = fixed(network, type);
            assertThat(graph.types().get(new Value("x")).dimension(0)).isEqualTo(Dimension.of(1));
        }
    }

    @Test
    void multiplesOfTheBatchAreFixedWithIt() {
        assertThat(Extent.of(Dimension.named("64*N"), N)).contains(new Extent(64, 0));
        assertThat(Extent.of(Dimension.named("2*N+1"), N)).contains(new Extent(2, 1));
        assertThat(Extent.of(Dimension.named("2*M"), N)).isEmpty();
        assertThat(new Extent(2, 1).dimension(N)).isEqualTo(Dimension.named("2*N+1"));
        assertThat(new Extent(1, 0).dimension(N)).isEqualTo(N);
    }
}
