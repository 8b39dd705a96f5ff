package dev.vitrine.engine.rewrite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.vitrine.engine.graph.AttributeValue;
import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Dimension;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.GraphPrinter;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.oracle.Interpreter;
import dev.vitrine.engine.oracle.NDArray;
import dev.vitrine.engine.rewrite.simplification.FoldBatchNormalization;
import dev.vitrine.engine.rewrite.simplification.FoldConstants;
import dev.vitrine.engine.rewrite.simplification.PoolBeforeConvolution;
import dev.vitrine.engine.runtime.OnnxRuntimeRunner;
import dev.vitrine.engine.runtime.TypeInference;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What each rewrite makes, as text files beside this class; where it must not fire; and that the numbers stay. */
class RewriteTest {
    private static final Attributes NONE = Attributes.NONE;
    private static final FoldConstants FOLD_CONSTANTS = new FoldConstants(new OnnxRuntimeRunner());

    private final GraphBuilder builder = new GraphBuilder();
    private final Value x = builder.input("x", TensorType.of(ElementType.FLOAT32, 1, 2, 4, 4));
    private final Random random = new Random(3);

    private static void isAsIn(String file, Graph graph) {
        try (InputStream stream = RewriteTest.class.getResourceAsStream(file)) {
            String expected =
                    stream == null ? "(no " + file + ")" : new String(stream.readAllBytes(), StandardCharsets.UTF_8);
            assertThat(GraphPrinter.print(graph)).as(file).isEqualTo(expected);
        } catch (IOException exception) {
            throw new UncheckedIOException(exception);
        }
    }

    private Value weights(long... shape) {
        return builder.constant("w", NDArray.normal(random, shape).toTensor());
    }

    private Value positive(long size) {
        float[] data = new float[(int) size];
        for (int i = 0; i < data.length; i++) {
            data[i] = .5f + random.nextFloat();
        }
        return builder.constant("variance", Tensor.floats(data, size));
    }

    private NDArray image() {
        return NDArray.normal(new Random(8), 1, 2, 4, 4);
    }

    private void sameNumbers(Graph before, Graph after, double tolerance) {
        Map<Value, NDArray> expected = Interpreter.evaluate(before, Map.of(x, image()));
        Map<Value, NDArray> found = Interpreter.evaluate(after, Map.of(x, image()));
        for (Value output : after.outputs()) {
            assertThat(found.get(output).data())
                    .containsExactly(expected.get(output).data(), within(tolerance));
        }
    }

    @Test
    void pruneDropsWhatNoOutputNeeds() {
        Value kept = builder.node("Mul", x, weights(2, 1, 1));
        builder.node("Exp", builder.node("Add", kept, weights(2, 1, 1)));
        Graph graph = builder.output(kept).build();
        Graph pruned = new Prune().apply(graph);
        isAsIn("prune.txt", pruned);
        assertThat(pruned.constants()).hasSize(1);
        sameNumbers(graph, pruned, 0);
    }

    @Test
    void pruneKeepsWhatABranchReads() {
        Value inside = builder.node("Exp", x);
        GraphBuilder body = new GraphBuilder();
        body.output(body.node("Neg", inside));
        Value flag = builder.constant("flag", Tensor.wrap(ElementType.BOOL, new long[0], ByteBuffer.allocate(1)));
        Attributes branches = NONE.with("then_branch", new AttributeValue.OfGraph(body.build()))
                .with("else_branch", new AttributeValue.OfGraph(body.build()));
        Graph graph = builder.output(builder.node("If", branches, flag)).build();
        assertThat(new Prune().apply(graph)).isEqualTo(graph);
    }

    @Test
    void cutEndsTheGraphAtAValue() {
        Value inner = builder.node("Relu", x);
        Graph graph = builder.output(builder.node("Add", inner, weights(1))).build();
        Graph cut = new Cut(List.of(inner)).apply(graph);
        isAsIn("cut.txt", cut);
        sameNumbers(graph.withOutputs(List.of(inner)), cut, 0);
        assertThat(new Cut(graph.outputs()).apply(graph)).isEqualTo(graph);
    }

    /** A way about the value keeps the old input; a value that nothing goes about takes its place. */
    @Test
    void enterBeginsTheGraphAtAValue() {
        Value inner = builder.node("Relu", x);
        builder.declare(inner, TensorType.of(ElementType.FLOAT32, 1, 2, 4, 4));
        Value end = builder.node("Exp", inner);
        Graph graph = builder.output(end).build();
        Graph entered = new Enter(inner).apply(graph);
        assertThat(entered.inputs()).containsExactly(inner);
        assertThat(entered.nodes()).hasSize(1);
        Map<Value, NDArray> whole = Interpreter.evaluate(graph.withOutputs(List.of(inner, end)), Map.of(x, image()));
        assertThat(Interpreter.evaluate(entered, Map.of(inner, whole.get(inner)))
                        .get(end)
                        .data())
                .isEqualTo(whole.get(end).data());
        Value about = builder.node("Add", end, x);
        Graph both = new Enter(inner).apply(builder.clearOutputs().output(about).build());
        assertThat(both.inputs()).containsExactly(x, inner);
        assertThat(both.nodes()).hasSize(2);
    }

    @Test
    void exposeAddsAnOutput() {
        Value inner = builder.node("Relu", x);
        Graph graph = builder.output(builder.node("Exp", inner)).build();
        Graph exposed = new Expose(inner).apply(graph);
        isAsIn("expose.txt", exposed);
        sameNumbers(exposed, graph, 0);
        assertThat(new Expose(inner).apply(exposed)).isSameAs(exposed);
    }

    @Test
    void foldConstantsComputesShapesOnce() {
        Value shape = builder.node("Shape", x);
        Value first = builder.node("Gather", shape, builder.vector(0));
        Value flat =
                builder.node("Reshape", x, builder.node("Concat", NONE.with("axis", 0L), first, builder.vector(-1)));
        Value scale = builder.node("Exp", builder.constant(Tensor.floats(new float[] {0, 1}, 2, 1)));
        Value scaled = builder.node("Mul", builder.node("Reshape", flat, builder.vector(1, 2, 16)), scale);
        Graph graph = TypeInference.infer(builder.output(scaled).build());
        Graph folded = FOLD_CONSTANTS.apply(graph);
        isAsIn("fold-constants.txt", folded);
        sameNumbers(graph, folded, 1e-6);
        assertThat(FOLD_CONSTANTS.apply(folded)).isEqualTo(folded);
    }

    @Test
    void foldConstantsFoldsAnOutputToo() {
        Value constant = builder.node("Neg", builder.constant(2f));
        Graph graph = TypeInference.infer(
                builder.output(constant).output(builder.node("Relu", x)).build());
        Graph folded = FOLD_CONSTANTS.apply(graph);
        assertThat(folded.nodes()).hasSize(1);
        sameNumbers(graph, folded, 0);
        assertThat(new OnnxRuntimeRunner()
                        .load(folded)
                        .run(Map.of(x, image().toTensor()))
                        .get(constant)
                        .toFloats())
                .containsExactly(-2);
    }

    @Test
    void foldConstantsLeavesRandomLargeAndUnknownAlone() {
        Value noise = builder.node("RandomNormal", NONE.with("shape", new long[] {2, 1, 1}));
        Value large = builder.node("Expand", builder.constant(1f), builder.vector(1 << 11, (1 << 10) + 1));
        GraphBuilder open = builder;
        Value image =
                open.input("image", TensorType.of(ElementType.FLOAT32, 1, 2).withDimension(0, Dimension.named("N")));
        Value flat = open.node("Reshape", image, open.node("Shape", image));
        Graph graph = TypeInference.infer(open.output(builder.node("Add", x, noise))
                .output(builder.node("ReduceSum", large))
                .output(flat)
                .build());
        assertThat(FOLD_CONSTANTS.apply(graph).nodes().stream().map(node -> node.opType()))
                .contains("RandomNormal", "Expand", "Shape");
    }

    private Value norm(Value input, long channels) {
        return builder.node(
                "BatchNormalization",
                NONE.with("epsilon", 1e-3f),
                input,
                weights(channels),
                weights(channels),
                weights(channels),
                positive(channels));
    }

    @Test
    void foldBatchNormalizationIntoTheConvolutionBefore() {
        Value plain = norm(builder.node("Conv", x, weights(3, 2, 3, 3)), 3);
        Value biased = norm(builder.node("Conv", NONE.with("group", 2L), x, weights(4, 1, 1, 1), weights(4)), 4);
        Graph graph = builder.output(plain).output(biased).build();
        Graph folded = new FoldBatchNormalization().apply(graph);
        isAsIn("fold-batch-normalization.txt", folded);
        sameNumbers(graph, folded, 1e-5);
    }

    @Test
    void foldBatchNormalizationOnlyWhereNobodyElseLooks() {
        Value read = builder.node("Conv", x, weights(3, 2, 3, 3));
        Value twice = builder.node("Add", norm(read, 3), read);
        Value output = builder.node("Conv", x, weights(3, 2, 3, 3));
        Value behindOutput = norm(output, 3);
        Value computed = builder.node("Conv", x, builder.node("Exp", weights(3, 2, 3, 3)));
        Value behindComputed = norm(computed, 3);
        Value alone = norm(x, 2);
        Value training = builder.node("Conv", x, weights(3, 2, 3, 3));
        Value trained = builder.node(
                "BatchNormalization",
                NONE.with("training_mode", 1L),
                training,
                weights(3),
                weights(3),
                weights(3),
                positive(3));
        Graph graph = builder.output(twice)
                .output(output)
                .output(behindOutput)
                .output(behindComputed)
                .output(alone)
                .output(trained)
                .build();
        assertThat(new FoldBatchNormalization().apply(graph)).isEqualTo(graph);
    }

    @Test
    void foldBatchNormalizationLeavesASharedKernelToTheOther() {
        Value kernel = weights(3, 2, 3, 3);
        Value normed = norm(builder.node("Conv", x, kernel), 3);
        Value bare = builder.node("Conv", x, kernel);
        Graph graph = builder.output(normed).output(bare).build();
        Graph folded = new FoldBatchNormalization().apply(graph);
        assertThat(folded.nodes()).hasSize(2);
        sameNumbers(graph, folded, 1e-5);
    }

    private Value point(Value input, long from, long to) {
        return builder.node("Conv", input, weights(to, from, 1, 1), weights(to));
    }

    @Test
    void poolBeforeConvolutionAveragesFirst() {
        Value pooled = builder.node("GlobalAveragePool", point(x, 2, 3));
        Value grouped = builder.node("Conv", NONE.with("group", 2L), x, weights(4, 1, 1, 1));
        Value mean = builder.node("ReduceMean", grouped, builder.vector(-1, 2));
        Graph graph = TypeInference.infer(builder.output(pooled).output(mean).build());
        Graph exchanged = new PoolBeforeConvolution().apply(graph);
        isAsIn("pool-before-convolution.txt", exchanged);
        sameNumbers(graph, exchanged, 1e-6);
        assertThat(TypeInference.infer(exchanged).types()).isEqualTo(exchanged.types());
    }

    @Test
    void poolBeforeConvolutionOnlyWhereTheyCommuteAndNobodyElseLooks() {
        Value weight = weights(3, 2, 1, 1);
        Value wide = builder.node("GlobalAveragePool", builder.node("Conv", x, weights(3, 2, 3, 3)));
        Value strided = builder.node("GlobalAveragePool", builder.node("Conv", NONE.with("strides", 2, 2), x, weight));
        Value padded =
                builder.node("GlobalAveragePool", builder.node("Conv", NONE.with("pads", 0, 0, 1, 1), x, weight));
        Value rectified = builder.node("GlobalAveragePool", builder.node("Relu", point(x, 2, 3)));
        Value largest = builder.node("GlobalMaxPool", point(x, 2, 3));
        Value rows = builder.node("ReduceMean", point(x, 2, 3), builder.vector(2));
        Value flat = builder.node("ReduceMean", NONE.with("keepdims", 0), point(x, 2, 3), builder.vector(2, 3));
        Value output = point(x, 2, 3);
        Value behindOutput = builder.node("GlobalAveragePool", output);
        Value read = point(x, 2, 3);
        Value behindRead = builder.node("Add", builder.node("GlobalAveragePool", read), read);
        for (Value value :
                List.of(wide, strided, padded, rectified, largest, rows, flat, output, behindOutput, behindRead)) {
            builder.output(value);
        }
        Graph graph = TypeInference.infer(builder.build());
        assertThat(new PoolBeforeConvolution().apply(graph)).isEqualTo(graph);
    }

    @Test
    void mirrorCopiesWhatDependsOnTheReplaced() {
        Value scale = builder.node("Exp", weights(2, 1, 1));
        Value scaled = builder.node("Mul", x, scale);
        Value result = builder.node("Relu", scaled);
        Graph graph = TypeInference.infer(builder.output(result).build());
        GraphBuilder both = new GraphBuilder(graph);
        Value other = both.input("other", TensorType.of(ElementType.FLOAT32, 1, 2, 4, 4));
        Map<Value, Value> copies =
                Mirror.append(both, graph.nodes(), Map.of(x, other), Dimension.of(1), Dimension.of(1));
        Graph mirrored = both.output(copies.get(result)).build();
        isAsIn("mirror.txt", mirrored);
        assertThat(copies).doesNotContainKey(scale);
        NDArray there = NDArray.normal(new Random(9), 1, 2, 4, 4);
        Map<Value, NDArray> found = Interpreter.evaluate(mirrored, Map.of(x, image(), other, there));
        assertThat(found.get(copies.get(result)).data())
                .containsExactly(Interpreter.evaluate(graph, Map.of(x, there))
                        .get(result)
                        .data());
        assertThat(found.get(result).data())
                .containsExactly(Interpreter.evaluate(graph, Map.of(x, image()))
                        .get(result)
                        .data());
    }

    @Test
    void anInputBecomesAComputedValue() {
        Value doubled = builder.node("Add", x, x);
        Value half = builder.input("half", TensorType.of(ElementType.FLOAT32, 1, 2, 4, 4));
        Value large = builder.node("Exp", half);
        builder.output(doubled);
        Graph graph = new Compute(x, large).apply(builder.build());
        assertThat(graph.inputs()).containsExactly(half);
        NDArray given = NDArray.normal(random, 1, 2, 4, 4);
        double[] found =
                Interpreter.evaluate(graph, Map.of(half, given)).get(doubled).data();
        for (int i = 0; i < found.length; i++) {
            assertThat(found[i]).isCloseTo(2 * Math.exp(given.data()[i]), within(1e-9));
        }
        assertThatThrownBy(() -> new Compute(x, doubled).apply(builder.build()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("depends on 'x'");
    }
}
