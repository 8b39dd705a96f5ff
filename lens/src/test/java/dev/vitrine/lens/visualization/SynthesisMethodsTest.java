package dev.vitrine.lens.visualization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attribution.Nets;
import dev.vitrine.lens.attribution.Progress;
import dev.vitrine.lens.data.Picture;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.model.Probabilities;
import dev.vitrine.lens.objective.StyleMatch;
import dev.vitrine.lens.session.ModelSession;
import dev.vitrine.lens.visualization.optimization.LimitedMemory;
import dev.vitrine.lens.visualization.optimization.Search;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the methods promise beyond the contract of all, on ResNet-20 and SqueezeNet as trained. */
class SynthesisMethodsTest {
    @Test
    void theLeastChangeFoolsThoughItCannotBeSeen() {
        Model model = Nets.trained("cifar10-resnet20");
        Picture view = model.preprocessing().view(Nets.photo("chelsea.png"));
        try (ModelSession session = new ModelSession(model, Nets.RUNNER)) {
            long said = Nets.top(session.logits(model.preprocessing().apply(view)))[0];
            int wanted = said == 8 ? 1 : 8;
            Picture made = new Fooling(60, 0)
                    .fromPicture(session, view, wanted, Progress.NONE)
                    .picture(0);
            assertThat(Nets.top(session.logits(model.preprocessing().apply(made)))[0])
                    .isEqualTo(wanted);
            assertThat(distance(Rgb.values(view, 3), Rgb.values(made, 3))).isLessThan(3.0 / 255);
        }
    }

    @Test
    void fooledPicturesReachTheConfidenceThatIsAsked() {
        Model model = Nets.trained("cifar10-resnet20");
        Picture view = model.preprocessing().view(Nets.photo("chelsea.png"));
        try (ModelSession session = new ModelSession(model, Nets.RUNNER)) {
            long said = Nets.top(session.logits(model.preprocessing().apply(view)))[0];
            int wanted = said == 8 ? 1 : 8;
            Fooling sure = new Fooling(30, 0.999);
            Synthesis noise = sure.fromNoise(session, wanted, 1, Progress.NONE);
            for (Picture made : List.of(
                    sure.fromPicture(session, view, wanted, Progress.NONE).picture(0), noise.picture(0))) {
                Tensor logits = session.logits(model.preprocessing().apply(made));
                assertThat(Probabilities.of(logits, model)[wanted]).isGreaterThanOrEqualTo(0.999);
            }
            assertThat(noise.course().scores().size()).isLessThan(sure.mostSteps());
            assertThatThrownBy(
                            () -> new Fooling(1, Math.nextDown(1.0)).fromPicture(session, view, wanted, Progress.NONE))
                    .hasMessageContaining("with a probability of 0.9999999");
        }
    }

    private static double distance(float[] one, float[] other) {
        double sum = 0;
        for (int i = 0; i < one.length; i++) {
            sum += (one[i] - other[i]) * (double) (one[i] - other[i]);
        }
        return Math.sqrt(sum / one.length);
    }

    @Test
    void deeperLayersKeepLessOfThePicture() {
        Model model = Nets.trained("cifar10-resnet20");
        Picture view = model.preprocessing().view(Nets.photo("chelsea.png"));
        List<Value> steps = model.anatomy().steps();
        List<Double> errors = new ArrayList<>();
        try (ModelSession session = new ModelSession(model, Nets.RUNNER)) {
            for (Value layer : List.of(steps.get(1), steps.get(steps.size() / 2), model.logits())) {
                Inversion.Inverted inverted =
                        new Inversion(150, 0.05, 1, 1).run(session, view, layer, 1, Progress.NONE);
                errors.add(inverted.pictureError());
                assertThat(inverted.layerError()).isLessThan(0.5);
            }
        }
        assertThat(errors).isSorted();
        assertThat(errors.get(2)).isGreaterThan(2 * errors.get(0));
    }

    @Test
    void limitedMemoryPaintsAndKeepsColorsOnRequest() {
        Model model = Nets.architecture("squeezenet");
        Picture content = filled(0x3060c0);
        Picture style = stripes();
        try (ModelSession session = new ModelSession(model, Nets.RUNNER)) {
            StyleTransfer.Chosen layers =
                    new StyleTransfer.Chosen(List.of(), model.anatomy().scales());
            for (StyleTransfer.Colors colors : StyleTransfer.Colors.values()) {
                Synthesis made = new StyleTransfer(25, new LimitedMemory(5), 0, 100, 0, colors)
                        .run(
                                session,
                                content,
                                style,
                                layers,
                                new Start.Image(content),
                                1,
                                Search.Watch.NONE,
                                Progress.NONE);
                List<Double> losses = made.course().losses();
                assertThat(losses.get(24)).as("%s", colors).isLessThan(0.9 * losses.get(0));
                float[] values = made.pictures().toFloats();
                if (colors == StyleTransfer.Colors.LUMINANCE) {
                    double[] means = new double[3];
                    for (int i = 0; i < values.length; i++) {
                        means[i / 4096] += values[i] / 4096.0;
                    }
                    assertThat(means[2]).isGreaterThan(means[1]);
                    assertThat(means[1]).isGreaterThan(means[0]);
                }
            }
        }
    }

    private static Picture filled(int color) {
        return Picture.filled(64, 64, color);
    }

    private static Picture stripes() {
        byte[] rgb = new byte[3 * 64 * 64];
        for (int i = 0; i < rgb.length; i++) {
            rgb[i] = (byte) (i / 3 % 64 / 4 % 2 * 200 + (i % 3 == 0 ? 40 : 10));
        }
        return Picture.of(64, 64, rgb);
    }

    @Test
    void matchedColorsHaveTheMeanOfTheOther() {
        Picture matched = ColorTransfer.matched(stripes(), filled(0x3060c0));
        float[] values = Rgb.values(matched, 3);
        double[] means = new double[3];
        for (int i = 0; i < values.length; i++) {
            means[i / 4096] += values[i] / 4096.0;
        }
        assertThat(means[0]).isBetween(0.15, 0.23);
        assertThat(means[2]).isBetween(0.71, 0.79);
    }

    @Test
    void styleNeedsHeightAndWidth() {
        Model model = Nets.architecture("squeezenet");
        try (ModelSession session = new ModelSession(model, Nets.RUNNER)) {
            StyleTransfer.Chosen flat = new StyleTransfer.Chosen(List.of(), List.of(model.logits()));
            assertThatThrownBy(() -> StyleTransfer.TEXTURE.run(
                            session, stripes(), stripes(), flat, Start.NOISE, 1, Search.Watch.NONE, Progress.NONE))
                    .isInstanceOf(VitrineException.class)
                    .hasMessageContaining("without height and width");
            assertThatThrownBy(
                            () -> new StyleMatch(model.anatomy().scales().get(0), Tensor.floats(new float[4], 1, 2, 2))
                                    .emit(model, new dev.vitrine.engine.graph.GraphBuilder(model.graph())))
                    .hasMessageContaining("channels each way");
        }
    }

    @Test
    void stagesEndBeforeTheHead() {
        assertThat(Nets.trained("squeezenet-caltech101").anatomy().scales().stream()
                        .map(Value::name))
                .containsExactly(
                        "/Relu_output_0", "/fire3/Concat_output_0", "/fire5/Concat_output_0", "/fire9/Concat_output_0");
    }
}
