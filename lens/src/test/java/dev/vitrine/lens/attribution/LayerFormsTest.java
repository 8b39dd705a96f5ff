package dev.vitrine.lens.attribution;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Dimension;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.objective.ClassScore;
import dev.vitrine.lens.session.ModelSession;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** One network written in two ways, layer by layer: every layer of the second in as many nodes as exporters use. */
class LayerFormsTest {
    private static final Attributes NONE = Attributes.NONE;
    private static final Attributes CHANNELS_LAST = NONE.with("perm", 0, 2, 3, 1);
    private static final Attributes CHANNELS_FIRST = NONE.with("perm", 0, 3, 1, 2);
    private static final Attributes GROUPS = NONE.with("group", 2L).with("strides", 2, 2);

    /** Both networks share these numbers. */
    private static final class Numbers {
        private final float[] first = values(1, 6 * 3 * 9);
        private final float[] firstBias = values(2, 6);
        private final float[] up = values(3, 6 * 2 * 9);
        private final float[] scale = values(4, 4);
        private final float[] upShift = values(5, 4);
        private final float[] tokens = values(6, 4 * 5);
        private final float[] tokenBias = values(7, 5);
        private final float[] gamma = values(8, 5);
        private final float[] beta = values(9, 5);
        private final float[] head = values(10, 5 * 3);
        private final float[] headBias = values(11, 3);

        private static float[] values(int seed, int count) {
            return Nets.normal(seed, count).toFloats();
        }
    }

    private final Numbers n = new Numbers();

    private static Value image(GraphBuilder b) {
        return b.input(
                "image", TensorType.of(ElementType.FLOAT32, 1, 3, 8, 8).withDimension(0, Dimension.named("batch")));
    }

    private static Value c(GraphBuilder b, float[] data, long... shape) {
        return b.constant("c", Tensor.floats(data, shape));
    }

    private static Value s(GraphBuilder b, double number) {
        return b.constant((float) number);
    }

    private static Value tokens(GraphBuilder b, Value maps) {
        Value rows = b.node("Reshape", maps, b.vector(0, 4, -1));
        return b.node("Transpose", NONE.with("perm", 0, 2, 1), rows);
    }

    private Model plain() {
        GraphBuilder b = new GraphBuilder();
        Value x = b.node(
                "Conv", NONE.with("pads", 1, 1, 1, 1), image(b), c(b, n.first, 6, 3, 3, 3), c(b, n.firstBias, 6));
        x = b.node("Gelu", x);
        float[] scaled = n.up.clone();
        for (int in = 0; in < 6; in++) {
            for (int out = 0; out < 2; out++) {
                for (int tap = 0; tap < 9; tap++) {
                    scaled[(in * 2 + out) * 9 + tap] *= n.scale[in / 3 * 2 + out];
                }
            }
        }
        x = b.node("ConvTranspose", GROUPS, x, c(b, scaled, 6, 2, 3, 3), c(b, n.upShift, 4));
        x = b.node("HardSwish", x);
        // MatMul has no bias of its own: as a convolution of one tap, before places become rows.
        float[] flipped = new float[20];
        for (int i = 0; i < 20; i++) {
            flipped[i % 5 * 4 + i / 5] = n.tokens[i];
        }
        Value rows = b.node("Reshape", tokens(b, x), b.vector(-1, 4));
        rows = b.node("Gemm", NONE.with("transB", 1L), rows, c(b, flipped, 5, 4), c(b, n.tokenBias, 5));
        x = b.node("Reshape", rows, b.vector(-1, 17 * 17, 5));
        x = b.node("LayerNormalization", NONE.with("axis", -1L), x, c(b, n.gamma, 5), c(b, n.beta, 5));
        x = b.node("Relu", x);
        x = b.node("ReduceMean", NONE.with("keepdims", 0L), x, b.vector(1));
        return Nets.open(
                "plain",
                b.output(b.node("Gemm", x, c(b, n.head, 5, 3), c(b, n.headBias, 3)))
                        .build());
    }

    private Model parts() {
        GraphBuilder b = new GraphBuilder();
        Value padded = b.node("Pad", image(b), b.vector(0, 0, 1, 1, 0, 0, 1, 1));
        Value x = b.node("Conv", padded, c(b, n.first, 6, 3, 3, 3));
        x = b.node("Transpose", CHANNELS_LAST, x);
        x = b.node("Add", x, c(b, n.firstBias, 6));
        x = b.node("Transpose", CHANNELS_FIRST, x);
        Value erf = b.node("Erf", b.node("Mul", x, s(b, Math.sqrt(0.5))));
        x = b.node("Mul", b.node("Mul", x, s(b, 0.5)), b.node("Add", s(b, 1), erf));
        x = b.node("ConvTranspose", GROUPS, x, c(b, n.up, 6, 2, 3, 3));
        x = b.node("Mul", x, c(b, n.scale, 1, 4, 1, 1));
        x = b.node("Add", c(b, n.upShift, 4, 1, 1), x);
        Value gate = b.node("Clip", b.node("Add", x, s(b, 3)), s(b, 0), s(b, 6));
        x = b.node("Div", b.node("Mul", gate, x), s(b, 6));
        x = b.node("Add", b.node("MatMul", tokens(b, x), c(b, n.tokens, 4, 5)), c(b, n.tokenBias, 5));
        Attributes kept = NONE.with("keepdims", 1L);
        Value centered = b.node("Sub", x, b.node("ReduceMean", kept, x, b.vector(-1)));
        Value variance = b.node("ReduceMean", kept, b.node("Pow", centered, s(b, 2)), b.vector(-1));
        Value deviation = b.node("Sqrt", b.node("Add", variance, s(b, 1e-5)));
        x = b.node("Mul", b.node("Div", centered, deviation), c(b, n.gamma, 5));
        x = b.node("Add", x, c(b, n.beta, 5));
        x = b.node("Where", b.node("Greater", x, s(b, 0)), x, s(b, 0));
        x = b.node("ReduceMean", NONE.with("keepdims", 0L), x, b.vector(1));
        x = b.node("Add", b.node("MatMul", x, c(b, n.head, 5, 3)), c(b, n.headBias, 3));
        return Nets.open("parts", b.output(x).build());
    }

    @ParameterizedTest
    @MethodSource("dev.vitrine.lens.attribution.ExportFormsTest#methods")
    void theMapsAreTheSame(Attribution method) {
        Tensor image = Nets.normal(12, 2, 3, 8, 8);
        double[] expected = explain(plain(), method, image);
        // Sums near 0 that ε holds off 0 carry rounding far.
        assertThat(Nets.relativeError(explain(parts(), method, image), expected))
                .as(method.toString())
                .isLessThan(2e-3);
    }

    private static double[] explain(Model model, Attribution method, Tensor image) {
        try (ModelSession session = new ModelSession(model, Nets.RUNNER)) {
            return Nets.doubles(session.explainer(method, ClassScore.of(ClassScore.Scale.LOGIT))
                    .explain(image, ModelSession.targets(1, 2), Progress.NONE)
                    .attribution());
        }
    }
}
