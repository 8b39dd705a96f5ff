package dev.vitrine.engine.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.vitrine.engine.gradient.BackwardRules;
import dev.vitrine.engine.gradient.Gradients;
import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.operator.OperatorCases.Batch;
import dev.vitrine.engine.operator.OperatorCases.Case;
import dev.vitrine.engine.oracle.Agreement;
import dev.vitrine.engine.oracle.GradientCheck;
import dev.vitrine.engine.oracle.Interpreter;
import dev.vitrine.engine.oracle.NDArray;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every row of the table against central differences in double, and its gradient graph in ONNX Runtime. */
class OperatorGradientTest {
    private static final Attributes NONE = Attributes.NONE;

    /** Not the derivative, which is 0 nearly everywhere; DequantizeTest holds them to that of the real numbers. */
    private static final Set<String> STRAIGHT_THROUGH =
            Set.of("QuantizeLinear", "DequantizeLinear", "DynamicQuantizeLinear");

    static List<Case> all() {
        return OperatorCases.ALL;
    }

    static List<Case> anyBatch() {
        return OperatorCases.ALL.stream()
                .filter(each -> each.batch() == Batch.ANY)
                .toList();
    }

    @ParameterizedTest
    @MethodSource("all")
    void agreesWithCentralDifferences(Case each) {
        check(each.fixed(), each);
    }

    @ParameterizedTest
    @MethodSource("anyBatch")
    void agreesWithCentralDifferencesForAnOpenBatch(Case each) {
        check(each.open(), each);
    }

    private static void check(Graph graph, Case each) {
        Map<Value, NDArray> at = each.at(graph);
        List<Graph> built = new ArrayList<>();
        GradientCheck check = GradientCheck.of(graph, (withObjective, objective, values) -> {
            Graph gradient = Gradients.plain(withObjective, objective, values);
            built.add(Gradients.only(gradient, values.size()));
            return gradient;
        });
        for (Map.Entry<Value, NDArray> entry : at.entrySet()) {
            check = check.at(entry.getKey(), entry.getValue());
        }
        check.check(3);
        Agreement.check(built.get(0), at, 1e-4);
    }

    @Test
    void everyRowHasACase() {
        Set<String> rows = OperatorTable.ALL.stream()
                .filter(row -> row.derivative().isPresent() && row.kind() != Operator.Kind.GRADIENT_FREE)
                .map(Operator::name)
                .filter(name -> !STRAIGHT_THROUGH.contains(name))
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> cases =
                OperatorCases.ALL.stream().map(Case::operator).collect(Collectors.toCollection(TreeSet::new));
        assertThat(cases).isEqualTo(rows);
        Set<String> free = OperatorTable.ALL.stream()
                .filter(row -> row.derivative().isPresent() && row.kind() == Operator.Kind.GRADIENT_FREE)
                .map(Operator::name)
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> freeCases =
                gradientFree().stream().map(FreeCase::operator).collect(Collectors.toCollection(TreeSet::new));
        assertThat(freeCases).isEqualTo(free);
    }

    private interface FreeBody {
        /** Something that depends on x f32[2,3] only through the operator. */
        Value write(GraphBuilder builder, Value x);
    }

    record FreeCase(String operator, FreeBody body) {
        @Override
        public String toString() {
            return operator;
        }
    }

    static List<FreeCase> gradientFree() {
        List<FreeCase> cases = new ArrayList<>();
        for (String unary : List.of("Ceil", "Floor", "Round", "Sign")) {
            cases.add(new FreeCase(unary, (b, x) -> b.node(unary, x)));
        }
        for (String truth : List.of("IsInf", "IsNaN")) {
            cases.add(new FreeCase(truth, (b, x) -> real(b, b.node(truth, x))));
        }
        for (String order : List.of("Equal", "Greater", "GreaterOrEqual", "Less", "LessOrEqual")) {
            cases.add(new FreeCase(order, (b, x) -> real(b, b.node(order, x, b.constant(.1f)))));
        }
        for (String logic : List.of("And", "Or", "Xor")) {
            cases.add(new FreeCase(
                    logic, (b, x) -> real(b, b.node(logic, positive(b, x), b.node("Not", positive(b, x))))));
        }
        cases.add(new FreeCase("Not", (b, x) -> real(b, b.node("Not", positive(b, x)))));
        for (String place : List.of("ArgMax", "ArgMin")) {
            cases.add(new FreeCase(place, (b, x) -> real(b, b.node(place, NONE.with("axis", 1L), x))));
        }
        cases.add(new FreeCase("Hardmax", (b, x) -> b.node("Hardmax", NONE.with("axis", 1L), x)));
        cases.add(new FreeCase("Shape", (b, x) -> real(b, b.node("Shape", x))));
        cases.add(new FreeCase("Size", (b, x) -> real(b, b.node("Size", x))));
        cases.add(new FreeCase("NonZero", (b, x) -> real(b, b.node("NonZero", x))));
        cases.add(new FreeCase("ConstantOfShape", (b, x) -> b.node("ConstantOfShape", b.node("Shape", x))));
        cases.add(new FreeCase(
                "Constant",
                (b, x) -> b.node(
                        "Mul",
                        b.node("Constant", NONE.with("value", Tensor.floats(new float[] {2}, 1))),
                        b.node("Sign", x))));
        cases.add(new FreeCase("EyeLike", (b, x) -> b.node("EyeLike", x)));
        for (String random : List.of("RandomNormalLike", "RandomUniformLike")) {
            cases.add(new FreeCase(random, (b, x) -> b.node(random, x)));
        }
        for (String random : List.of("RandomNormal", "RandomUniform")) {
            cases.add(new FreeCase(
                    random,
                    (b, x) -> b.node("Mul", b.node(random, NONE.with("shape", new long[] {2, 3})), b.node("Sign", x))));
        }
        cases.add(new FreeCase("OneHot", (b, x) -> {
            Value values = b.constant(Tensor.floats(new float[] {0, 1}, 2));
            return b.node("OneHot", b.node("ArgMax", NONE.with("axis", 1L), x), b.vector(3), values);
        }));
        cases.add(new FreeCase("Range", (b, x) -> {
            Value size = b.node("Size", x);
            Value zero = b.constant(Tensor.scalar(0L));
            return real(b, b.node("Range", zero, size, b.constant(Tensor.scalar(1L))));
        }));
        return cases;
    }

    private static Value real(GraphBuilder builder, Value value) {
        return builder.node("Cast", NONE.with("to", 1L), value);
    }

    private static Value positive(GraphBuilder builder, Value x) {
        return builder.node("Greater", x, builder.constant(0f));
    }

    @ParameterizedTest
    @MethodSource("gradientFree")
    void givesZerosWhereTheGradientIsZeroEverywhere(FreeCase each) {
        GraphBuilder builder = new GraphBuilder();
        Value x = builder.input("x", TensorType.of(ElementType.FLOAT32, 2, 3));
        builder.output(each.body().write(builder, x));
        Graph graph = builder.build();
        if (graph.nodes().stream().allMatch(node -> Interpreter.operators().contains(node.opType()))) {
            GradientCheck.of(graph, Gradients::plain).checkZero(5);
        }
        Graph gradient = Gradients.only(Gradients.plain(graph, graph.outputs().get(0), List.of(x)), 1);
        NDArray zeros = Agreement.run(gradient, Map.of(x, NDArray.normal(new java.util.Random(1), 2, 3)))
                .get(gradient.outputs().get(0));
        assertThat(zeros.data()).containsExactly(0, 0, 0, 0, 0, 0);
    }

    private static double[] gradient(String opType, Attributes attributes, NDArray x) {
        GraphBuilder builder = new GraphBuilder();
        Value input = builder.input("x", TensorType.of(x.toTensor()));
        builder.output(builder.node(opType, attributes, input));
        return gradient(builder.build(), input, x);
    }

    private static double[] gradient(Graph graph, Value input, NDArray x) {
        Graph gradient = Gradients.only(Gradients.plain(graph, graph.outputs().get(0), List.of(input)), 1);
        Agreement.check(gradient, Map.of(input, x), 0);
        return Interpreter.evaluate(gradient, Map.of(input, x))
                .get(gradient.outputs().get(0))
                .data();
    }

    @Test
    void theFirstMaximumOfAWindowWinsAndOverlappingWindowsAccumulate() {
        NDArray x = new NDArray(
                new double[] {
                    1, 1, 0, 2,
                    1, 3, 3, 2,
                    0, 3, 0, 2,
                    5, 5, 5, 5
                },
                1,
                1,
                4,
                4);
        // 2×2 windows at stride 1: rows of maxima 3 3 3 | 3 3 3 | 5 5 5
        double[] ones = gradient("MaxPool", Attributes.NONE.with("kernel_shape", new long[] {2, 2}), x);
        assertThat(ones).containsExactly(0, 0, 0, 0, 0, 4, 2, 0, 0, 0, 0, 0, 1, 1, 1, 0);
        // at stride 2: 3, 3, 5, 5
        double[] apart = gradient(
                "MaxPool",
                Attributes.NONE.with("kernel_shape", new long[] {2, 2}).with("strides", new long[] {2, 2}),
                x);
        assertThat(apart).containsExactly(0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 1, 0, 1, 0);
        assertThat(gradient("GlobalMaxPool", Attributes.NONE, x))
                .containsExactly(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0);
    }

    @Test
    void allZeroMapsGiveTheirGradientToTheFirstPlace() {
        double[] found = gradient(
                "MaxPool",
                Attributes.NONE
                        .with("kernel_shape", new long[] {3, 3})
                        .with("strides", new long[] {2, 2})
                        .with("pads", new long[] {1, 1, 1, 1}),
                NDArray.zeros(1, 1, 4, 4));
        assertThat(found).containsExactly(1, 1, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    }

    @Test
    void kinksTakeTheSlopeTowardsZeroOrBelow() {
        NDArray zero = NDArray.zeros(1);
        assertThat(gradient("Relu", NONE, zero)).containsExactly(0);
        assertThat(gradient("LeakyRelu", NONE.with("alpha", .25f), zero)).containsExactly(.25);
        assertThat(gradient("Abs", NONE, zero)).containsExactly(0);
        assertThat(gradient("ThresholdedRelu", NONE, new NDArray(new double[] {1}, 1)))
                .containsExactly(0);
        assertThat(gradient("ReduceL2", NONE, NDArray.zeros(2))).containsExactly(0, 0);
        assertThat(gradient("LpNormalization", NONE, NDArray.zeros(1, 2))).containsExactly(0, 0);
    }

    /** The slope of each is infinite there, and may meet a gradient of 0. */
    @Test
    void infiniteSlopesAreSelectedAway() {
        NDArray zeros = new NDArray(new double[] {0, 4}, 2);
        assertThat(gradient("Sqrt", NONE, zeros)).containsExactly(numbers(0, .25), within(1e-12));
        assertThat(gradient("Log", NONE, zeros)).containsExactly(numbers(0, .25), within(1e-12));
        assertThat(gradient("Reciprocal", NONE, zeros)).containsExactly(numbers(0, -1. / 16), within(1e-12));
        NDArray ones = new NDArray(new double[] {1, -1}, 2);
        for (String opType : List.of("Asin", "Acos", "Atanh")) {
            assertThat(gradient(opType, NONE, ones)).as(opType).containsExactly(numbers(0, 0), within(1e-12));
        }
        assertThat(gradient("Acosh", NONE, new NDArray(new double[] {1}, 1)))
                .containsExactly(numbers(0), within(1e-12));
    }

    @Test
    void aPowerBelowOneHasNoGradientAtZero() {
        for (float exponent : new float[] {.5f, -1, 1.5f, 2}) {
            GraphBuilder builder = new GraphBuilder();
            Value x = builder.input("x", TensorType.of(ElementType.FLOAT32, 3));
            builder.output(builder.node("Pow", x, builder.constant(exponent)));
            double[] found = gradient(builder.build(), x, new NDArray(new double[] {0, 1, 4}, 3));
            assertThat(found)
                    .as("exponent " + exponent)
                    .containsExactly(numbers(0, exponent, exponent * Math.pow(4, exponent - 1)), within(1e-12));
        }
    }

    /** Where x > 0: f(x), else 0: the branch that is not taken has an infinite or no slope. */
    @Test
    void branchesNotTakenGiveNothing() {
        for (String opType : List.of("Sqrt", "Log", "Reciprocal", "Exp")) {
            GraphBuilder builder = new GraphBuilder();
            Value x = builder.input("x", TensorType.of(ElementType.FLOAT32, 3));
            Value taken = builder.node("And", builder.node("Greater", x, builder.constant(0f)), below(builder, x, 50));
            builder.output(builder.node("Where", taken, builder.node(opType, x), builder.constant(0f)));
            double[] found = gradient(builder.build(), x, new NDArray(new double[] {0, -1, 1000}, 3));
            assertThat(found).as(opType).containsExactly(numbers(0, 0, 0), within(1e-12));
        }
        for (String opType : List.of("Div", "Pow")) {
            GraphBuilder builder = new GraphBuilder();
            Value x = builder.input("x", TensorType.of(ElementType.FLOAT32, 2));
            Value y = opType.equals("Div")
                    ? builder.node("Div", builder.constant(1f), x)
                    : builder.node("Pow", x, builder.constant(-.5f));
            Value taken = builder.node("Greater", x, builder.constant(0f));
            builder.output(builder.node("Where", taken, y, builder.constant(0f)));
            double[] found = gradient(builder.build(), x, new NDArray(new double[] {0, 1}, 2));
            assertThat(found).as(opType).containsExactly(numbers(0, opType.equals("Div") ? -1 : -.5), within(1e-12));
        }
    }

    private static double[] numbers(double... values) {
        return values;
    }

    private static Value below(GraphBuilder builder, Value x, float limit) {
        return builder.node("Less", x, builder.constant(limit));
    }

    @Test
    void equalsShareTheGradientOfAReducedExtreme() {
        assertThat(gradient("ReduceMax", NONE, new NDArray(new double[] {2, 1, 2, 0}, 4)))
                .containsExactly(.5, 0, .5, 0);
    }

    @Test
    void farFromZeroNothingOverflows() {
        NDArray far = new NDArray(new double[] {-1000, -100, 100, 1000}, 4);
        for (String opType :
                List.of("Elu", "Selu", "Celu", "Sigmoid", "Tanh", "Softplus", "Gelu", "Mish", "Softsign")) {
            assertThat(gradient(opType, NONE, far)).as(opType).doesNotContain(Double.NaN);
        }
        assertThat(gradient("Gelu", NONE.with("approximate", "tanh"), far)).doesNotContain(Double.NaN);
    }

    /** ONNX Runtime runs no LRN of even size, so the types come from the interpreter. */
    @ParameterizedTest
    @ValueSource(longs = {2, 4})
    void localResponseOfEvenSize(long size) {
        GraphBuilder builder = new GraphBuilder();
        Value x = builder.input("x", TensorType.of(ElementType.FLOAT32, 2, 5, 2, 2));
        builder.output(builder.node("LRN", NONE.with("size", size).with("alpha", .8f), x));
        GradientCheck.of(
                        builder.build(),
                        (graph, objective, values) ->
                                Gradients.of(BackwardRules.PLAIN, interpretedTypes(graph, x), objective, values))
                .check(4);
    }

    private static Graph interpretedTypes(Graph graph, Value x) {
        List<Value> all =
                graph.nodes().stream().flatMap(node -> node.outputs().stream()).toList();
        NDArray zeros = NDArray.zeros(graph.type(x).orElseThrow().shape());
        Map<Value, TensorType> types = new LinkedHashMap<>(graph.types());
        Interpreter.evaluate(graph.withOutputs(all), Map.of(x, zeros))
                .forEach((value, array) -> types.put(value, TensorType.of(array.toTensor())));
        return graph.withTypes(types);
    }

    @Test
    void innerValuesHaveGradientsToo() {
        GraphBuilder builder = new GraphBuilder();
        Value x = builder.input("x", TensorType.of(ElementType.FLOAT32, 3));
        Value inner = builder.node("Mul", x, builder.constant(2f));
        builder.output(builder.node("Mul", inner, inner));
        Graph graph = builder.build();
        Graph gradient = Gradients.plain(graph, graph.outputs().get(0), List.of(x, inner));
        Map<Value, NDArray> found = Interpreter.evaluate(gradient, Map.of(x, new NDArray(new double[] {1, 2, -3}, 3)));
        List<Value> outputs = gradient.outputs();
        // y = (2x)²: 8x, and 2·inner = 4x
        assertThat(found.get(outputs.get(1)).data()).containsExactly(8, 16, -24);
        assertThat(found.get(outputs.get(2)).data()).containsExactly(4, 8, -12);
    }

    @Test
    void whatTheObjectiveDoesNotDependOnGetsZeros() {
        GraphBuilder builder = new GraphBuilder();
        Value x = builder.input("x", TensorType.of(ElementType.FLOAT32, 2));
        Value other = builder.input("other", TensorType.of(ElementType.FLOAT32, 3));
        builder.output(builder.node("Exp", x));
        Graph graph = builder.build();
        Graph gradient = Gradients.only(Gradients.plain(graph, graph.outputs().get(0), List.of(other)), 1);
        assertThat(Agreement.run(gradient, Map.of(x, NDArray.zeros(2), other, NDArray.zeros(3)))
                        .get(gradient.outputs().get(0))
                        .data())
                .containsExactly(0, 0, 0);
    }
}
