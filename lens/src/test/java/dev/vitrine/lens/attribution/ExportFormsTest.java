package dev.vitrine.lens.attribution;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attribution.gradient.DeepLift;
import dev.vitrine.lens.attribution.gradient.Gradient;
import dev.vitrine.lens.attribution.gradient.LayerwiseRelevance;
import dev.vitrine.lens.data.Resampling;
import dev.vitrine.lens.method.Attributions;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.model.ModelLoader;
import dev.vitrine.lens.model.preprocessing.ChannelOrder;
import dev.vitrine.lens.model.preprocessing.Fit;
import dev.vitrine.lens.model.preprocessing.Layout;
import dev.vitrine.lens.model.preprocessing.Normalization;
import dev.vitrine.lens.model.preprocessing.Preprocessing;
import dev.vitrine.lens.objective.ClassScore;
import dev.vitrine.lens.session.ModelSession;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The same network gives the same map however it was exported. */
class ExportFormsTest {
    private static final int SIDE = 32;
    private static final int PLACES = SIDE * SIDE;
    private static final List<Double> MEAN = List.of(123.675, 116.28, 103.53);
    private static final List<Double> DEVIATION = List.of(58.395, 57.12, 57.375);

    static List<Attribution> methods() {
        Stream<Attribution> relevance = Attributions.ALL.stream()
                .map(Attributions.Entry::standard)
                .filter(LayerwiseRelevance.class::isInstance);
        return Stream.concat(
                        relevance,
                        Stream.of(
                                new DeepLift(Baseline.BLACK),
                                new Gradient(Gradient.Kind.GUIDED),
                                new Gradient(Gradient.Kind.DECONVNET)))
                .toList();
    }

    static Model open(String name, UnaryOperator<Preprocessing> change) {
        Path file = Nets.existing(Path.of("data", "trials", name + ".onnx"));
        return new ModelLoader(Nets.RUNNER)
                .load(file, card -> card.withPreprocessing(change.apply(card.preprocessing())));
    }

    private static double[] explain(Model model, Attribution method, Tensor image) {
        try (ModelSession session = new ModelSession(model, Nets.RUNNER)) {
            return Nets.doubles(session.explainer(method, ClassScore.of(ClassScore.Scale.LOGIT))
                    .explain(image, ModelSession.targets(1), Progress.NONE)
                    .attribution());
        }
    }

    private static void alike(String one, String other, Attribution method) {
        Tensor image = Nets.normal(31, 1, 3, SIDE, SIDE);
        double[] expected = explain(open(other, p -> p), method, image);
        assertThat(Nets.relativeError(explain(open(one, p -> p), method, image), expected))
                .as(method.toString())
                .isLessThan(1e-4);
    }

    @ParameterizedTest
    @MethodSource("methods")
    void aBiasOfItsOwn(Attribution method) {
        alike("dense-matmul-add", "opset13", method);
    }

    @ParameterizedTest
    @MethodSource("methods")
    void rectifiersByOtherNames(Attribution method) {
        alike("relu-as-max", "opset13", method);
    }

    @ParameterizedTest
    @MethodSource("methods")
    void activationsInParts(Attribution method) {
        alike("act-gelu", "gelu20", method);
    }

    /** LayerNormalization and GELU in nodes of their own, and not. */
    @ParameterizedTest
    @MethodSource("methods")
    void anOlderAndANewerOpset(Attribution method) {
        Path exports = Path.of("models", "exports");
        Tensor image = Nets.normal(33, 1, 3, SIDE, SIDE);
        Model older = new ModelLoader(Nets.RUNNER).load(Nets.existing(exports.resolve("vit-opset14-fixed.onnx")));
        Model newer = new ModelLoader(Nets.RUNNER).load(Nets.existing(exports.resolve("vit-opset17-open.onnx")));
        // Sums near 0 that ε holds off 0 carry rounding far.
        assertThat(Nets.relativeError(explain(older, method, image), explain(newer, method, image)))
                .as(method.toString())
                .isLessThan(5e-3);
    }

    /** Pixels of 0 to 255 with channels last, normalized by the network, against pixels normalized before it. */
    @ParameterizedTest
    @MethodSource("methods")
    void normalizationInside(Attribution method) {
        float[] pixels = Nets.normal(32, 3 * PLACES).toFloats();
        float[] last = new float[pixels.length];
        float[] first = new float[pixels.length];
        for (int i = 0; i < pixels.length; i++) {
            int channel = i / PLACES;
            float pixel = Math.max(0, Math.min(255, 128 + 50 * pixels[i]));
            last[i % PLACES * 3 + channel] = pixel;
            first[i] = (float) ((pixel - MEAN.get(channel)) / DEVIATION.get(channel));
        }
        UnaryOperator<Preprocessing> raw = p -> preprocessing(Layout.NHWC, Normalization.range(0, 255, 3));
        UnaryOperator<Preprocessing> normalized =
                p -> preprocessing(Layout.NCHW, new Normalization(0, 255, MEAN, DEVIATION));
        double[] expected = explain(open("plain", normalized), method, Tensor.floats(first, 1, 3, SIDE, SIDE));
        double[] found = explain(open("float-nhwc-inside", raw), method, Tensor.floats(last, 1, SIDE, SIDE, 3));
        // A gradient by pixels is that by normalized ones over the deviation; relevance is the same.
        boolean gradient = method instanceof Gradient;
        double[] moved = new double[found.length];
        for (int i = 0; i < moved.length; i++) {
            moved[i] = found[i % PLACES * 3 + i / PLACES] * (gradient ? DEVIATION.get(i / PLACES) : 1);
        }
        assertThat(Nets.relativeError(moved, expected)).as(method.toString()).isLessThan(1e-4);
    }

    private static Preprocessing preprocessing(Layout layout, Normalization normalization) {
        return new Preprocessing(SIDE, SIDE, Fit.SQUASH, Resampling.BILINEAR, ChannelOrder.RGB, layout, normalization);
    }
}
