package dev.vitrine.lens.visualization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attribution.Nets;
import dev.vitrine.lens.data.Picture;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.objective.MeanSquare;
import dev.vitrine.lens.objective.Objective;
import dev.vitrine.lens.objective.UnitScore;
import dev.vitrine.lens.visualization.optimization.PictureLoss;
import dev.vitrine.lens.visualization.optimization.Problem;
import dev.vitrine.lens.visualization.parametrization.Parametrization;
import dev.vitrine.lens.visualization.parametrization.Views;
import dev.vitrine.lens.visualization.penalty.AlphaNorm;
import dev.vitrine.lens.visualization.penalty.TotalVariation;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PictureLossTest {
    private static final Parametrization SIGMOID_PIXELS = new Parametrization(
            Parametrization.Basis.PIXELS, Parametrization.Colors.PLAIN, Parametrization.Bounds.SIGMOID);

    /** ⟨gradient, way⟩ against the difference of the loss along the way. */
    @ParameterizedTest
    @ValueSource(strings = {"fourier", "pixels"})
    void theGradientIsTheSlopeOfTheLoss(String name) {
        Model model = Nets.architecture("convnext");
        Parametrization parametrization = name.equals("fourier") ? Parametrization.FOURIER : SIGMOID_PIXELS;
        Objective objective = new MeanSquare(model.anatomy().lastSpatial());
        Problem problem = new Problem(
                model,
                2,
                parametrization,
                Views.USUAL,
                objective,
                List.of(new TotalVariation(1e-3, 1), new TotalVariation(1e-3, 2), new AlphaNorm(1e-3, 6)));
        SplittableRandom random = new SplittableRandom(1);
        try (PictureLoss loss = problem.open(Nets.RUNNER)) {
            float[] place = parametrization.noise(random, loss.size());
            for (int i = 0; i < place.length; i++) {
                place[i] += (float) (0.3 * random.nextGaussian());
            }
            Tensor look = Views.USUAL.next(random, 64, 64);
            float[] gradient = new float[place.length];
            loss.at(place, look, gradient);
            double step = name.equals("fourier") ? 2e-3 : 2e-2;
            for (int trial = 0; trial < 3; trial++) {
                float[] there = place.clone();
                float[] back = place.clone();
                double expected = 0;
                for (int i = 0; i < place.length; i++) {
                    double way = random.nextGaussian();
                    there[i] += (float) (step * way);
                    back[i] -= (float) (step * way);
                    expected += (there[i] - (double) back[i]) * gradient[i];
                }
                double found = loss.at(there, look, new float[place.length]).loss()
                        - loss.at(back, look, new float[place.length]).loss();
                assertThat(found).isCloseTo(expected, within(0.03 * Math.abs(expected) + 1e-3));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"cifar10-resnet20", "squeezenet-caltech101"})
    void theNetworkGetsWhatPreprocessingMakesOfThePicture(String name) {
        Model model = Nets.shared(name);
        Picture photo = model.preprocessing().view(Nets.photo("chelsea.png"));
        float[] pixels = Rgb.values(photo, 3);
        // The mean of the input's third channel: blue before red would show.
        Objective channel = new UnitScore(model.input(), new UnitScore.Channel(2));
        Problem problem = new Problem(model, Parametrization.PIXELS, Views.NONE, channel, List.of());
        try (PictureLoss loss = problem.open(Nets.RUNNER)) {
            PictureLoss.Answer answer = loss.at(pixels, loss.straight(), new float[pixels.length]);
            float[] input = model.preprocessing().apply(photo).toFloats();
            double mean = 0;
            for (int i = 2 * input.length / 3; i < input.length; i++) {
                mean += input[i] / (input.length / 3.0);
            }
            assertThat((double) answer.scores()[0]).isCloseTo(mean, within(1e-3 * Math.abs(mean)));
            assertThat(Rgb.picture(loss.pictures(pixels), 0)).isEqualTo(photo);
        }
    }

    @Test
    void parametersOfAPictureMakeThatPicture() {
        Model model = Nets.architecture("squeezenet");
        Objective objective = new MeanSquare(model.anatomy().lastSpatial());
        SplittableRandom random = new SplittableRandom(2);
        float[] picture = new float[3 * 64 * 64];
        for (int i = 0; i < picture.length; i++) {
            picture[i] = (float) (0.05 + 0.9 * random.nextDouble());
        }
        for (Parametrization parametrization :
                List.of(Parametrization.FOURIER, Parametrization.PIXELS, SIGMOID_PIXELS)) {
            Problem problem = new Problem(model, parametrization, Views.NONE, objective, List.of());
            try (PictureLoss loss = problem.open(Nets.RUNNER)) {
                float[] found =
                        loss.pictures(parametrization.of(picture, 3, 64, 64)).toFloats();
                for (int i = 0; i < picture.length; i++) {
                    assertThat(found[i]).isCloseTo(picture[i], within(1e-4f));
                }
            }
        }
    }
}
