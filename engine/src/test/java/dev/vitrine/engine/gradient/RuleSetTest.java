package dev.vitrine.engine.gradient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.vitrine.engine.gradient.RelevanceRules.Composite;
import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Dimension;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.oracle.Agreement;
import dev.vitrine.engine.oracle.Interpreter;
import dev.vitrine.engine.oracle.NDArray;
import dev.vitrine.engine.rewrite.Mirror;
import dev.vitrine.engine.runtime.TypeInference;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Guided, deconvnet, LRP and DeepLIFT by what defines them. */
class RuleSetTest {
    private static final Attributes NONE = Attributes.NONE;
    private static final Value X = new Value("x");

    /** Writes what computes one logit f32[N] or f32[N,1] from x. */
    private interface Net {
        Value write(GraphBuilder builder, Value x, Random random);
    }

    record Case(String label, Net net) {
        @Override
        public String toString() {
            return label;
        }
    }

    private static Graph build(Net net, long... shape) {
        GraphBuilder builder = new GraphBuilder();
        Value x = builder.input("x", TensorType.of(ElementType.FLOAT32, shape));
        builder.output(net.write(builder, x, new Random(21)));
        return TypeInference.infer(builder.build());
    }

    private static NDArray backward(BackwardRules rules, Graph graph, NDArray x) {
        Graph gradient =
                Gradients.only(Gradients.of(rules, graph, graph.outputs().get(0), List.of(X)), 1);
        Agreement.check(gradient, Map.of(X, x), 1e-4);
        return Interpreter.evaluate(gradient, Map.of(X, x))
                .get(gradient.outputs().get(0));
    }

    private static Value weights(GraphBuilder builder, Random random, long... shape) {
        return builder.constant("w", NDArray.normal(random, shape).toTensor());
    }

    private static Value vector(GraphBuilder builder, float... values) {
        return builder.constant(Tensor.floats(values, values.length));
    }

    // y = Σ wᵢ f(xᵢ) at x = (1, -1, 2, -2) with w = (3, 3, -5, -5)
    private static Net weighted(String opType, Attributes attributes) {
        return (b, x, random) -> b.node(
                "ReduceSum",
                NONE.with("keepdims", 0L),
                b.node("Mul", b.node(opType, attributes, x), vector(b, 3, 3, -5, -5)),
                b.vector(1));
    }

    private static NDArray guided(Graph graph) {
        return backward(RectifierRules.guided(graph), graph, FOUR);
    }

    private static NDArray deconvnet(Graph graph) {
        return backward(RectifierRules.deconvnet(graph), graph, FOUR);
    }

    private static final NDArray FOUR = new NDArray(new double[] {1, -1, 2, -2}, 1, 4);

    @Test
    void guidedPassesPositiveSignalsOfPositiveInputs() {
        assertThat(guided(build(weighted("Relu", NONE), 1, 4)).data()).containsExactly(3, 0, 0, 0);
        assertThat(guided(build(weighted("LeakyRelu", NONE.with("alpha", .5f)), 1, 4))
                        .data())
                .containsExactly(3, 1.5, 0, 0);
    }

    @Test
    void redirectedGetsPastWhatIsOffWhereTheSignalAsksForMore() {
        Graph graph = build(weighted("Relu", NONE), 1, 4);
        assertThat(backward(RectifierRules.redirected(node -> true), graph, FOUR)
                        .data())
                .containsExactly(3, 0, -5, -5);
        assertThat(backward(RectifierRules.redirected(node -> false), graph, FOUR)
                        .data())
                .containsExactly(3, 0, -5, -0.0);
    }

    @Test
    void deconvnetPassesPositiveSignalsWhateverTheInput() {
        assertThat(deconvnet(build(weighted("Relu", NONE), 1, 4)).data()).containsExactly(3, 3, 0, 0);
        assertThat(deconvnet(build(weighted("LeakyRelu", NONE.with("alpha", .5f)), 1, 4))
                        .data())
                .containsExactly(3, 3, -2.5, -2.5);
    }

    @Test
    void otherActivationsKeepTheirDerivative() {
        double[] plain = backward(BackwardRules.PLAIN, build(weighted("Tanh", NONE), 1, 4), FOUR)
                .data();
        assertThat(guided(build(weighted("Tanh", NONE), 1, 4)).data()).containsExactly(plain);
    }

    private static Value conv(GraphBuilder b, Random random, Value x, long in, long out) {
        return b.node("Conv", NONE.with("pads", new long[] {1, 1, 1, 1}), x, weights(b, random, out, in, 3, 3));
    }

    private static Value head(GraphBuilder b, Random random, Value x, long features) {
        return b.node("Gemm", b.node("Flatten", x), weights(b, random, features, 1));
    }

    static final long[] IMAGE = {2, 2, 6, 6};

    /** Networks without biases, over f32[2,2,6,6]. */
    static List<Case> withoutBias() {
        Attributes two = NONE.with("kernel_shape", new long[] {2, 2}).with("strides", new long[] {2, 2});
        Attributes three = NONE.with("kernel_shape", new long[] {3, 3}).with("strides", new long[] {2, 2});
        return List.of(
                new Case("gemm", (b, x, r) -> head(b, r, x, 72)),
                new Case("matmul", (b, x, r) -> {
                    Value hidden = b.node("Relu", b.node("MatMul", b.node("Flatten", x), weights(b, r, 72, 8)));
                    return b.node("MatMul", hidden, weights(b, r, 8, 1));
                }),
                new Case("conv relu", (b, x, r) -> head(b, r, b.node("Relu", conv(b, r, x, 2, 3)), 108)),
                new Case("max pool", (b, x, r) -> {
                    Value maps = b.node("Relu", conv(b, r, x, 2, 3));
                    return head(b, r, b.node("MaxPool", two, maps), 27);
                }),
                new Case("overlapping max pool", (b, x, r) -> {
                    Value maps = b.node("Relu", conv(b, r, x, 2, 3));
                    return head(b, r, b.node("MaxPool", three, maps), 12);
                }),
                new Case("average pools", (b, x, r) -> {
                    Value maps = b.node("AveragePool", two, b.node("Relu", conv(b, r, x, 2, 3)));
                    maps = b.node("Relu", conv(b, r, maps, 3, 4));
                    return head(b, r, b.node("GlobalAveragePool", maps), 4);
                }),
                new Case("add", (b, x, r) -> {
                    Value stem = b.node("Relu", conv(b, r, x, 2, 3));
                    Value branch = conv(b, r, stem, 3, 3);
                    return head(b, r, b.node("Relu", b.node("Add", stem, branch)), 108);
                }),
                new Case("concat", (b, x, r) -> {
                    Value left = b.node("Relu", conv(b, r, x, 2, 2));
                    Value right = b.node("LeakyRelu", conv(b, r, x, 2, 1));
                    return head(b, r, b.node("Concat", NONE.with("axis", 1L), left, right), 108);
                }),
                new Case("convolution of a concatenation", (b, x, r) -> {
                    Value left = b.node("Relu", conv(b, r, x, 2, 2));
                    Value right = b.node("Relu", conv(b, r, x, 2, 3));
                    Value joined = b.node("Concat", NONE.with("axis", 1L), left, right);
                    return head(b, r, b.node("Relu", conv(b, r, joined, 5, 4)), 144);
                }),
                new Case("split, pad and slice", (b, x, r) -> {
                    Value maps = b.node("Relu", conv(b, r, x, 2, 4));
                    List<Value> parts =
                            b.nodes("Split", 2, NONE.with("axis", 1L).with("num_outputs", 2L), maps);
                    Value padded = b.node("Pad", parts.get(0), b.vector(0, 1, 0, 0, 0, 1, 0, 0));
                    Value sum = b.node("Add", padded, maps);
                    return head(
                            b,
                            r,
                            b.node("Add", sum, b.node("Concat", NONE.with("axis", 1L), parts.get(1), parts.get(0))),
                            144);
                }),
                new Case("transposed convolution", (b, x, r) -> {
                    Value wide = b.node(
                            "ConvTranspose", NONE.with("strides", new long[] {2, 2}), x, weights(b, r, 2, 2, 2, 2));
                    return head(b, r, b.node("Relu", wide), 288);
                }));
    }

    private static void conserves(RelevanceRule rule, Case each, NDArray x) {
        sums(Composite.everywhere(rule), build(each.net(), IMAGE), x, each + " under " + rule);
    }

    private static NDArray normal(long seed) {
        return NDArray.normal(new Random(seed), IMAGE);
    }

    private static NDArray positive(long seed) {
        return new NDArray(Arrays.stream(normal(seed).data()).map(Math::abs).toArray(), IMAGE);
    }

    private static Graph seededWithLogit(BackwardRules rules, Graph graph) {
        Value logit = graph.outputs().get(0);
        GraphBuilder seeds = new GraphBuilder(graph);
        Value seed = seeds.node("Identity", logit);
        Differentiator.Result result =
                new Differentiator(rules).propagate(seeds.build(), Map.of(logit, seed), List.of(X));
        GraphBuilder builder = new GraphBuilder(result.graph()).clearOutputs();
        builder.outputAs(result.of(X), builder.fresh("relevance"));
        return builder.build();
    }

    private static void sums(Composite composite, Graph graph, NDArray x, String label) {
        Graph seeded = seededWithLogit(RelevanceRules.of(graph, composite), graph);
        Agreement.check(seeded, Map.of(X, x), 1e-3);
        Map<Value, NDArray> results = Interpreter.evaluate(
                seeded.withOutputs(
                        List.of(graph.outputs().get(0), seeded.outputs().get(0))),
                Map.of(X, x));
        double[] logits = results.get(graph.outputs().get(0)).data();
        double[] relevance = results.get(seeded.outputs().get(0)).data();
        for (int n = 0; n < logits.length; n++) {
            double[] own = Arrays.copyOfRange(
                    relevance, n * relevance.length / logits.length, (n + 1) * relevance.length / logits.length);
            double size = Arrays.stream(own).map(Math::abs).sum();
            assertThat(size).isGreaterThan(0);
            assertThat(Arrays.stream(own).sum())
                    .as(label)
                    .isCloseTo(logits[n], within(1e-3 * (Math.abs(logits[n]) + 1e-2 * size)));
        }
    }

    @ParameterizedTest
    @MethodSource("withoutBias")
    void epsilonConserves(Case each) {
        conserves(new RelevanceRule.Epsilon(1e-9), each, normal(4));
    }

    @ParameterizedTest
    @MethodSource("withoutBias")
    void gammaConserves(Case each) {
        conserves(new RelevanceRule.Gamma(.25), each, normal(4));
    }

    @ParameterizedTest
    @MethodSource("withoutBias")
    void gammaOfZeroIsEpsilon(Case each) {
        Graph graph = build(each.net(), IMAGE);
        List<double[]> results = new ArrayList<>();
        for (RelevanceRule rule : List.of(new RelevanceRule.Gamma(0), new RelevanceRule.Epsilon(1e-6))) {
            Graph seeded = seededWithLogit(RelevanceRules.of(graph, Composite.everywhere(rule)), graph);
            results.add(Interpreter.evaluate(seeded, Map.of(X, normal(4)))
                    .get(seeded.outputs().get(0))
                    .data());
        }
        double scale = Arrays.stream(results.get(1)).map(Math::abs).max().orElseThrow();
        assertThat(results.get(0)).containsExactly(results.get(1), within(1e-6 * scale));
    }

    static List<Case> withConvolutionFirst() {
        return withoutBias().stream()
                .filter(each -> !List.of("gemm", "matmul").contains(each.label()))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("withConvolutionFirst")
    void boxConservesInTheFirstLayer(Case each) {
        RelevanceRule box = new RelevanceRule.ZBox(Collections.nCopies(2, -4f), Collections.nCopies(2, 4f));
        RelevanceRule epsilon = new RelevanceRule.Epsilon(1e-9);
        sums(new Composite(box, epsilon, epsilon), build(each.net(), IMAGE), normal(4), each.label());
    }

    @ParameterizedTest
    @MethodSource("withoutBias")
    void positiveRulesConserve(Case each) {
        conserves(new RelevanceRule.ZPlus(), each, positive(4));
        conserves(new RelevanceRule.AlphaBeta(1, 0), each, positive(4));
    }

    /** Where no contribution is negative, nothing takes the share β; so each output here has many inputs. */
    @ParameterizedTest
    @MethodSource("withManyInputsEach")
    void alphaBetaConserves(Case each) {
        conserves(new RelevanceRule.AlphaBeta(2, 1), each, positive(4));
    }

    static List<Case> withManyInputsEach() {
        return withoutBias().stream()
                .filter(each -> !List.of("add", "transposed convolution").contains(each.label()))
                .toList();
    }

    @Test
    void epsilonByHand() {
        // z = 2·1 + 3·(-1) = -1 -> relu 0; z' = 1·1 - 1·(-1) = 2: y = 4·relu(z) + 5·relu(z') = 10
        Net net = (b, x, r) -> {
            Value first = b.constant("first", Tensor.floats(new float[] {2, 1, 3, -1}, 2, 2));
            Value second = b.constant("second", Tensor.floats(new float[] {4, 5}, 2, 1));
            return b.node("MatMul", b.node("Relu", b.node("MatMul", x, first)), second);
        };
        Graph graph = build(net, 1, 2);
        Graph seeded =
                seededWithLogit(RelevanceRules.of(graph, Composite.everywhere(new RelevanceRule.Epsilon(1e-9))), graph);
        NDArray x = new NDArray(new double[] {1, -1}, 1, 2);
        double[] relevance = Interpreter.evaluate(seeded, Map.of(X, x))
                .get(seeded.outputs().get(0))
                .data();
        assertThat(relevance).containsExactly(new double[] {5, 5}, within(1e-6));
    }

    /** Networks with biases whose every operator has a rescale rule. */
    static List<Case> forRescale() {
        List<Case> cases = new ArrayList<>(withoutBias());
        Attributes window = NONE.with("kernel_shape", new long[] {3, 3});
        for (String opType : List.of("Relu", "LeakyRelu", "Sigmoid", "Tanh", "Elu", "Softplus", "Gelu", "HardSwish")) {
            cases.add(new Case(opType, (b, x, r) -> {
                Value bias = weights(b, r, 3);
                Value maps = b.node("Conv", x, weights(b, r, 3, 2, 3, 3), bias);
                return head(b, r, b.node(opType, maps), 48);
            }));
        }
        cases.add(new Case("max pool in the image", (b, x, r) -> head(b, r, b.node("MaxPool", window, x), 32)));
        cases.add(new Case("max pool at stride 1", (b, x, r) -> {
            Value maps = b.node("Relu", b.node("Conv", x, weights(b, r, 3, 2, 3, 3), weights(b, r, 3)));
            Value pooled = b.node("MaxPool", window.with("pads", new long[] {1, 1, 1, 1}), maps);
            return head(b, r, b.node("Sigmoid", pooled), 48);
        }));
        cases.add(new Case("global max pool", (b, x, r) -> {
            Value maps = b.node("Relu", conv(b, r, x, 2, 4));
            return head(b, r, b.node("GlobalMaxPool", maps), 4);
        }));
        cases.add(new Case("gate", (b, x, r) -> {
            Value maps = b.node("Relu", conv(b, r, x, 2, 3));
            Value gate =
                    b.node("Sigmoid", b.node("Conv", b.node("GlobalAveragePool", maps), weights(b, r, 3, 3, 1, 1)));
            return head(b, r, b.node("Mul", maps, gate), 108);
        }));
        cases.add(new Case("swish", (b, x, r) -> {
            Value maps = conv(b, r, x, 2, 3);
            return head(b, r, b.node("Mul", maps, b.node("Sigmoid", maps)), 108);
        }));
        cases.add(new Case("square", (b, x, r) -> head(b, r, b.node("Mul", x, x), 72)));
        cases.add(new Case("quotient", (b, x, r) -> {
            Value maps = conv(b, r, x, 2, 2);
            Value below = b.node("Exp", b.node("Mul", x, b.constant(.3f)));
            return head(b, r, b.node("Div", maps, below), 72);
        }));
        cases.add(new Case(
                "over a computed value",
                (b, x, r) -> head(
                        b, r, b.node("Div", b.constant(2f), b.node("Exp", b.node("Mul", x, b.constant(.3f)))), 72)));
        cases.add(new Case("pow, max and min with constants", (b, x, r) -> {
            Value bounded = b.node("Min", b.node("Max", x, b.constant(-.5f)), b.constant(1f));
            return head(b, r, b.node("Pow", bounded, b.constant(3f)), 72);
        }));
        cases.add(new Case("softmax attention", (b, x, r) -> {
            Value tokens = b.node("Reshape", x, b.vector(2, 12, 6));
            Value scores =
                    b.node("MatMul", tokens, b.node("Transpose", NONE.with("perm", new long[] {0, 2, 1}), tokens));
            return head(b, r, b.node("MatMul", b.node("Softmax", scores), tokens), 72);
        }));
        cases.add(new Case("log softmax", (b, x, r) -> {
            Value rows = b.node("LogSoftmax", b.node("Reshape", x, b.vector(2, 12, 6)));
            return head(b, r, rows, 72);
        }));
        cases.add(new Case("a value twice in one product", (b, x, r) -> {
            Value tokens = b.node("Reshape", x, b.vector(2, 12, 6));
            Attributes gram = NONE.with("equation", "bij,bkj->bik");
            return head(b, r, b.node("Einsum", gram, tokens, tokens), 144);
        }));
        cases.add(new Case("two operands of Gemm, across samples", (b, x, r) -> {
            Value left = b.node("Reshape", x, b.vector(12, 12));
            Value right = b.node("Tanh", left);
            Value product = b.node("Gemm", NONE.with("transA", 1L).with("alpha", .5f), left, right, left);
            return b.node(
                    "Add",
                    head(b, r, b.node("Reshape", product, b.vector(1, 144)), 144),
                    b.constant(Tensor.floats(new float[2], 2, 1)));
        }));
        cases.add(new Case("a computed kernel, across samples", (b, x, r) -> {
            Value kernel = b.node(
                    "Reshape",
                    b.node("Slice", x, b.vector(0, 0), b.vector(1, 3), b.vector(0, 2)),
                    b.vector(2, 2, 3, 3));
            return head(b, r, b.node("Conv", NONE.with("pads", new long[] {1, 1, 1, 1}), x, kernel), 72);
        }));
        for (String opType : List.of("ReduceMax", "ReduceMin")) {
            for (long keep : List.of(0L, 1L)) {
                cases.add(new Case(
                        opType + " keepdims " + keep,
                        (b, x, r) -> head(
                                b,
                                r,
                                b.node(opType, NONE.with("keepdims", keep), conv(b, r, x, 2, 3), b.vector(2)),
                                18)));
            }
        }
        for (String opType : List.of("Max", "Min")) {
            cases.add(new Case(
                    opType + " of two computed values",
                    (b, x, r) -> head(
                            b,
                            r,
                            b.node(opType, conv(b, r, x, 2, 3), b.node("GlobalAveragePool", conv(b, r, x, 2, 3))),
                            108)));
            cases.add(new Case(
                    opType + " of a computed value and a larger constant",
                    (b, x, r) ->
                            head(b, r, b.node(opType, b.node("GlobalAveragePool", x), weights(b, r, 1, 2, 6, 6)), 72)));
        }
        cases.add(new Case(
                "a computed power of a computed value",
                (b, x, r) -> head(b, r, b.node("Pow", b.node("Exp", x), conv(b, r, x, 2, 2)), 72)));
        cases.add(new Case(
                "slopes", (b, x, r) -> head(b, r, b.node("PRelu", conv(b, r, x, 2, 3), weights(b, r, 3, 1, 1)), 108)));
        cases.add(new Case(
                "steps",
                (b, x, r) -> head(
                        b,
                        r,
                        b.node("Add", b.node("Floor", x), b.node("Mul", b.node("Sign", x), b.node("Round", x))),
                        72)));
        cases.add(new Case("root of a sum of squares", (b, x, r) -> {
            Value squares = b.node("ReduceSum", NONE.with("keepdims", 1L), b.node("Mul", x, x), b.vector(1));
            return head(b, r, b.node("Div", x, b.node("Add", b.node("Sqrt", squares), b.constant(.1f))), 72);
        }));
        cases.add(new Case("attention", (b, x, r) -> {
            Value tokens = b.node("Reshape", x, b.vector(2, 12, 6));
            Value scores =
                    b.node("MatMul", tokens, b.node("Transpose", NONE.with("perm", new long[] {0, 2, 1}), tokens));
            return head(b, r, b.node("MatMul", b.node("Sigmoid", scores), tokens), 72);
        }));
        return cases;
    }

    @ParameterizedTest
    @MethodSource("forRescale")
    void multipliersSumToTheDifference(Case each) {
        GraphBuilder builder = new GraphBuilder(build(each.net(), IMAGE));
        Graph graph = builder.build();
        Value logit = graph.outputs().get(0);
        Value reference = builder.input("reference", graph.type(X).orElseThrow());
        Map<Value, Value> copies = Mirror.append(
                builder, graph.nodes(), Map.of(X, reference), Dimension.of(IMAGE[0]), Dimension.of(IMAGE[0]));
        Graph both = builder.build();
        Graph gradient = Gradients.of(RescaleRules.of(both, copies), both, logit, List.of(X));
        Value multipliers = gradient.outputs().get(gradient.outputs().size() - 1);
        Graph asked = gradient.withOutputs(List.of(logit, copies.get(logit), multipliers));
        NDArray here = NDArray.normal(new Random(5), IMAGE);
        NDArray there = NDArray.normal(new Random(6), IMAGE);
        Map<Value, NDArray> inputs = Map.of(X, here, reference, there);
        Agreement.check(asked, inputs, 1e-3);
        Map<Value, NDArray> results = Interpreter.evaluate(asked, inputs);
        int size = here.size() / (int) IMAGE[0];
        double[] sums = new double[(int) IMAGE[0]];
        double[] differences = new double[(int) IMAGE[0]];
        for (int n = 0; n < IMAGE[0]; n++) {
            for (int i = n * size; i < (n + 1) * size; i++) {
                sums[n] += results.get(multipliers).data()[i] * (here.data()[i] - there.data()[i]);
            }
            differences[n] = results.get(logit).data()[n]
                    - results.get(copies.get(logit)).data()[n];
        }
        if (each.label().endsWith("across samples")) {
            sums = new double[] {Arrays.stream(sums).sum()};
            differences = new double[] {Arrays.stream(differences).sum()};
        }
        for (int n = 0; n < sums.length; n++) {
            assertThat(sums[n])
                    .as(each.label())
                    .isCloseTo(differences[n], within(1e-4 * (1 + Math.abs(differences[n]))));
        }
    }
}
