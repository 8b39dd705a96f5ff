package dev.vitrine.lens.visualization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.oracle.NeedsShared;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attribution.Nets;
import dev.vitrine.lens.attribution.Progress;
import dev.vitrine.lens.data.Picture;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.model.Probabilities;
import dev.vitrine.lens.session.ModelSession;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the methods promise on ResNet-20 and SqueezeNet as trained. */
@NeedsShared
class TrainedSynthesisTest {
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
    void stagesEndBeforeTheHead() {
        assertThat(Nets.trained("squeezenet-caltech101").anatomy().scales().stream()
                        .map(Value::name))
                .containsExactly(
                        "/Relu_output_0", "/fire3/Concat_output_0", "/fire5/Concat_output_0", "/fire9/Concat_output_0");
    }

    private static double distance(float[] one, float[] other) {
        double sum = 0;
        for (int i = 0; i < one.length; i++) {
            sum += (one[i] - other[i]) * (double) (one[i] - other[i]);
        }
        return Math.sqrt(sum / one.length);
    }
}
