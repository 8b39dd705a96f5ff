package dev.vitrine.lens.attribution;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Dimension;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attribution.gradient.ClassActivationMap;
import dev.vitrine.lens.attribution.gradient.ClassActivationMap.Variant;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.objective.ClassScore;
import dev.vitrine.lens.perturbation.ScoreCam;
import dev.vitrine.lens.session.ModelSession;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * Class activation maps against the published formulas in float64, by PyTorch 1.13.1: a convolution 3→4, 2×2 with stride
 * 2, Relu, and a dense layer, all weights sin(1.7 i + seed). Maps and gradients of any size give the same answer.
 */
class ActivationMapFormulaTest {
    private static final double[] PLUS_PLUS = {
        0.99894627, 0.81971923, 1.2271778, 1.1545118,
        0.98547409, 1.0579546, 1.0687906, 1.1056909,
        1.2076957, 1.386399, 1.1064228, 1.0591714,
        1.0373361, 0.7494804, 1.1654034, 1.1204047
    };

    private static final double[] X_GRAD = {
        0, 0, 0.0088694126, 0, 0.043799172, 0, 0.027926719, 0, 0, 0.037070351, 0, 0.045972685, 0, 0, 0.005140933, 0
    };

    private static final double[] SCORE = {
        0.31086727, 0.25783853, 0.33169485, 0.35556243,
        0.17278632, 0.31954992, 0.24265928, 0.34016928,
        0.36958821, 0.3044701, 0.33344867, 0.18675738,
        0.32173321, 0.23689847, 0.32352259, 0.34594435
    };

    private static final double[] PLUS_PLUS_FAINT = {
        0.00028894496, 0.00023430369, 0.00034456672, 0.00031410182,
        0.00024108263, 0.00027894398, 0.00027890743, 0.00030886951,
        0.00032363746, 0.00036336973, 0.00028570837, 0.00026070129,
        0.00029702702, 0.00021664448, 0.00033036457, 0.00030668005
    };

    private static final double[] X_GRAD_DIM = {
        0,
        0,
        8.8694193e-08,
        0,
        4.3799174e-07,
        0,
        2.7926719e-07,
        0,
        0,
        3.7070357e-07,
        0,
        4.5972689e-07,
        0,
        0,
        5.1409396e-08,
        0
    };

    private static Tensor wave(int seed, float scale, long... shape) {
        float[] data = new float[(int) Tensor.elements(shape)];
        for (int i = 0; i < data.length; i++) {
            data[i] = (float) ((float) Math.sin(1.7 * i + seed) * (double) scale);
        }
        return Tensor.floats(data, shape);
    }

    private static Model network(float kernelScale, float headScale) {
        GraphBuilder b = new GraphBuilder();
        Value image = b.input(
                "image", TensorType.of(ElementType.FLOAT32, 1, 3, 8, 8).withDimension(0, Dimension.named("batch")));
        Value maps = b.node(
                "Relu",
                b.node(
                        "Conv",
                        Attributes.NONE.with("strides", 2, 2),
                        image,
                        b.constant("kernel", wave(1, kernelScale, 4, 3, 2, 2))));
        Value logits = b.node(
                "Gemm",
                Attributes.NONE.with("transB", 1),
                b.node("Flatten", maps),
                b.constant("head", wave(3, headScale, 3, 64)),
                b.constant("bias", wave(4, 1, 3)));
        return Nets.open("maps", b.output(logits).build());
    }

    private static double[] explain(Model model, Attribution method, Tensor image, long target) {
        try (ModelSession session = new ModelSession(model, Nets.RUNNER)) {
            return Nets.doubles(session.explainer(method, ClassScore.of(ClassScore.Scale.LOGIT))
                    .explain(image, ModelSession.targets(target), Progress.NONE)
                    .attribution());
        }
    }

    private static double error(Model model, Attribution method, double[] expected) {
        return Nets.relativeError(explain(model, method, wave(2, 1, 1, 3, 8, 8), 1), expected);
    }

    private static ClassActivationMap map(Variant variant) {
        return new ClassActivationMap(variant, Optional.empty());
    }

    @Test
    void ordinaryNumbers() {
        Model model = network(1, 1);
        assertThat(error(model, map(Variant.GRAD_PLUS_PLUS), PLUS_PLUS)).isLessThan(1e-5);
        assertThat(error(model, map(Variant.X_GRAD), X_GRAD)).isLessThan(1e-4);
    }

    @Test
    void scoreCamNormalizesTheEnlargedMaps() {
        assertThat(error(network(1, 1), new ScoreCam(Optional.empty(), Baseline.ZERO), SCORE))
                .isLessThan(1e-5);
    }

    /** A constant of 1e-7 beside G² was .88 off here. */
    @Test
    void faintGradients() {
        assertThat(error(network(1, 1e-4f), map(Variant.GRAD_PLUS_PLUS), PLUS_PLUS_FAINT))
                .isLessThan(1e-5);
    }

    @Test
    void dimMaps() {
        assertThat(error(network(1e-5f, 1), map(Variant.X_GRAD), X_GRAD_DIM)).isLessThan(1e-4);
    }

    /** One channel A = x of four places, the score Σ G A. */
    private static Model linear(float... gradient) {
        GraphBuilder b = new GraphBuilder();
        Value image = b.input("image", TensorType.of(ElementType.FLOAT32, 1, 1, 2, 2));
        Value maps = b.node("Conv", image, b.constant("kernel", Tensor.floats(new float[] {1}, 1, 1, 1, 1)));
        float[] weights = new float[8];
        for (int i = 0; i < 4; i++) {
            weights[2 * i] = gradient[i];
        }
        Value logits = b.node("Gemm", b.node("Flatten", maps), b.constant("head", Tensor.floats(weights, 4, 2)));
        return Nets.open("linear", b.output(logits).build());
    }

    private static double[] atPole(Variant variant, float[] gradient, float... picture) {
        return explain(linear(gradient), map(variant), Tensor.floats(picture, 1, 1, 2, 2), 0);
    }

    /** ΣA = −1: 2 + G ΣA is 0 where G is 2, and there α is G² = 4, so that w = 4 · 2 + 1/(2 − 1) · 1 = 9. */
    @Test
    void aPoleTakesTheAuthorsOne() {
        assertThat(atPole(Variant.GRAD_PLUS_PLUS, new float[] {2, 1, 0, -1}, 3, -2, -3, 1))
                .containsExactly(27, 0, 0, 9);
    }

    /** ΣA = 0 with A not 0 has no weight by the formula; 0 stands for it. */
    @Test
    void aSumOfZeroWeighsNothing() {
        assertThat(atPole(Variant.X_GRAD, new float[] {2, 1, 0, -1}, 3, -2, -3, 2))
                .containsExactly(0, 0, 0, 0);
    }
}
