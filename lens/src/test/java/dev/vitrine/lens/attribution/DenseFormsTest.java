package dev.vitrine.lens.attribution;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Dimension;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attribution.gradient.LayerwiseRelevance;
import dev.vitrine.lens.method.Attributions;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.objective.ClassScore;
import dev.vitrine.lens.session.ModelSession;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A dense layer, and one at each place, by whichever operators a file writes them: every composite picks the same rule. */
class DenseFormsTest {
    private static final Attributes NONE = Attributes.NONE;
    private static final float[] MIX = Nets.normal(1, 30).toFloats();
    private static final float[] MIX_BIAS = Nets.normal(2, 5).toFloats();
    private static final float[] HEAD = Nets.normal(3, 15).toFloats();
    private static final float[] HEAD_BIAS = Nets.normal(4, 3).toFloats();

    private interface Form extends BiFunction<GraphBuilder, Value, Value> {}

    private static Value c(GraphBuilder b, float[] data, long... shape) {
        return b.constant("c", Tensor.floats(data, shape));
    }

    private static float[] transposed(float[] data, int rows) {
        float[] result = new float[data.length];
        int columns = data.length / rows;
        for (int i = 0; i < data.length; i++) {
            result[i % columns * rows + i / columns] = data[i];
        }
        return result;
    }

    private static Value einsum(GraphBuilder b, String equation, Value... operands) {
        return b.node("Einsum", NONE.with("equation", equation), operands);
    }

    /** {@code f32[N,6,8,8]} to {@code f32[N,5,8,8]}, rectified. */
    private static final List<Form> AT_PLACES = List.of(
            (b, x) -> b.node("Relu", b.node("Conv", x, c(b, MIX, 5, 6, 1, 1), c(b, MIX_BIAS, 5))),
            (b, x) -> {
                Value last = b.node("Transpose", NONE.with("perm", 0, 2, 3, 1), x);
                Value mixed = b.node("MatMul", last, c(b, transposed(MIX, 5), 6, 5));
                Value rectified = b.node("Relu", b.node("Add", c(b, MIX_BIAS, 5), mixed));
                return b.node("Transpose", NONE.with("perm", 0, 3, 1, 2), rectified);
            },
            (b, x) -> {
                Value last = b.node("Transpose", NONE.with("perm", 0, 2, 3, 1), x);
                Value rows = b.node("Reshape", last, b.vector(-1, 6));
                Value mixed = b.node("Gemm", NONE.with("transB", 1L), rows, c(b, MIX, 5, 6), c(b, MIX_BIAS, 5));
                Value rectified = b.node("Relu", b.node("Reshape", mixed, b.vector(-1, 8, 8, 5)));
                return b.node("Transpose", NONE.with("perm", 0, 3, 1, 2), rectified);
            },
            (b, x) -> {
                Value mixed = einsum(b, "nchw,oc->nohw", x, c(b, MIX, 5, 6));
                return b.node("Relu", b.node("Add", mixed, c(b, MIX_BIAS, 1, 5, 1, 1)));
            },
            (b, x) -> {
                Value last = b.node("Transpose", NONE.with("perm", 0, 2, 3, 1), x);
                Value mixed = einsum(b, "co,nhwc->nhwo", c(b, transposed(MIX, 5), 6, 5), last);
                Value rectified = b.node("Relu", b.node("Add", mixed, c(b, MIX_BIAS, 5)));
                return b.node("Transpose", NONE.with("perm", 0, 3, 1, 2), rectified);
            });

    /** {@code f32[N,5]} to {@code f32[N,3]}. */
    private static final List<Form> HEADS = List.of(
            (b, x) -> b.node("Gemm", x, c(b, HEAD, 5, 3), c(b, HEAD_BIAS, 3)),
            (b, x) -> b.node("Add", einsum(b, "nc,oc->no", x, c(b, transposed(HEAD, 5), 3, 5)), c(b, HEAD_BIAS, 3)),
            (b, x) -> b.node("Add", c(b, HEAD_BIAS, 3), einsum(b, "nc,co->no", x, c(b, HEAD, 5, 3))),
            (b, x) -> b.node("Add", c(b, HEAD_BIAS, 1, 3), einsum(b, "ij, ki -> kj", c(b, HEAD, 5, 3), x)));

    private static Model network(Form places, Form head) {
        GraphBuilder b = new GraphBuilder();
        TensorType type = TensorType.of(ElementType.FLOAT32, 1, 3, 8, 8).withDimension(0, Dimension.named("batch"));
        Attributes padded = NONE.with("pads", 1, 1, 1, 1);
        Value x = b.node("Conv", padded, b.input("image", type), b.constant("w", Nets.normal(5, 6, 3, 3, 3)));
        x = places.apply(b, b.node("Relu", x));
        x = b.node("Flatten", b.node("GlobalAveragePool", x));
        return Nets.open("dense", b.output(head.apply(b, x)).build());
    }

    private static double[] explain(Model model, Attribution method) {
        try (ModelSession session = new ModelSession(model, Nets.RUNNER)) {
            return Nets.doubles(session.explainer(method, ClassScore.of(ClassScore.Scale.LOGIT))
                    .explain(Nets.normal(12, 2, 3, 8, 8), ModelSession.targets(1, 2), Progress.NONE)
                    .attribution());
        }
    }

    static Stream<Attribution> relevanceMethods() {
        return Attributions.ALL.stream().map(Attributions.Entry::standard).filter(LayerwiseRelevance.class::isInstance);
    }

    @ParameterizedTest
    @MethodSource("relevanceMethods")
    void theMapsAreTheSame(Attribution method) {
        double[] expected = explain(network(AT_PLACES.get(0), HEADS.get(0)), method);
        for (Form places : AT_PLACES) {
            for (Form head : HEADS) {
                assertThat(Nets.relativeError(explain(network(places, head), method), expected))
                        .as("form %d, head %d", AT_PLACES.indexOf(places), HEADS.indexOf(head))
                        .isLessThan(1e-4);
            }
        }
    }
}
