package dev.vitrine.engine.rewrite.quantization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.vitrine.engine.gradient.Gradients;
import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.runtime.Executable;
import dev.vitrine.engine.runtime.OnnxRuntimeRunner;
import dev.vitrine.engine.runtime.TypeInference;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Operators on whole numbers give in real ones what the runtime gives for them as they were, to one step. */
class DequantizeTest {
    private static final float STEP = .05f;
    private static final Attributes NONE = Attributes.NONE;

    /** Writes one operator on x, quantized by {@link #STEP}. */
    private interface Body {
        Value write(Sketch sketch, Value x);
    }

    /** @param real the only operators that may be left beside rounding */
    record Case(String name, long[] shape, Body body, List<String> real) {
        @Override
        public String toString() {
            return name;
        }
    }

    /** A graph whose input is quantized, and whose output is dequantized. */
    private static final class Sketch {
        private final GraphBuilder builder = new GraphBuilder();
        private final Random random = new Random(7);
        private int count;

        Value whole(ElementType type, int least, int range, long... shape) {
            ByteBuffer bytes = Tensor.allocate(type, shape);
            for (long i = Tensor.elements(shape); i > 0; i--) {
                int value = least + random.nextInt(range);
                if (type == ElementType.INT32) {
                    bytes.putInt(value);
                } else {
                    bytes.put((byte) value);
                }
            }
            return builder.constant("whole", Tensor.wrap(type, shape, bytes.flip()));
        }

        Value weights(long... shape) {
            return whole(ElementType.INT8, -90, 180, shape);
        }

        Value zero(int value) {
            return builder.constant(
                    "zero",
                    Tensor.wrap(
                            ElementType.UINT8,
                            new long[0],
                            ByteBuffer.allocateDirect(1).put(0, (byte) value)));
        }

        Value none() {
            return builder.constant("none", Tensor.zeros(ElementType.INT8));
        }

        Value scale(float... values) {
            return builder.constant(
                    "scale", values.length == 1 ? Tensor.scalar(values[0]) : Tensor.floats(values, values.length));
        }

        Value node(String domain, String opType, Attributes attributes, Value... inputs) {
            return nodes(domain, opType, 1, attributes, inputs).get(0);
        }

        List<Value> nodes(String domain, String opType, int outputs, Attributes attributes, Value... inputs) {
            List<Value> results = new ArrayList<>();
            for (int i = 0; i < outputs; i++) {
                results.add(new Value(opType + count++));
            }
            builder.add(new Node(results.get(0).name(), domain, opType, List.of(inputs), results, attributes));
            return results;
        }

        Value quantized(Value x) {
            return node("", "QuantizeLinear", NONE, x, scale(STEP), zero(128));
        }

        Value real(Value whole) {
            return node("", "DequantizeLinear", NONE, whole, scale(STEP), zero(128));
        }
    }

    private static Graph graph(Case each) {
        Sketch sketch = new Sketch();
        Value x = sketch.builder.input("x", TensorType.of(ElementType.FLOAT32, each.shape()));
        sketch.builder.output(each.body().write(sketch, x));
        Graph graph = sketch.builder.build();
        return TypeInference.infer(new Graph(
                graph.inputs(),
                graph.outputs(),
                graph.nodes(),
                graph.constants(),
                graph.types(),
                Map.of("", Graph.OPSET, "com.microsoft", 1L)));
    }

    private static Case coded(String name, Body body, String real, long... shape) {
        return new Case(name, shape, (s, x) -> s.real(body.write(s, s.quantized(x))), List.of(real.split(" ")));
    }

    private static Case microsoft(String name, Attributes attributes, long... shape) {
        return coded(
                name + attributes.values(),
                (s, q) -> s.node(
                        "com.microsoft", name, attributes, q, s.scale(STEP), s.zero(128), s.scale(STEP), s.zero(128)),
                name.substring("QLinear".length()),
                shape);
    }

    static List<Case> cases() {
        List<Case> cases = new ArrayList<>();
        for (float[] scales : new float[][] {{.01f}, {.01f, .02f, .005f}}) {
            cases.add(coded(
                    "QLinearConv, " + scales.length + " scales",
                    (s, q) -> s.node(
                            "",
                            "QLinearConv",
                            NONE.with("pads", new long[] {1, 1, 1, 1}),
                            q,
                            s.scale(STEP),
                            s.zero(128),
                            s.weights(3, 2, 3, 3),
                            s.scale(scales),
                            scales.length == 1
                                    ? s.none()
                                    : s.builder.constant("none", Tensor.zeros(ElementType.INT8, 3)),
                            s.scale(STEP),
                            s.zero(128),
                            s.whole(ElementType.INT32, -500, 1000, 3)),
                    "Conv",
                    1,
                    2,
                    5,
                    5));
        }
        cases.add(coded(
                "QLinearMatMul",
                (s, q) -> s.node(
                        "",
                        "QLinearMatMul",
                        NONE,
                        q,
                        s.scale(STEP),
                        s.zero(128),
                        s.weights(6, 4),
                        s.scale(.01f),
                        s.none(),
                        s.scale(STEP),
                        s.zero(128)),
                "MatMul",
                3,
                6));
        for (long transposed : new long[] {0, 1}) {
            cases.add(coded(
                    "QGemm, transB=" + transposed,
                    (s, q) -> s.node(
                            "com.microsoft",
                            "QGemm",
                            NONE.with("transB", transposed),
                            q,
                            s.scale(STEP),
                            s.zero(128),
                            transposed == 0 ? s.weights(6, 4) : s.weights(4, 6),
                            s.scale(.01f),
                            s.none(),
                            s.whole(ElementType.INT32, -500, 1000, 4),
                            s.scale(STEP),
                            s.zero(128)),
                    "Gemm",
                    3,
                    6));
        }
        for (String pair : List.of("Add", "Mul")) {
            cases.add(coded(
                    "QLinear" + pair,
                    (s, q) -> s.node(
                            "com.microsoft",
                            "QLinear" + pair,
                            NONE,
                            q,
                            s.scale(STEP),
                            s.zero(128),
                            s.whole(ElementType.UINT8, 100, 60, 4),
                            s.scale(.03f),
                            s.zero(120),
                            s.scale(STEP),
                            s.zero(128)),
                    pair,
                    2,
                    4));
        }
        Attributes window = NONE.with("kernel_shape", new long[] {2, 2}).with("strides", new long[] {2, 2});
        cases.add(microsoft("QLinearAveragePool", window, 1, 3, 4, 4));
        cases.add(microsoft("QLinearGlobalAveragePool", NONE, 1, 3, 4, 4));
        cases.add(new Case(
                "QLinearGlobalAveragePool of channels last",
                new long[] {1, 4, 4, 3},
                (s, x) -> s.real(s.node(
                        "com.microsoft",
                        "QLinearGlobalAveragePool",
                        NONE.with("channels_last", 1L),
                        s.quantized(x),
                        s.scale(STEP),
                        s.zero(128),
                        s.scale(STEP),
                        s.zero(128))),
                List.of("Transpose", "GlobalAveragePool", "Transpose")));
        cases.add(microsoft("QLinearSigmoid", NONE, 2, 5));
        cases.add(microsoft("QLinearLeakyRelu", NONE.with("alpha", .2f), 2, 5));
        cases.add(microsoft("QLinearSoftmax", NONE.with("opset", 13L), 2, 5));
        cases.add(coded(
                "QLinearConcat",
                (s, q) -> s.node(
                        "com.microsoft",
                        "QLinearConcat",
                        NONE.with("axis", 1L),
                        s.scale(STEP),
                        s.zero(128),
                        q,
                        s.scale(STEP),
                        s.zero(128),
                        s.whole(ElementType.UINT8, 100, 60, 2, 3),
                        s.scale(.03f),
                        s.zero(120)),
                "Concat",
                2,
                4));
        cases.add(coded("MaxPool of whole numbers", (s, q) -> s.node("", "MaxPool", window, q), "MaxPool", 1, 3, 4, 4));
        cases.add(coded(
                "Transpose of whole numbers",
                (s, q) -> s.node("", "Transpose", NONE.with("perm", new long[] {1, 0}), q),
                "Transpose",
                2,
                4));
        cases.addAll(dynamic());
        return cases;
    }

    private static List<Case> dynamic() {
        List<Case> cases = new ArrayList<>();
        cases.add(new Case(
                "MatMulInteger by both scales",
                new long[] {3, 6},
                (s, x) -> {
                    List<Value> coded = s.nodes("", "DynamicQuantizeLinear", 3, NONE, x);
                    Value whole =
                            s.node("", "MatMulInteger", NONE, coded.get(0), s.weights(6, 4), coded.get(2), s.none());
                    Value cast = s.node("", "Cast", NONE.with("to", 1L), whole);
                    return s.node("", "Mul", NONE, cast, s.node("", "Mul", NONE, coded.get(1), s.scale(.01f)));
                },
                List.of("MatMul", "Identity")));
        cases.add(new Case(
                "ConvInteger by a scale for each channel",
                new long[] {1, 2, 5, 5},
                (s, x) -> {
                    List<Value> coded = s.nodes("", "DynamicQuantizeLinear", 3, NONE, x);
                    Value whole = s.node(
                            "", "ConvInteger", NONE, coded.get(0), s.weights(3, 2, 3, 3), coded.get(2), s.none());
                    Value cast = s.node("", "Cast", NONE.with("to", 1L), whole);
                    Value scales =
                            s.builder.constant("scales", Tensor.floats(new float[] {.01f, .02f, .005f}, 1, 3, 1, 1));
                    return s.node("", "Mul", NONE, cast, s.node("", "Mul", NONE, coded.get(1), scales));
                },
                List.of("Conv", "Identity")));
        cases.add(new Case(
                "MatMulInteger that is scaled later",
                new long[] {3, 6},
                (s, x) -> {
                    List<Value> coded = s.nodes("", "DynamicQuantizeLinear", 3, NONE, x);
                    Value whole = s.node("", "MatMulInteger", NONE, coded.get(0), s.weights(6, 4), coded.get(2));
                    Value cast = s.node("", "Cast", NONE.with("to", 1L), whole);
                    return s.node("", "Mul", NONE, s.node("", "Mul", NONE, cast, s.scale(.01f)), coded.get(1));
                },
                List.of("MatMul", "Div", "Mul", "Mul")));
        cases.add(new Case(
                "DynamicQuantizeMatMul",
                new long[] {3, 6},
                (s, x) -> s.node(
                        "com.microsoft",
                        "DynamicQuantizeMatMul",
                        NONE,
                        x,
                        s.weights(6, 4),
                        s.scale(.01f),
                        s.none(),
                        s.scale(.3f, -.2f, .1f, 0)),
                List.of("MatMul", "Add")));
        return cases;
    }

    private static Tensor input(long... shape) {
        Random random = new Random(3);
        float[] data = new float[(int) Tensor.elements(shape)];
        for (int i = 0; i < data.length; i++) {
            data[i] = (float) random.nextGaussian();
        }
        return Tensor.floats(data, shape);
    }

    private static float[] run(Graph graph, Tensor x) {
        try (Executable executable = new OnnxRuntimeRunner().load(graph)) {
            return executable
                    .run(Map.of(graph.inputs().get(0), x))
                    .get(graph.outputs().get(0))
                    .toFloats();
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void givesTheSameNumbers(Case each) {
        Graph graph = graph(each);
        Graph real = new Dequantize(new OnnxRuntimeRunner()).apply(graph);

        assertThat(real.nodes().stream()
                        .map(Node::operator)
                        .filter(name -> !name.endsWith("QuantizeLinear") && !name.equals("DequantizeLinear")))
                .containsExactlyElementsOf(each.real());
        Tensor x = input(each.shape());
        float[] expected = run(graph, x);
        float[] found = run(real, x);
        assertThat(found).hasSameSizeAs(expected);
        boolean rounded = real.nodes().stream().anyMatch(node -> node.operator().equals("QuantizeLinear"));
        int apart = 0;
        for (int i = 0; i < found.length; i++) {
            // whole sums are rounded once, real ones at each step: a tie may fall to the other side
            assertThat(found[i]).isCloseTo(expected[i], within(rounded ? STEP * 1.001f : 2e-4f));
            apart += Math.abs(found[i] - expected[i]) > 1e-4 ? 1 : 0;
        }
        assertThat(apart).isLessThanOrEqualTo(Math.max(1, found.length / 20));
    }

    /** The gradient is that of the real operator at the rounded values. */
    @ParameterizedTest
    @MethodSource("cases")
    void differentiatesStraightThrough(Case each) {
        Graph real = weighted(new Dequantize(new OnnxRuntimeRunner()).apply(graph(each)));
        Graph gradient = Gradients.only(
                Gradients.plain(
                        real, real.outputs().get(0), List.of(real.inputs().get(0))),
                1);
        Tensor x = input(each.shape());
        float[] found = run(gradient, x);

        Graph plain = unrounded(real);
        Graph expected = Gradients.only(
                Gradients.plain(
                        plain, plain.outputs().get(0), List.of(plain.inputs().get(0))),
                1);
        float[] near = run(expected, x);
        float largest =
                (float) Arrays.stream(toDoubles(near)).map(Math::abs).max().orElse(0);
        assertThat(largest).isPositive();
        for (int i = 0; i < near.length; i++) {
            assertThat(found[i]).isCloseTo(near[i], within(.05f * largest));
        }
    }

    /** Each number of the output times another one. */
    private static Graph weighted(Graph graph) {
        GraphBuilder builder = new GraphBuilder(graph).clearOutputs();
        Value y = graph.outputs().get(0);
        Tensor factors = input(graph.type(y).orElseThrow().shape());
        Value product = builder.node("Mul", y, builder.constant("factors", factors));
        builder.declare(product, TensorType.of(factors));
        return builder.output(product).build();
    }

    private static double[] toDoubles(float[] values) {
        double[] doubles = new double[values.length];
        Arrays.setAll(doubles, i -> values[i]);
        return doubles;
    }

    /** The graph without its rounding; only a scale that is computed stays computed. */
    private static Graph unrounded(Graph graph) {
        List<Node> nodes = graph.nodes().stream()
                .map(node -> switch (node.operator()) {
                    case "QuantizeLinear", "DequantizeLinear" -> identity(node, node.outputs());
                    default -> node;
                })
                .flatMap(node -> node.operator().equals("DynamicQuantizeLinear")
                        ? List.of(
                                identity(node, List.of(node.output(0))),
                                new Node(
                                        node.name() + "/scale",
                                        "",
                                        "DynamicQuantizeLinear",
                                        node.inputs(),
                                        List.of(new Value(node.name() + "/code"), node.output(1), node.output(2)),
                                        NONE))
                                .stream()
                        : java.util.stream.Stream.of(node))
                .toList();
        return new Graph(graph.inputs(), graph.outputs(), nodes, graph.constants(), onlyInputs(graph), graph.opsets());
    }

    private static Node identity(Node node, List<Value> outputs) {
        return new Node(node.name(), "", "Identity", node.inputs().subList(0, 1), outputs, NONE);
    }

    private static Map<Value, TensorType> onlyInputs(Graph graph) {
        Value x = graph.inputs().get(0);
        return Map.of(x, graph.types().get(x));
    }

    @Test
    void aRangeThatBeginsAtZeroIsARectifier() {
        for (boolean least : new boolean[] {true, false}) {
            Sketch sketch = new Sketch();
            Value x = sketch.builder.input("x", TensorType.of(ElementType.FLOAT32, 1, 2, 4, 4));
            Value weights = sketch.builder.constant("w", input(3, 2, 1, 1));
            Value y = sketch.node("", "Conv", NONE, x, weights);
            Value zero = sketch.zero(least ? 0 : 3);
            Value q = sketch.node("", "QuantizeLinear", NONE, y, sketch.scale(STEP), zero);
            sketch.builder.output(sketch.node("", "DequantizeLinear", NONE, q, sketch.scale(STEP), zero));
            Graph graph = TypeInference.infer(sketch.builder.build());
            Graph real = new Dequantize(new OnnxRuntimeRunner()).apply(graph);

            assertThat(real.nodes().stream().map(Node::operator).toList())
                    .isEqualTo(
                            least
                                    ? List.of("Conv", "Relu", "QuantizeLinear", "DequantizeLinear")
                                    : List.of("Conv", "QuantizeLinear", "DequantizeLinear"));
            assertThat(run(real, input(1, 2, 4, 4))).containsExactly(run(graph, input(1, 2, 4, 4)));
        }
    }

    @Test
    void aGraphWithoutQuantizationStaysAsItIs() {
        GraphBuilder builder = new GraphBuilder();
        Value x = builder.input("x", TensorType.of(ElementType.FLOAT32, 2));
        builder.output(builder.node("Relu", x));
        Graph graph = builder.build();
        assertThat(new Dequantize(new OnnxRuntimeRunner()).apply(graph)).isSameAs(graph);
    }
}
