package dev.vitrine.engine.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.oracle.GradientCheck.Differentiation;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import java.util.Arrays;
import java.util.Random;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;

class GradientCheckTest {
    private static final Value X = new Value("x");

    /** y = opType(x) for x f32[3,20]. */
    private static Graph unary(String opType) {
        GraphBuilder builder = new GraphBuilder();
        Value x = builder.input(X.name(), TensorType.of(ElementType.FLOAT32, 3, 20));
        return builder.output(builder.node(opType, x)).build();
    }

    /** A gradient of {@code Σ w · g(x)} by hand: w, which the objective's first node multiplies by, times dg/dx. */
    private static Differentiation byHand(BiFunction<GraphBuilder, Value, Value> derivative) {
        return (graph, objective, withRespectTo) -> {
            GraphBuilder builder = new GraphBuilder(graph);
            Node weighting = graph.nodes().stream()
                    .filter(node -> node.opType().equals("Mul"))
                    .findFirst()
                    .orElseThrow();
            Value weights = weighting.input(1);
            Value result = builder.node("Mul", weights, derivative.apply(builder, X));
            return builder.output(result).build();
        };
    }

    private static final Differentiation TANH = byHand((builder, x) -> {
        Value y = builder.node("Tanh", x);
        return builder.node("Sub", builder.constant(1f), builder.node("Mul", y, y));
    });

    private static final Differentiation RELU = byHand((builder, x) -> builder.node(
            "Where", builder.node("Greater", x, builder.constant(0f)), builder.constant(1f), builder.constant(0f)));

    @Test
    void acceptsTheRightGradient() {
        GradientCheck.Report report = GradientCheck.of(unary("Tanh"), TANH).check(1);
        assertThat(report.checked()).isEqualTo(28);
        assertThat(report.skipped()).isZero();
        assertThat(report.largestError()).isLessThan(1e-7);
    }

    @Test
    void rejectsAGradientThatIsOffByATenThousandth() {
        Differentiation wrong = byHand((builder, x) -> {
            Value y = builder.node("Tanh", x);
            return builder.node("Sub", builder.constant(1.0001f), builder.node("Mul", y, y));
        });
        assertThatThrownBy(() -> GradientCheck.of(unary("Tanh"), wrong).check(1))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("central differences");
    }

    @Test
    void rejectsAGradientOfAnotherShape() {
        Differentiation wrong = (graph, objective, values) -> {
            GraphBuilder builder = new GraphBuilder(graph);
            return builder.output(builder.constant(1f)).build();
        };
        assertThatThrownBy(() -> GradientCheck.of(unary("Tanh"), wrong).check(1))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("shape");
    }

    @Test
    void leavesKinksOut() {
        NDArray nearZero = NDArray.normal(new Random(2), 3, 20);
        Arrays.fill(nearZero.data(), 0, 5, 4e-6);
        GradientCheck.Report report =
                GradientCheck.of(unary("Relu"), RELU).at(X, nearZero).check(8);
        assertThat(report.skipped()).isBetween(1, 5);
    }

    @Test
    void failsWhereNearlyEveryPlaceHasAKink() {
        assertThatThrownBy(() -> GradientCheck.of(unary("Relu"), RELU)
                        .at(X, NDArray.zeros(3, 20))
                        .check(1))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("kink");
    }

    @Test
    void doesNotPassWhereNothingDependsOnTheInput() {
        Differentiation zero = byHand((builder, x) -> builder.node("Mul", x, builder.constant(0f)));
        assertThatThrownBy(() -> GradientCheck.of(unary("Floor"), zero).check(1))
                .isInstanceOf(AssertionError.class);
        GradientCheck.of(unary("Floor"), zero).checkZero(1);
        assertThatThrownBy(() -> GradientCheck.of(unary("Floor"), TANH).checkZero(1))
                .isInstanceOf(AssertionError.class);
    }

    @Test
    void checksConstantsToo() {
        GraphBuilder builder = new GraphBuilder();
        Value x = builder.input("data", TensorType.of(ElementType.FLOAT32, 3, 20));
        Value weight = builder.constant("x", Tensor.floats(new float[] {.5f}, 1));
        Graph graph = builder.output(builder.node("Add", x, builder.node("Tanh", weight)))
                .build();
        Differentiation gradient = (opened, objective, values) -> {
            GraphBuilder more = new GraphBuilder(opened);
            Value y = more.node("Tanh", weight);
            Value slope = more.node("Sub", more.constant(1f), more.node("Mul", y, y));
            Value weights = opened.nodes().stream()
                    .filter(node -> node.opType().equals("Mul"))
                    .findFirst()
                    .orElseThrow()
                    .input(1);
            Value sum = more.node("ReduceSum", weights);
            return more.output(more.node("Reshape", more.node("Mul", sum, slope), more.vector(1)))
                    .build();
        };
        GradientCheck.Report report =
                GradientCheck.of(graph, gradient).withRespectTo(weight).check(4);
        assertThat(report.checked()).isEqualTo(5);
        assertThat(report.skipped()).isZero();
    }
}
