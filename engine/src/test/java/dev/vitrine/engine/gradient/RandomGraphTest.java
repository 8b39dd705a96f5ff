package dev.vitrine.engine.gradient;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.GraphPrinter;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.onnx.OnnxReader;
import dev.vitrine.engine.onnx.OnnxWriter;
import dev.vitrine.engine.oracle.Agreement;
import dev.vitrine.engine.oracle.GradientCheck;
import dev.vitrine.engine.oracle.Interpreter;
import dev.vitrine.engine.oracle.NDArray;
import dev.vitrine.engine.rewrite.simplification.FoldBatchNormalization;
import dev.vitrine.engine.rewrite.simplification.FoldConstants;
import dev.vitrine.engine.runtime.OnnxRuntimeRunner;
import dev.vitrine.engine.runtime.TypeInference;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Random graphs through write, read, rewrite, differentiate and run. */
class RandomGraphTest {
    private static final Attributes NONE = Attributes.NONE;
    private static final Value X = new Value("x");

    static LongStream seeds() {
        return LongStream.range(0, 50);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void survivesTheWholeWay(long seed) {
        Generator generator = new Generator(seed);
        Graph graph = generator.graph();
        try {
            Graph read = OnnxReader.read(OnnxWriter.toBytes(graph));
            assertThat(read.nodes()).isEqualTo(graph.nodes());
            assertThat(read.constants()).isEqualTo(graph.constants());
            Graph folded = new FoldConstants(new OnnxRuntimeRunner()).apply(TypeInference.infer(read));
            Graph rewritten = TypeInference.infer(new FoldBatchNormalization().apply(folded));
            Value output = graph.outputs().get(0);
            Map<Value, NDArray> at = Map.of(X, generator.input);
            Agreement.check(
                    "rewritten",
                    Interpreter.evaluate(rewritten, at).get(output),
                    Interpreter.evaluate(graph, at).get(output),
                    1e-5);
            Graph gradient = Gradients.of(BackwardRules.PLAIN, rewritten, output, List.of(X));
            Agreement.check(Gradients.only(gradient, 1), at, 1e-3);
            GradientCheck.of(rewritten, Gradients::plain).at(X, generator.input).check(seed);
        } catch (RuntimeException | AssertionError failure) {
            throw new AssertionError("seed " + seed + ": " + failure + "\n" + GraphPrinter.print(graph), failure);
        }
    }

    /** Grows a graph node by node; what each value is at the input tells which operators fit next. */
    private static final class Generator {
        private static final List<String> UNARY = List.of(
                "Relu",
                "Tanh",
                "Sigmoid",
                "LeakyRelu",
                "Softplus",
                "Elu",
                "Abs",
                "Neg",
                "Sin",
                "Gelu",
                "HardSwish",
                "Mish");

        private final Random random;
        private final GraphBuilder builder = new GraphBuilder();
        private final List<Value> values = new ArrayList<>();
        private final NDArray input;

        Generator(long seed) {
            random = new Random(seed);
            long[] shape = {2, 2 + 2 * random.nextInt(2), 4 + random.nextInt(4), 4 + random.nextInt(4)};
            input = NDArray.of(NDArray.normal(random, shape).toTensor());
            values.add(builder.input("x", TensorType.of(ElementType.FLOAT32, shape)));
        }

        Graph graph() {
            int size = 5 + random.nextInt(8);
            for (int i = 0; i < size; i++) {
                // most often on from the last, so that graphs grow deep as well as wide
                Value value = random.nextInt(3) > 0
                        ? values.get(values.size() - 1)
                        : values.get(random.nextInt(values.size()));
                values.add(next(value, shape(value)));
            }
            Value last = values.get(values.size() - 1);
            Value flat = builder.node("Reshape", last, flatShape(last));
            Value pooled = builder.node("Gemm", flat, weights(elements(last) / 2, 3), weights(3));
            Value stem = builder.node("ReduceMean", NONE.with("keepdims", 0L), values.get(0), builder.vector(1, 2, 3));
            Value column = builder.node("Unsqueeze", builder.node("Tanh", stem), builder.vector(1));
            return builder.output(builder.node("Add", pooled, column)).build();
        }

        /** {@code [N, -1]} the way exporters write it. */
        private Value flatShape(Value value) {
            Value first = builder.node("Gather", builder.node("Shape", value), builder.vector(0));
            return builder.node("Concat", NONE.with("axis", 0L), first, builder.vector(-1));
        }

        private Value next(Value x, long[] shape) {
            long channels = shape[1];
            boolean wide = shape[2] > 2 && shape[3] > 2;
            return switch (random.nextInt(wide ? 16 : 9)) {
                case 0, 1 -> builder.node(UNARY.get(random.nextInt(UNARY.size())), x);
                case 2 -> binary(x, shape);
                case 3 -> {
                    Value mean = weights(channels);
                    Value variance = builder.constant("variance", ones(channels));
                    Value conv = builder.node("Conv", x, weights(channels, channels, 1, 1));
                    yield builder.node(
                            "BatchNormalization", conv, weights(channels), weights(channels), mean, variance);
                }
                case 4 -> builder.node("Softmax", NONE.with("axis", 1 + random.nextInt(3)), x);
                case 5 -> builder.node("Transpose", NONE.with("perm", new long[] {0, 1, 3, 2}), x);
                case 6 ->
                    builder.node(
                            "Concat",
                            NONE.with("axis", 1L),
                            x,
                            builder.node(
                                    "Slice", x, builder.vector(0), builder.vector(channels - 1), builder.vector(1)));
                case 7 -> builder.node("Pad", x, builder.vector(0, 0, 1, random.nextInt(2), 0, 0, 0, 1));
                case 8 -> builder.node("Mul", x, builder.node("ReduceMean", x, builder.vector(2 + random.nextInt(2))));
                case 9 -> {
                    long group = channels % 2 == 0 && random.nextBoolean() ? 2 : 1;
                    long out = 2 * (1 + random.nextInt(2));
                    Attributes attributes = NONE.with("group", group)
                            .with("pads", new long[] {random.nextInt(2), 1, 1, random.nextInt(3)})
                            .with("strides", new long[] {1 + random.nextInt(2), 1 + random.nextInt(2)});
                    yield builder.node("Conv", attributes, x, weights(out, channels / group, 3, 3), weights(out));
                }
                case 10, 11 -> {
                    Attributes attributes = NONE.with("kernel_shape", new long[] {2 + random.nextInt(2), 2})
                            .with("strides", new long[] {1 + random.nextInt(2), 1 + random.nextInt(2)})
                            .with("pads", new long[] {random.nextInt(2), 0, 0, random.nextInt(2)});
                    yield builder.node(random.nextBoolean() ? "MaxPool" : "AveragePool", attributes, x);
                }
                case 12 ->
                    builder.node(
                            "Slice",
                            x,
                            builder.vector(-1, random.nextInt(2)),
                            builder.vector(-100, 100),
                            builder.vector(2, 3),
                            builder.vector(-1, 1 + random.nextInt(2)));
                case 13 -> {
                    String mode = List.of("nearest", "linear", "cubic").get(random.nextInt(3));
                    Value sizes = builder.vector(2, channels, shape[2] + random.nextInt(3) - 1, shape[3] + 1);
                    yield builder.node("Resize", NONE.with("mode", mode), x, Value.NONE, Value.NONE, sizes);
                }
                case 14 ->
                    builder.node(
                            "Conv",
                            NONE.with("dilations", new long[] {2, 1}).with("pads", new long[] {1, 0, 1, 0}),
                            x,
                            weights(channels, channels, 2, 2));
                default ->
                    builder.node(
                            "InstanceNormalization",
                            NONE.with("epsilon", .1f),
                            x,
                            weights(channels),
                            weights(channels));
            };
        }

        private Value binary(Value x, long[] shape) {
            String opType = List.of("Add", "Sub", "Mul", "Max", "Min").get(random.nextInt(5));
            List<Value> same = values.stream()
                    .filter(value -> Arrays.equals(shape(value), shape))
                    .toList();
            Value other = random.nextBoolean()
                    ? same.get(random.nextInt(same.size()))
                    : weights(random.nextBoolean() ? new long[] {shape[1], 1, 1} : new long[] {shape[3]});
            return builder.node(opType, x, other);
        }

        private static Tensor ones(long size) {
            float[] data = new float[(int) size];
            Arrays.fill(data, .8f);
            return Tensor.floats(data, size);
        }

        private Value weights(long... shape) {
            double scale = shape.length < 2 ? 1 : 1 / Math.sqrt(Tensor.elements(shape) / (double) shape[0]);
            NDArray normal = NDArray.normal(random, shape);
            return builder.constant(
                    "w",
                    new NDArray(Arrays.stream(normal.data()).map(v -> v * scale).toArray(), shape).toTensor());
        }

        private long elements(Value value) {
            return Tensor.elements(shape(value));
        }

        private long[] shape(Value value) {
            return Interpreter.evaluate(builder.build().withOutputs(List.of(value)), Map.of(X, input))
                    .get(value)
                    .shape();
        }
    }
}
