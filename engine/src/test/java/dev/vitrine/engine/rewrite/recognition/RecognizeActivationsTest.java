package dev.vitrine.engine.rewrite.recognition;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Dimension;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.oracle.Agreement;
import dev.vitrine.engine.oracle.NDArray;
import dev.vitrine.engine.runtime.TypeInference;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Activations that files compose of several nodes: which operator each becomes, and where none does. */
class RecognizeActivationsTest {
    private static final Attributes NONE = Attributes.NONE;
    private static final Value IMAGE = new Value("image");
    private static final Attributes TO_FLOAT = NONE.with("to", 1);
    private static final Attributes TO_BOOL = NONE.with("to", 9);

    /** A composition behind a convolution, and the operators that are left of it. */
    record Case(String label, String expected, Function<Net, Value> write) {
        @Override
        public String toString() {
            return label;
        }
    }

    /** A graph under construction, with the output of a convolution. */
    private static final class Net {
        private final GraphBuilder builder = new GraphBuilder();
        private final Value image;
        private final Value x;

        Net() {
            image = builder.input(
                    IMAGE.name(),
                    TensorType.of(ElementType.FLOAT32, 2, 3, 6, 6).withDimension(0, Dimension.named("N")));
            x = builder.node(
                    "Conv",
                    image,
                    builder.constant(
                            "kernel", NDArray.normal(new Random(1), 4, 3, 1, 1).toTensor()));
        }

        Value c(double number) {
            return builder.constant((float) number);
        }

        /** The number as a tensor of ones times it. */
        Value full(double number, long... shape) {
            float[] data = new float[(int) Tensor.elements(shape)];
            java.util.Arrays.fill(data, (float) number);
            return builder.constant("full", Tensor.floats(data, shape));
        }

        Value op(String operator, Value... inputs) {
            return builder.node(operator, inputs);
        }

        Value op(String operator, Attributes attributes, Value... inputs) {
            return builder.node(operator, attributes, inputs);
        }

        Value tanhInner(Value cube) {
            return op("Tanh", op("Mul", c(Math.sqrt(2 / Math.PI)), op("Add", x, op("Mul", cube, c(0.044715)))));
        }

        Value clip(Value value, double low, double high) {
            return op("Clip", value, c(low), c(high));
        }

        Graph graph(Value output) {
            return TypeInference.infer(
                    builder.output(op("GlobalAveragePool", output)).build());
        }
    }

    static List<Case> cases() {
        return List.of(
                new Case("Max(x, 0)", "Relu", n -> n.op("Max", n.x, n.c(0))),
                new Case(
                        "Max(x, zeros of a vector's shape)",
                        "Relu",
                        n -> n.op(
                                "Max",
                                n.x,
                                n.op(
                                        "ConstantOfShape",
                                        NONE.with("value", Tensor.floats(new float[] {0}, 1)),
                                        n.builder.vector(4, 1, 1)))),
                new Case("Max(0, x), zeros of a channel each", "Relu", n -> n.op("Max", n.full(0, 4, 1, 1), n.x)),
                new Case("Clip(0, ∞)", "Relu", n -> n.op("Clip", n.x, n.c(0))),
                new Case("Clip(0, largest float)", "Relu", n -> n.clip(n.x, 0, Float.MAX_VALUE)),
                new Case("Where(x > 0, x, 0)", "Relu", n -> n.op("Where", n.op("Greater", n.x, n.c(0)), n.x, n.c(0))),
                new Case(
                        "Where(x ≤ 0, 0, x)",
                        "Relu",
                        n -> n.op("Where", n.op("LessOrEqual", n.x, n.c(0)), n.full(0, 1, 1, 1), n.x)),
                new Case(
                        "x (x > 0)",
                        "Relu",
                        n -> n.op("Mul", n.x, n.op("Cast", TO_FLOAT, n.op("Greater", n.x, n.c(0))))),
                new Case("(x + |x|)/2", "Relu", n -> n.op("Mul", n.op("Add", n.x, n.op("Abs", n.x)), n.c(0.5))),
                new Case("Min(Max(x, 0), 6)", "Clip", n -> n.op("Min", n.op("Max", n.c(0), n.x), n.c(6))),
                new Case("Min(Relu, 6)", "Clip", n -> n.op("Min", n.op("Relu", n.x), n.full(6, 1, 4, 1, 1))),
                new Case("Max(x, x/10)", "LeakyRelu", n -> n.op("Max", n.op("Mul", n.x, n.c(0.1)), n.x)),
                new Case("PRelu of one slope", "LeakyRelu", n -> n.op("PRelu", n.x, n.full(0.2, 4, 1, 1))),
                new Case(
                        "Relu(x) − Relu(−x)/4",
                        "LeakyRelu",
                        n -> n.op("Sub", n.op("Relu", n.x), n.op("Mul", n.c(0.25), n.op("Relu", n.op("Neg", n.x))))),
                new Case(
                        "GELU, / √2",
                        "Gelu",
                        n -> n.op(
                                "Mul",
                                n.op("Mul", n.x, n.op("Add", n.op("Erf", n.op("Div", n.x, n.c(Math.sqrt(2)))), n.c(1))),
                                n.c(0.5))),
                new Case(
                        "GELU, · 1/√2, half first",
                        "Gelu",
                        n -> n.op(
                                "Mul",
                                n.op("Add", n.c(1), n.op("Erf", n.op("Mul", n.c(Math.sqrt(0.5)), n.x))),
                                n.op("Mul", n.c(0.5), n.x))),
                new Case(
                        "GELU, half inside",
                        "Gelu",
                        n -> n.op(
                                "Mul",
                                n.x,
                                n.op(
                                        "Add",
                                        n.op("Mul", n.op("Erf", n.op("Div", n.x, n.c(Math.sqrt(2)))), n.c(0.5)),
                                        n.c(0.5)))),
                new Case(
                        "twice a GELU",
                        "Gelu Mul",
                        n -> n.op("Mul", n.x, n.op("Add", n.c(1), n.op("Erf", n.op("Div", n.x, n.c(Math.sqrt(2))))))),
                new Case(
                        "GELU with a root of 2 in half precision",
                        "Mul Gelu Mul",
                        n -> n.op(
                                "Mul",
                                n.op("Mul", n.x, n.op("Add", n.op("Erf", n.op("Div", n.x, n.c(1.4140625))), n.c(1))),
                                n.c(0.5))),
                new Case(
                        "HardSigmoid with a sixth in half precision",
                        "HardSigmoid Mul",
                        n -> n.op("Mul", n.clip(n.op("Add", n.x, n.c(3)), 0, 6), n.c(0.16662598))),
                new Case(
                        "tanh GELU by Pow",
                        "Gelu",
                        n -> n.op(
                                "Mul",
                                n.op("Mul", n.c(0.5), n.x),
                                n.op("Add", n.c(1), n.tanhInner(n.op("Pow", n.x, n.c(3)))))),
                new Case(
                        "tanh GELU by products",
                        "Gelu",
                        n -> n.op(
                                "Mul",
                                n.x,
                                n.op(
                                        "Mul",
                                        n.op("Add", n.tanhInner(n.op("Mul", n.op("Mul", n.x, n.x), n.x)), n.c(1)),
                                        n.c(0.5)))),
                new Case("Mish", "Mish", n -> n.op("Mul", n.x, n.op("Tanh", n.op("Softplus", n.x)))),
                new Case(
                        "Mish by log and exp",
                        "Mish",
                        n -> n.op("Mul", n.op("Tanh", n.op("Log", n.op("Add", n.op("Exp", n.x), n.c(1)))), n.x)),
                new Case("SiLU", "Sigmoid Mul", n -> n.op("Mul", n.op("Sigmoid", n.x), n.x)),
                new Case(
                        "x / (1 + exp(−x))",
                        "Sigmoid Mul",
                        n -> n.op("Div", n.x, n.op("Add", n.op("Exp", n.op("Neg", n.x)), n.c(1)))),
                new Case(
                        "x σ(1.702 x)",
                        "Mul Sigmoid Mul",
                        n -> n.op("Mul", n.x, n.op("Sigmoid", n.op("Mul", n.c(1.702), n.x)))),
                new Case(
                        "HardSwish by Clip",
                        "HardSwish",
                        n -> n.op("Div", n.op("Mul", n.x, n.clip(n.op("Add", n.x, n.c(3)), 0, 6)), n.c(6))),
                new Case(
                        "HardSwish, 1/6 first",
                        "HardSwish",
                        n -> n.op("Mul", n.op("Mul", n.c(1 / 6.0), n.clip(n.op("Add", n.c(3), n.x), 0, 6)), n.x)),
                new Case(
                        "HardSwish by HardSigmoid",
                        "HardSwish",
                        n -> n.op(
                                "Mul",
                                n.x,
                                n.op("HardSigmoid", NONE.with("alpha", 1 / 6f).with("beta", 0.5f), n.x))),
                new Case(
                        "HardSwish without the 1/6",
                        "HardSwish Mul",
                        n -> n.op("Mul", n.clip(n.op("Add", n.x, n.full(3, 1)), 0, 6), n.x)),
                new Case(
                        "HardSigmoid", "HardSigmoid", n -> n.op("Div", n.clip(n.op("Add", n.x, n.c(3)), 0, 6), n.c(6))),
                new Case(
                        "1/(1 + exp(−x))",
                        "Sigmoid",
                        n -> n.op("Reciprocal", n.op("Add", n.c(1), n.op("Exp", n.op("Neg", n.x))))),
                new Case(
                        "2σ(2x) − 1",
                        "Tanh",
                        n -> n.op("Sub", n.op("Mul", n.op("Sigmoid", n.op("Mul", n.x, n.c(2))), n.c(2)), n.c(1))),
                new Case("log(1 + exp x)", "Softplus", n -> n.op("Log", n.op("Add", n.c(1), n.op("Exp", n.x)))),
                new Case("x / (1 + |x|)", "Softsign", n -> n.op("Div", n.x, n.op("Add", n.op("Abs", n.x), n.c(1)))),
                new Case(
                        "Where(x > 0, x, exp x − 1)",
                        "Elu",
                        n -> n.op("Where", n.op("Greater", n.x, n.c(0)), n.x, n.op("Sub", n.op("Exp", n.x), n.c(1)))),
                new Case(
                        "Relu(x) + Min(0.7(exp x − 1), 0)",
                        "Elu",
                        n -> n.op(
                                "Add",
                                n.op("Relu", n.x),
                                n.op("Min", n.op("Mul", n.op("Sub", n.op("Exp", n.x), n.c(1)), n.c(0.7)), n.c(0)))),
                new Case(
                        "1.05 Elu of 1.67",
                        "Selu",
                        n -> n.op("Mul", n.c(1.0507), n.op("Elu", NONE.with("alpha", 1.6733f), n.x))),
                new Case(
                        "Celu",
                        "Celu",
                        n -> n.op(
                                "Add",
                                n.op("Max", n.x, n.c(0)),
                                n.op(
                                        "Min",
                                        n.c(0),
                                        n.op(
                                                "Mul",
                                                n.c(2),
                                                n.op("Sub", n.op("Exp", n.op("Div", n.x, n.c(2))), n.c(1)))))));
    }

    private static String operators(Graph graph) {
        return graph.nodes().stream().map(Node::operator).collect(Collectors.joining(" "));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void becomesOneOperator(Case each) {
        Net net = new Net();
        Graph graph = net.graph(each.write.apply(net));
        Graph found = new RecognizeActivations().apply(graph);
        assertThat(operators(found)).isEqualTo("Conv " + each.expected + " GlobalAveragePool");
        assertThat(found.types().keySet())
                .containsAll(found.nodes().stream().map(Node::output).toList());
        Map<Value, NDArray> inputs = Map.of(IMAGE, NDArray.normal(new Random(2), 2, 3, 6, 6));
        Value output = graph.outputs().get(0);
        Agreement.check(
                each.label,
                Agreement.run(found, inputs).get(output),
                Agreement.run(graph, inputs).get(output),
                2e-6);
    }

    /** What is no activation, or has to keep a value between, stays as it is. */
    static List<Case> otherCases() {
        return List.of(
                new Case("bound on the input", "Clip Conv", n -> {
                    Value bounded = n.op("Clip", n.image, n.c(0));
                    return n.op("Conv", bounded, n.full(0.3, 4, 3, 1, 1));
                }),
                new Case("max(variance, 0) under a root", "Conv Mul ReduceMean Clip Add Sqrt Div", n -> {
                    Value mean = n.op("ReduceMean", NONE.with("keepdims", 1), n.op("Mul", n.x, n.x), axes(n));
                    Value root = n.op("Sqrt", n.op("Add", n.op("Max", mean, n.c(0)), n.c(1e-5)));
                    return n.op("Div", n.x, root);
                }),
                new Case("a gate over other maps", "Conv Conv HardSigmoid Mul", n -> {
                    Value other = n.op("Conv", n.image, n.full(0.3, 4, 3, 1, 1));
                    Value gate = n.op("Mul", n.clip(n.op("Add", other, n.c(3)), 0, 6), n.c(1 / 6.0));
                    return n.op("Mul", n.x, gate);
                }),
                new Case("an error function alone", "Conv Erf", n -> n.op("Erf", n.x)),
                new Case("a bound that is no sigmoid", "Conv Add Clip", n -> n.clip(n.op("Add", n.x, n.c(3)), 0, 6)),
                new Case(
                        "a slope for each channel",
                        "Conv PRelu",
                        n -> n.op(
                                "PRelu",
                                n.x,
                                n.builder.constant(
                                        "slopes", Tensor.floats(new float[] {.1f, .2f, .3f, .4f}, 4, 1, 1)))));
    }

    private static Value axes(Net net) {
        return net.builder.vector(1);
    }

    @ParameterizedTest
    @MethodSource("otherCases")
    void staysWhatItIs(Case each) {
        Net net = new Net();
        Graph graph = new dev.vitrine.engine.rewrite.Prune().apply(net.graph(each.write.apply(net)));
        assertThat(operators(new RecognizeActivations().apply(graph))).isEqualTo(each.expected + " GlobalAveragePool");
    }

    @Test
    void staysWhereAValueBetweenIsReadElsewhereOrPutOut() {
        Net read = new Net();
        Value softplus = read.op("Softplus", read.x);
        Value mish = read.op("Mul", read.x, read.op("Tanh", softplus));
        assertThat(operators(new RecognizeActivations().apply(read.graph(read.op("Add", mish, softplus)))))
                .isEqualTo("Conv Softplus Tanh Mul Add GlobalAveragePool");
        Net put = new Net();
        Value tanh = put.op("Tanh", put.op("Softplus", put.x));
        put.builder.output(tanh);
        assertThat(operators(new RecognizeActivations().apply(put.graph(put.op("Mul", put.x, tanh)))))
                .isEqualTo("Conv Softplus Tanh Mul GlobalAveragePool");
    }

    @Test
    void rectifiersByWhatTheyDo() {
        Net net = new Net();
        Value relu6 = net.clip(net.x, 0, 6);
        Value pooled = net.op("MaxPool", NONE.with("kernel_shape", 2, 2), net.op("Add", net.x, net.x));
        Value behindPooling = net.clip(pooled, 0, 6);
        Value onImage = net.clip(net.image, 0, 6);
        Value both = net.clip(net.x, -1, 1);
        Value gate = net.clip(net.op("Add", net.x, net.c(2)), 0, 4);
        Value gated = net.op("Mul", net.x, gate);
        Value guard = net.clip(net.x, 0, 9);
        Value divided = net.op("Div", net.x, net.op("Add", guard, net.c(0.1)));
        Value flag = net.op("Cast", TO_BOOL, net.x);
        Graph graph = List.of(relu6, behindPooling, onImage, both, gated, divided, flag).stream()
                .reduce(net.builder, GraphBuilder::output, (a, b) -> a)
                .build();
        RectifierContext context = new RectifierContext(TypeInference.infer(graph));
        Map<Value, Node> producers = graph.producers();
        assertThat(List.of(relu6, behindPooling)).allMatch(value -> context.isClippingRectifier(producers.get(value)));
        assertThat(List.of(onImage, both, gate, guard))
                .noneMatch(value -> context.isClippingRectifier(producers.get(value)));
    }
}
