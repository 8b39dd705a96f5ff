package dev.vitrine.engine.rewrite.canonical;

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
import dev.vitrine.engine.rewrite.Prune;
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

/** What is folded into linear layers, what is not, and that the numbers stay. */
class FoldAffineTest {
    private static final Attributes NONE = Attributes.NONE;
    private static final Value IMAGE = new Value("image");

    /** A network, and the operators that are left of it. */
    record Case(String label, String expected, Function<Net, Value> write) {
        @Override
        public String toString() {
            return label;
        }
    }

    private static final class Net {
        private final GraphBuilder builder = new GraphBuilder();
        private final Random random = new Random(4);
        private final Value image = builder.input(
                IMAGE.name(), TensorType.of(ElementType.FLOAT32, 2, 4, 7, 6).withDimension(0, Dimension.named("N")));

        Value w(long... shape) {
            return builder.constant("w", NDArray.normal(random, shape).toTensor());
        }

        Value positive(long size) {
            float[] data = new float[(int) size];
            for (int i = 0; i < data.length; i++) {
                data[i] = .5f + random.nextFloat();
            }
            return builder.constant("p", Tensor.floats(data, size));
        }

        Value op(String operator, Value... inputs) {
            return builder.node(operator, inputs);
        }

        Value op(String operator, Attributes attributes, Value... inputs) {
            return builder.node(operator, attributes, inputs);
        }

        Value norm(Value x, long channels) {
            return op("BatchNormalization", x, w(channels), w(channels), w(channels), positive(channels));
        }

        Value conv(Value x) {
            return op("Conv", x, w(6, 4, 3, 3));
        }

        /** f32[N,6] */
        Value pooled() {
            return op("Flatten", op("GlobalAveragePool", conv(image)));
        }

        /** f32[N,7,6,4] */
        Value last() {
            return op("Transpose", NONE.with("perm", 0, 2, 3, 1), image);
        }

        Graph graph(Value output) {
            return new Prune().apply(TypeInference.infer(builder.output(output).build()));
        }
    }

    static List<Case> folded() {
        return List.of(
                new Case("a bias of its own", "Conv", n -> n.op("Add", n.conv(n.image), n.w(6, 1, 1))),
                new Case("the bias first", "Conv", n -> n.op("Add", n.w(1, 6, 1, 1), n.conv(n.image))),
                new Case(
                        "one bias for all, behind one a channel",
                        "Conv",
                        n -> n.op("Add", n.op("Conv", n.image, n.w(6, 4, 1, 1), n.w(6)), n.w())),
                new Case(
                        "Mul and Add",
                        "Conv",
                        n -> n.op("Add", n.op("Mul", n.conv(n.image), n.w(1, 6, 1, 1)), n.w(6, 1, 1))),
                new Case(
                        "Sub and Div",
                        "Conv",
                        n -> n.op("Div", n.op("Sub", n.conv(n.image), n.w(6, 1, 1)), n.w(6, 1, 1))),
                new Case(
                        "a number less the layer",
                        "Conv",
                        n -> n.op("Neg", n.op("Sub", n.w(6, 1, 1), n.conv(n.image)))),
                new Case(
                        "groups",
                        "Conv",
                        n -> n.norm(
                                n.op("Conv", NONE.with("group", 2L).with("pads", 1, 1, 1, 1), n.image, n.w(6, 2, 3, 3)),
                                6)),
                new Case(
                        "transposed convolution",
                        "ConvTranspose",
                        n -> n.norm(
                                n.op("ConvTranspose", NONE.with("strides", 2, 2), n.image, n.w(4, 6, 3, 3), n.w(6)),
                                6)),
                new Case(
                        "transposed convolution in groups",
                        "ConvTranspose",
                        n -> n.norm(
                                n.op(
                                        "ConvTranspose",
                                        NONE.with("group", 2L).with("dilations", 2, 2),
                                        n.image,
                                        n.w(4, 3, 3, 3)),
                                6)),
                new Case(
                        "MatMul and Add",
                        "Conv GlobalAveragePool Flatten Gemm",
                        n -> n.op("Add", n.op("MatMul", n.pooled(), n.w(6, 5)), n.w(5))),
                new Case(
                        "MatMul and BatchNormalization",
                        "Conv GlobalAveragePool Flatten Gemm",
                        n -> n.norm(n.op("MatMul", n.pooled(), n.w(6, 5)), 5)),
                new Case(
                        "MatMul and a factor",
                        "Conv GlobalAveragePool Flatten MatMul",
                        n -> n.op("Mul", n.op("MatMul", n.pooled(), n.w(6, 5)), n.w())),
                new Case(
                        "Gemm and BatchNormalization",
                        "Conv GlobalAveragePool Flatten Gemm",
                        n -> n.norm(n.op("Gemm", NONE.with("transB", 1L), n.pooled(), n.w(5, 6), n.w(5)), 5)),
                new Case(
                        "alpha and beta",
                        "Conv GlobalAveragePool Flatten Gemm",
                        n -> n.op("Gemm", NONE.with("alpha", -2f).with("beta", 3f), n.pooled(), n.w(6, 5), n.w(1, 5))),
                new Case(
                        "a product of many axes",
                        "Transpose Reshape Gemm Reshape",
                        n -> n.op("Add", n.op("MatMul", n.last(), n.w(4, 5)), n.w(5))),
                new Case(
                        "a bias with channels last",
                        "Conv Transpose",
                        n -> n.op("Add", n.op("Transpose", NONE.with("perm", 0, 2, 3, 1), n.conv(n.image)), n.w(6))),
                new Case("there and back", "Conv Transpose Transpose Relu", n -> {
                    Value last = n.op("Transpose", NONE.with("perm", 0, 2, 3, 1), n.conv(n.image));
                    Value biased = n.op("Add", n.op("Mul", last, n.w(6)), n.w(1, 1, 1, 6));
                    Value first = n.op("Transpose", NONE.with("perm", 0, 3, 1, 2), biased);
                    return n.op("Relu", n.op("Add", first, n.w(6, 1, 1)));
                }),
                new Case(
                        "in front of a convolution without a border",
                        "Conv Relu Conv",
                        n -> n.op(
                                "Conv",
                                NONE.with("group", 2L).with("strides", 2, 1),
                                n.norm(n.op("Relu", n.conv(n.image)), 6),
                                n.w(4, 3, 2, 2),
                                n.w(4))),
                new Case(
                        "in front of a dense layer",
                        "Conv GlobalAveragePool Flatten Relu Gemm",
                        n -> n.op(
                                "MatMul",
                                n.op("Sub", n.op("Mul", n.op("Relu", n.pooled()), n.w(6)), n.w(1, 6)),
                                n.w(6, 5))),
                new Case(
                        "before and behind",
                        "Conv Relu Conv",
                        n -> n.norm(n.op("Conv", n.norm(n.op("Relu", n.conv(n.image)), 6), n.w(4, 6, 2, 2)), 4)));
    }

    static List<Case> others() {
        return List.of(
                new Case("a bias for each place", "Conv Add", n -> n.op("Add", n.conv(n.image), n.w(6, 5, 4))),
                new Case(
                        "a bias that widens",
                        "Conv GlobalAveragePool Add",
                        n -> n.op("Add", n.op("GlobalAveragePool", n.conv(n.image)), n.w(6, 2, 1))),
                new Case("behind Relu", "Conv Relu Add", n -> n.op("Add", n.op("Relu", n.conv(n.image)), n.w(6, 1, 1))),
                new Case(
                        "the input's normalization",
                        "Sub Div Conv",
                        n -> n.op(
                                "Conv",
                                n.op("Div", n.op("Sub", n.image, n.w(4, 1, 1)), n.w(4, 1, 1)),
                                n.w(6, 4, 3, 3))),
                new Case(
                        "in front of a border of zeros",
                        "Conv Relu BatchNormalization Conv",
                        n -> n.op(
                                "Conv",
                                NONE.with("pads", 1, 1, 1, 1),
                                n.norm(n.op("Relu", n.conv(n.image)), 6),
                                n.w(4, 6, 3, 3))),
                new Case("read twice", "Conv Add Mul", n -> {
                    Value conv = n.conv(n.image);
                    return n.op("Mul", n.op("Add", conv, n.w(6, 1, 1)), conv);
                }),
                new Case(
                        "the picture's width is no channel",
                        "Conv Add",
                        n -> n.op("Add", n.op("Conv", n.image, n.w(6, 4, 2, 1)), n.w(6))));
    }

    private static String operators(Graph graph) {
        return graph.nodes().stream().map(Node::operator).collect(Collectors.joining(" "));
    }

    @ParameterizedTest
    @MethodSource("folded")
    void becomesPartOfTheLayer(Case each) {
        Net net = new Net();
        Graph graph = net.graph(each.write.apply(net));
        Graph found = new FoldAffine().apply(graph);
        assertThat(operators(found)).isEqualTo(each.expected);
        assertThat(found.types().keySet())
                .containsAll(found.nodes().stream().map(Node::output).toList());
        Map<Value, NDArray> inputs = Map.of(IMAGE, NDArray.normal(new Random(2), 2, 4, 7, 6));
        Value output = graph.outputs().get(0);
        Agreement.check(
                each.label,
                Agreement.run(found, inputs).get(output),
                Agreement.run(graph, inputs).get(output),
                1e-5);
    }

    @ParameterizedTest
    @MethodSource("others")
    void staysApart(Case each) {
        Net net = new Net();
        assertThat(operators(new FoldAffine().apply(net.graph(each.write.apply(net)))))
                .isEqualTo(each.expected);
    }

    @Test
    void aBorderOfZerosBecomesPadding() {
        Net net = new Net();
        Value padded = net.op("Pad", net.image, net.builder.vector(0, 0, 1, 2, 0, 0, 0, 1));
        Value conv = net.op("Conv", NONE.with("pads", 1, 0, 1, 0), padded, net.w(6, 4, 3, 3));
        Value ones = net.op("Pad", net.image, net.builder.vector(0, 0, 1, 1, 0, 0, 1, 1), net.builder.constant(1f));
        Value other = net.op("Conv", ones, net.w(6, 4, 3, 3));
        Graph graph = net.graph(net.op("Add", net.op("GlobalAveragePool", conv), net.op("GlobalAveragePool", other)));
        Graph found = new FoldPadding().apply(graph);
        assertThat(found.nodes().stream().filter(node -> node.opType().equals("Pad")))
                .hasSize(1);
        Map<Value, NDArray> inputs = Map.of(IMAGE, NDArray.normal(new Random(2), 2, 4, 7, 6));
        Value output = graph.outputs().get(0);
        Agreement.check(
                "padding",
                Agreement.run(found, inputs).get(output),
                Agreement.run(graph, inputs).get(output),
                1e-6);
    }

    @Test
    void whatIsPutOutStays() {
        Net net = new Net();
        Value conv = net.conv(net.image);
        net.builder.output(conv);
        assertThat(operators(new FoldAffine().apply(net.graph(net.op("Add", conv, net.w(6, 1, 1))))))
                .isEqualTo("Conv Add");
    }
}
