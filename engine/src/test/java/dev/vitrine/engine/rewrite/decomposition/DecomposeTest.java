package dev.vitrine.engine.rewrite.decomposition;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.engine.gradient.Gradients;
import dev.vitrine.engine.graph.AttributeValue;
import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Dimension;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.operator.OperatorTable;
import dev.vitrine.engine.oracle.Agreement;
import dev.vitrine.engine.oracle.GradientCheck;
import dev.vitrine.engine.oracle.NDArray;
import dev.vitrine.engine.runtime.OnnxRuntimeRunner;
import dev.vitrine.engine.runtime.TypeInference;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What an operator is made of gives what the runtime gives for it, and its gradient agrees with central differences. */
class DecomposeTest {
    private static final Attributes NONE = Attributes.NONE;
    private static final Set<String> NEWER = Set.of("Attention", "RotaryEmbedding");
    private static final Tensor ABSENT = Tensor.floats(new float[0], 0);

    /**
     * One node.
     *
     * @param shape of its first input, which varies
     * @param others its other inputs, constants
     */
    record Case(String operator, Attributes attributes, int outputs, long[] shape, List<Tensor> others) {
        Graph graph(boolean open) {
            GraphBuilder builder = new GraphBuilder();
            TensorType type = TensorType.of(ElementType.FLOAT32, shape);
            int batch = operator.contains(".") ? 0 : 1;
            Value x = builder.input("x", open ? type.withDimension(batch, Dimension.named("N")) : type);
            List<Value> inputs = new ArrayList<>(List.of(x));
            for (Tensor other : others) {
                inputs.add(other == ABSENT ? Value.NONE : builder.constant("k", other));
            }
            List<Value> results = new ArrayList<>();
            for (int i = 0; i < outputs; i++) {
                results.add(builder.fresh("y"));
            }
            String[] parts = operator.startsWith("com.microsoft.")
                    ? new String[] {"com.microsoft", operator.substring(14)}
                    : new String[] {"", operator};
            builder.addFresh(new Node("node", parts[0], parts[1], inputs, results, attributes));
            results.forEach(builder::output);
            Graph graph = builder.build();
            return TypeInference.infer(new Graph(
                    graph.inputs(),
                    graph.outputs(),
                    graph.nodes(),
                    graph.constants(),
                    graph.types(),
                    Map.of("", NEWER.contains(operator) ? 23 : Graph.OPSET, "com.microsoft", 1L)));
        }

        @Override
        public String toString() {
            return operator + attributes.values() + Arrays.toString(shape) + others;
        }
    }

    private static final Random RANDOM = new Random(9);

    private static Tensor numbers(long... shape) {
        float[] data = new float[(int) Tensor.elements(shape)];
        for (int i = 0; i < data.length; i++) {
            data[i] = (float) RANDOM.nextGaussian() / 2;
        }
        return Tensor.floats(data, shape);
    }

    private static Tensor lengths(int... values) {
        ByteBuffer bytes = Tensor.allocate(ElementType.INT32, values.length);
        bytes.asIntBuffer().put(values);
        return Tensor.wrap(ElementType.INT32, new long[] {values.length}, bytes);
    }

    private static Case recurrent(String operator, int gates, Attributes attributes, String direction, Tensor... more) {
        int directions = direction.equals("bidirectional") ? 2 : 1;
        List<Tensor> others =
                new ArrayList<>(List.of(numbers(directions, gates * 4, 3), numbers(directions, gates * 4, 4)));
        others.addAll(List.of(more));
        Attributes all = attributes.with("hidden_size", 4L).with("direction", direction);
        return new Case(operator, all, operator.equals("LSTM") ? 3 : 2, new long[] {5, 2, 3}, others);
    }

    static List<Case> recurrences() {
        List<Case> cases = new ArrayList<>();
        for (String direction : List.of("forward", "reverse", "bidirectional")) {
            int directions = direction.equals("bidirectional") ? 2 : 1;
            cases.add(recurrent("LSTM", 4, NONE, direction));
            cases.add(recurrent(
                    "LSTM",
                    4,
                    NONE,
                    direction,
                    numbers(directions, 32),
                    lengths(5, 5),
                    numbers(directions, 2, 4),
                    numbers(directions, 2, 4),
                    numbers(directions, 12)));
            cases.add(recurrent("LSTM", 4, NONE.with("input_forget", 1L), direction, numbers(directions, 32)));
            cases.add(recurrent("LSTM", 4, NONE.with("clip", .4f), direction, numbers(directions, 32)));
            cases.add(recurrent("GRU", 3, NONE.with("clip", .4f), direction, numbers(directions, 24)));
            cases.add(recurrent("RNN", 1, NONE.with("clip", .4f), direction, numbers(directions, 8)));
            for (long linear : new long[] {0, 1}) {
                Attributes attributes = NONE.with("linear_before_reset", linear);
                cases.add(recurrent("GRU", 3, attributes, direction));
                cases.add(recurrent(
                        "GRU", 3, attributes, direction, numbers(directions, 24), ABSENT, numbers(directions, 2, 4)));
                cases.add(recurrent("GRU", 3, attributes, direction, numbers(directions, 24)));
            }
            cases.add(recurrent("RNN", 1, NONE, direction));
            cases.add(recurrent("RNN", 1, NONE, direction, numbers(directions, 8), ABSENT, numbers(directions, 2, 4)));
        }
        Tensor zeros = Tensor.zeros(ElementType.FLOAT32, 1, 2, 4);
        cases.add(recurrent("LSTM", 4, NONE, "forward", numbers(1, 32), ABSENT, zeros, zeros));
        Attributes rectified =
                NONE.with("activations", new AttributeValue.OfTexts(List.of("sigmoid", "Relu", "Softsign")));
        cases.add(recurrent("LSTM", 4, rectified, "forward", numbers(1, 32)));
        return cases;
    }

    private static Tensor truths(boolean... values) {
        ByteBuffer bytes = Tensor.allocate(ElementType.BOOL, values.length);
        for (boolean value : values) {
            bytes.put((byte) (value ? 1 : 0));
        }
        return Tensor.wrap(ElementType.BOOL, new long[] {values.length}, bytes.flip());
    }

    private static List<Case> attentions() {
        List<Case> cases = new ArrayList<>();
        long[] four = {2, 4, 3, 2};
        cases.add(new Case("Attention", NONE, 1, four, List.of(numbers(2, 4, 5, 2), numbers(2, 4, 5, 2))));
        cases.add(new Case(
                "Attention",
                NONE.with("scale", .3f),
                1,
                four,
                List.of(numbers(2, 2, 5, 2), numbers(2, 2, 5, 2), numbers(3, 5))));
        cases.add(new Case(
                "Attention", NONE.with("is_causal", 1L), 1, four, List.of(numbers(2, 4, 3, 2), numbers(2, 4, 3, 2))));
        cases.add(new Case(
                "Attention",
                NONE.with("q_num_heads", 2L).with("kv_num_heads", 2L),
                1,
                new long[] {2, 3, 8},
                List.of(
                        numbers(2, 5, 8),
                        numbers(2, 5, 8),
                        truths(
                                        true, false, true, true, true, false, true, true, true, true, true, true, false,
                                        false, true)
                                .reshape(3, 5))));
        cases.add(new Case(
                "com.microsoft.MultiHeadAttention",
                NONE.with("num_heads", 2L),
                1,
                new long[] {2, 3, 8},
                List.of(numbers(2, 5, 8), numbers(2, 5, 8), numbers(24))));
        for (long order : new long[] {0, 1}) {
            cases.add(new Case(
                    "com.microsoft.Attention",
                    NONE.with("num_heads", 2L).with("unidirectional", order),
                    1,
                    new long[] {2, 3, 6},
                    List.of(numbers(6, 24), numbers(24))));
        }
        for (long interleaved : new long[] {0, 1}) {
            Attributes attributes = NONE.with("interleaved", interleaved);
            cases.add(new Case(
                    "RotaryEmbedding",
                    attributes,
                    1,
                    new long[] {2, 2, 3, 4},
                    List.of(numbers(2, 3, 2), numbers(2, 3, 2))));
            cases.add(new Case(
                    "RotaryEmbedding",
                    attributes.with("num_heads", 2L),
                    1,
                    new long[] {1, 3, 8},
                    List.of(numbers(7, 2), numbers(7, 2), Tensor.longs(new long[] {4, 0, 2}, 1, 3))));
        }
        return cases;
    }

    static List<Case> cases() {
        List<Case> cases = recurrences();
        cases.addAll(attentions());
        for (long p : new long[] {1, 2}) {
            cases.add(new Case("GlobalLpPool", NONE.with("p", p), 1, new long[] {2, 3, 4, 2}, List.of()));
        }
        cases.add(new Case("ReverseSequence", NONE, 1, new long[] {4, 2, 3}, List.of(Tensor.vector(4, 4))));
        long[] rows = {2, 3, 4};
        cases.add(new Case("com.microsoft.Gelu", NONE, 1, rows, List.of()));
        cases.add(new Case("com.microsoft.FastGelu", NONE, 1, rows, List.of(numbers(4))));
        cases.add(new Case("com.microsoft.FastGelu", NONE, 1, rows, List.of()));
        cases.add(new Case("com.microsoft.BiasGelu", NONE, 1, rows, List.of(numbers(4))));
        cases.add(new Case("com.microsoft.QuickGelu", NONE.with("alpha", 1.5f), 1, rows, List.of()));
        cases.add(new Case(
                "com.microsoft.SkipLayerNormalization",
                NONE,
                1,
                rows,
                List.of(numbers(2, 3, 4), numbers(4), numbers(4), numbers(4))));
        cases.add(new Case("SimplifiedLayerNormalization", NONE, 1, rows, List.of(numbers(4))));
        cases.add(new Case(
                "com.microsoft.SkipSimplifiedLayerNormalization",
                NONE,
                1,
                rows,
                List.of(numbers(2, 3, 4), numbers(4), numbers(4))));
        for (String activation : List.of("Relu", "Sigmoid", "Tanh")) {
            cases.add(new Case(
                    "com.microsoft.FusedConv",
                    NONE.with("activation", activation).with("pads", new long[] {1, 1, 1, 1}),
                    1,
                    new long[] {2, 2, 5, 5},
                    List.of(numbers(3, 2, 3, 3), numbers(3))));
        }
        cases.add(new Case(
                "com.microsoft.FusedConv",
                NONE.with("activation", "LeakyRelu")
                        .with("activation_params", new AttributeValue.OfFloats(List.of(.3f))),
                1,
                new long[] {2, 2, 5, 5},
                List.of(numbers(3, 2, 3, 3))));
        cases.add(new Case(
                "com.microsoft.FusedGemm",
                NONE.with("activation", "LeakyRelu")
                        .with("activation_alpha", .2f)
                        .with("transB", 1L),
                1,
                new long[] {2, 4},
                List.of(numbers(3, 4), numbers(3))));
        for (String product : List.of("FusedMatMul", "TransposeMatMul")) {
            cases.add(new Case(
                    "com.microsoft." + product,
                    NONE.with("transA", 1L).with("transB", 1L).with("alpha", .5f),
                    1,
                    rows,
                    List.of(numbers(5, 3))));
        }
        return cases;
    }

    @ParameterizedTest
    @MethodSource("cases")
    void givesTheSameNumbers(Case each) {
        Graph graph = each.graph(false);
        Graph decomposed = new Decompose(new OnnxRuntimeRunner()).apply(graph);
        assertThat(decomposed.nodes()).allMatch(node -> OperatorTable.isDifferentiable(node));
        Map<Value, NDArray> x = Map.of(graph.inputs().get(0), NDArray.normal(new Random(1), each.shape()));
        Map<Value, NDArray> expected = Agreement.run(graph, x);
        Map<Value, NDArray> found = Agreement.run(decomposed, x);
        expected.forEach((value, array) -> Agreement.check(value.name(), found.get(value), array, 2e-5));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void hasAGradient(Case each) {
        Graph decomposed = new Decompose(new OnnxRuntimeRunner()).apply(each.graph(false));
        GradientCheck.of(decomposed, Gradients::plain).check(2);
    }

    @ParameterizedTest
    @MethodSource("recurrences")
    void theBatchMayBeOpen(Case each) {
        if (each.others().size() > 3) {
            return; // lengths and first states are given for two samples
        }
        Graph graph = each.graph(true);
        Graph decomposed = new Decompose(new OnnxRuntimeRunner()).apply(graph);
        Map<Value, NDArray> x = new LinkedHashMap<>();
        x.put(graph.inputs().get(0), NDArray.normal(new Random(1), 5, 3, 3));
        Map<Value, NDArray> expected = Agreement.run(graph, x);
        Map<Value, NDArray> found = Agreement.run(decomposed, x);
        expected.forEach((value, array) -> Agreement.check(value.name(), found.get(value), array, 2e-5));
    }

    @Test
    void sequencesOfUnequalLengthStay() {
        Case unequal = recurrent("LSTM", 4, NONE, "forward", numbers(1, 32), lengths(5, 3));
        Graph graph = unequal.graph(false);
        assertThat(new Decompose(new OnnxRuntimeRunner()).apply(graph)).isSameAs(graph);
    }

    @Test
    void everyOperatorHasACase() {
        Set<String> tested = cases().stream().map(Case::operator).collect(Collectors.toCollection(TreeSet::new));
        assertThat(tested).isEqualTo(Compositions.ALL.keySet());
    }
}
