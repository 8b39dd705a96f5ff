package dev.vitrine.engine.gradient;

import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.oracle.GradientCheck;
import dev.vitrine.engine.oracle.NDArray;
import dev.vitrine.engine.tensor.ElementType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Gradient graphs can be differentiated again: ∂/∂x of Σ (∂f/∂x)² against central differences. */
class SecondDerivativeTest {
    private static final Attributes NONE = Attributes.NONE;
    private static final Random RANDOM = new Random(12);

    private interface Body {
        Value write(GraphBuilder builder, List<Value> inputs);
    }

    record Case(String label, List<NDArray> inputs, Body body) {
        @Override
        public String toString() {
            return label;
        }
    }

    private static NDArray normal(long... shape) {
        return NDArray.normal(RANDOM, shape);
    }

    private static NDArray positive(long... shape) {
        NDArray normal = normal(shape);
        return new NDArray(
                Arrays.stream(normal.data()).map(value -> Math.abs(value) + .5).toArray(), shape);
    }

    private static Case one(String opType, Attributes attributes, NDArray... inputs) {
        return new Case(
                opType + attributes.values(),
                List.of(inputs),
                (b, v) -> b.node(opType, attributes, v.toArray(Value[]::new)));
    }

    static List<Case> cases() {
        List<Case> cases = new ArrayList<>();
        for (String opType :
                List.of("Sigmoid", "Tanh", "Softplus", "Gelu", "Mish", "Exp", "Sin", "Cos", "Erf", "Softsign")) {
            cases.add(one(opType, NONE, normal(2, 5)));
        }
        cases.add(one("Gelu", NONE.with("approximate", "tanh"), normal(2, 5)));
        for (String opType : List.of("Elu", "Selu", "Celu", "HardSwish")) {
            cases.add(one(opType, NONE, normal(2, 5)));
        }
        for (String opType : List.of("Log", "Sqrt", "Reciprocal")) {
            cases.add(one(opType, NONE, positive(2, 5)));
        }
        cases.add(one("Mul", NONE, normal(2, 3), normal(3)));
        cases.add(one("Div", NONE, normal(2, 3), positive(2, 1)));
        cases.add(one("Pow", NONE, positive(2, 3), normal(2, 3)));
        cases.add(one("MatMul", NONE, normal(2, 3), normal(3, 2)));
        cases.add(one("MatMul", NONE, normal(2, 2, 3), normal(3, 2)));
        cases.add(one("Gemm", NONE.with("transB", 1L), normal(2, 3), normal(4, 3), normal(4)));
        cases.add(one("Einsum", NONE.with("equation", "bij,bjk->bik"), normal(2, 2, 3), normal(2, 3, 2)));
        Attributes pads = NONE.with("pads", new long[] {1, 1, 1, 1});
        cases.add(one("Conv", pads, normal(2, 2, 4, 3), normal(3, 2, 3, 3), normal(3)));
        cases.add(one("Conv", pads.with("strides", new long[] {2, 2}), normal(1, 2, 4, 5), normal(2, 2, 3, 3)));
        cases.add(one("Conv", pads.with("group", 2L), normal(1, 2, 3, 3), normal(2, 1, 3, 3)));
        cases.add(
                one("ConvTranspose", NONE.with("strides", new long[] {2, 2}), normal(1, 2, 2, 3), normal(2, 2, 3, 3)));
        for (String opType : List.of("Softmax", "LogSoftmax")) {
            cases.add(one(opType, NONE, normal(2, 4)));
            cases.add(one(opType, NONE.with("axis", 1L), normal(2, 3, 2)));
        }
        cases.add(one("LayerNormalization", NONE.with("epsilon", .1f), normal(2, 4), normal(4), normal(4)));
        cases.add(one("InstanceNormalization", NONE.with("epsilon", .1f), normal(2, 2, 3, 2), normal(2), normal(2)));
        cases.add(one(
                "GroupNormalization",
                NONE.with("num_groups", 2L).with("epsilon", .1f),
                normal(2, 4, 3),
                normal(4),
                normal(4)));
        cases.add(one("LRN", NONE.with("size", 3L).with("alpha", .8f), normal(2, 4, 2, 2)));
        cases.add(one("LpNormalization", NONE, normal(2, 4)));
        cases.add(new Case("BatchNormalization", List.of(normal(2, 3, 2, 2), normal(3), normal(3)), (b, v) -> {
            Value mean = b.constant("mean", normal(3).toTensor());
            Value variance = b.constant("variance", positive(3).toTensor());
            return b.node("Tanh", b.node("BatchNormalization", v.get(0), v.get(1), v.get(2), mean, variance));
        }));
        for (String opType : List.of("ReduceMean", "ReduceSumSquare", "ReduceLogSumExp", "ReduceL2")) {
            cases.add(one(opType, NONE, normal(2, 3)));
            Body body = (b, v) -> b.node("Tanh", b.node(opType, NONE.with("keepdims", 0L), v.get(0), b.vector(1)));
            cases.add(new Case("Tanh of " + opType, List.of(normal(2, 3)), body));
        }
        Attributes window = NONE.with("kernel_shape", new long[] {2, 2});
        for (String opType : List.of("AveragePool", "MaxPool", "LpPool")) {
            cases.add(new Case("pool of squares: " + opType, List.of(normal(2, 2, 3, 4)), (b, v) -> {
                Value pooled = b.node(opType, window, b.node("Mul", v.get(0), v.get(0)));
                return b.node("Mul", pooled, pooled);
            }));
        }
        for (String opType : List.of("GlobalAveragePool", "GlobalMaxPool")) {
            cases.add(new Case("square of " + opType, List.of(normal(2, 2, 3, 4)), (b, v) -> {
                Value pooled = b.node(opType, v.get(0));
                return b.node("Mul", b.node("Mul", pooled, pooled), pooled);
            }));
        }
        cases.add(new Case("a small network", List.of(normal(2, 2, 6, 6), normal(3, 2, 3, 3)), (b, v) -> {
            Value maps = b.node("Softplus", b.node("Conv", pads, v.get(0), v.get(1)));
            Value pooled = b.node("MaxPool", window.with("strides", new long[] {2, 2}), maps);
            Value halves = b.node("Concat", NONE.with("axis", 1L), pooled, b.node("Tanh", pooled));
            Value part = b.node("Slice", halves, b.vector(1), b.vector(5), b.vector(1), b.vector(2));
            Value turned = b.node("Transpose", NONE.with("perm", new long[] {0, 2, 1, 3}), part);
            Value padded = b.node("Pad", turned, b.vector(0, 1, 0, 0, 0, 0, 0, 2));
            Value flat = b.node("Flatten", padded);
            return b.node("ReduceLogSumExp", NONE.with("keepdims", 0L), flat, b.vector(1));
        }));
        cases.add(new Case("gathered and resized", List.of(normal(2, 2, 3, 3)), (b, v) -> {
            Value squares = b.node("Mul", v.get(0), v.get(0));
            Value gathered = b.node("Gather", NONE.with("axis", 2L), squares, b.vector(0, 2, 2, 1));
            Value wide = b.node(
                    "Resize", NONE.with("mode", "linear"), gathered, Value.NONE, Value.NONE, b.vector(2, 2, 5, 7));
            return b.node("Sigmoid", wide);
        }));
        return cases;
    }

    @ParameterizedTest
    @MethodSource("cases")
    void gradientsOfGradients(Case each) {
        GraphBuilder builder = new GraphBuilder();
        List<Value> inputs = new ArrayList<>();
        for (int i = 0; i < each.inputs().size(); i++) {
            inputs.add(builder.input(
                    "in" + i,
                    TensorType.of(ElementType.FLOAT32, each.inputs().get(i).shape())));
        }
        Value y = each.body().write(builder, inputs);
        // so that even what is linear has a second derivative
        Value objective = builder.node("Mul", builder.node("Sin", y), y);
        Graph graph = builder.output(objective).build();
        Graph curvature = Gradients.second(graph, objective, inputs);
        GradientCheck check = GradientCheck.of(curvature, Gradients::plain);
        for (int i = 0; i < inputs.size(); i++) {
            check = check.at(inputs.get(i), each.inputs().get(i));
        }
        check.check(9);
    }
}
