package dev.vitrine.lens.attribution.path;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attribution.Attribution;
import dev.vitrine.lens.attribution.Baseline;
import dev.vitrine.lens.attribution.Explanation;
import dev.vitrine.lens.attribution.IntegratedGradients;
import dev.vitrine.lens.attribution.Nets;
import dev.vitrine.lens.attribution.Progress;
import dev.vitrine.lens.attribution.Quadrature;
import dev.vitrine.lens.attribution.gradient.DeepLift;
import dev.vitrine.lens.attribution.gradient.DeepLiftShap;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.model.preprocessing.GaussianBlur;
import dev.vitrine.lens.objective.ClassScore;
import dev.vitrine.lens.objective.Objective;
import dev.vitrine.lens.session.ModelSession;
import dev.vitrine.lens.session.ScoreReader;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Attributions along paths add up to the change of score from where the paths begin. */
class PathAxiomsTest {
    private static final Objective LOGIT = ClassScore.of(ClassScore.Scale.LOGIT);
    private static final int TARGET = 3;

    private final Model model = Nets.architecture("vgg-small");
    private final Tensor image = Nets.noise(model, 1, 5);

    private Explanation explain(Attribution method) {
        try (ModelSession session = new ModelSession(model, Nets.RUNNER)) {
            return session.explainer(method, LOGIT).explain(image, ModelSession.targets(TARGET), Progress.NONE);
        }
    }

    private double score(Tensor input) {
        try (ModelSession session = new ModelSession(model, Nets.RUNNER)) {
            return ScoreReader.read(session, LOGIT, input, ModelSession.targets(TARGET))
                    .scores()
                    .floats()
                    .get(0);
        }
    }

    private static Tensor zero(Model model) {
        long[] shape = model.sampleShape();
        return Tensor.floats(new float[(int) Tensor.elements(shape)], shape);
    }

    @Test
    void blurAddsUpToTheChangeFromTheBlurredPicture() {
        Tensor start =
                new GaussianBlur(8, 32).apply(image, model.preprocessing().layout());
        double change = score(image) - score(start);
        double sum = Nets.sum(explain(new BlurIntegratedGradients(400, 8)).attribution());
        assertThat(sum).isCloseTo(change, within(0.02 * Math.abs(change)));
    }

    @Test
    void guidedAddsUpToTheChangeFromTheBaseline() {
        double change = score(image) - score(zero(model));
        double sum = Nets.sum(explain(new GuidedIntegratedGradients(400, 0.25, 0.02, Baseline.ZERO))
                .attribution());
        // The path follows kinks, where slopes change from step to step; straight paths come within 1 %.
        assertThat(sum).isCloseTo(change, within(0.1 * Math.abs(change)));
    }

    @Test
    void guidedIsIntegratedGradientsWhereThePathMayNotLeaveTheStraightOne() {
        double[] straight = Nets.doubles(explain(new IntegratedGradients(301, Quadrature.TRAPEZOID, Baseline.ZERO))
                .attribution());
        double[] guided = Nets.doubles(
                explain(new GuidedIntegratedGradients(300, 1, 0, Baseline.ZERO)).attribution());
        assertThat(Nets.relativeError(guided, straight)).isLessThan(1e-3);
    }

    @Test
    void expectedGradientsFromOneBaselineAreIntegratedGradients() {
        double[] straight = Nets.doubles(explain(new IntegratedGradients(200, Quadrature.RIEMANN_MIDDLE, Baseline.ZERO))
                .attribution());
        double[] expected = Nets.doubles(
                explain(new ExpectedGradients(2000, Baseline.ZERO, 1)).attribution());
        // Random points: an error that falls with the root of their number.
        assertThat(Nets.relativeError(expected, straight)).isLessThan(0.1);
    }

    @Test
    void deepLiftShapAddsUpToTheChangeFromTheMeanBaseline() {
        List<Tensor> inputs = List.of(Nets.noise(model, 1, 21), Nets.noise(model, 1, 22), Nets.noise(model, 1, 23));
        double mean = inputs.stream().mapToDouble(this::score).average().orElseThrow();
        double change = score(image) - mean;
        Explanation found = explain(new DeepLiftShap(6, new Baseline.Several("three", inputs), 4));
        assertThat(Nets.sum(found.attribution())).isCloseTo(change, within(2e-3 * Math.abs(change)));
    }

    @Test
    void deepLiftShapOfOneBaselineIsDeepLift() {
        double[] one = Nets.doubles(explain(new DeepLift(Baseline.ZERO)).attribution());
        double[] mean =
                Nets.doubles(explain(new DeepLiftShap(3, Baseline.ZERO, 0)).attribution());
        assertThat(Nets.relativeError(mean, one)).isLessThan(1e-5);
    }

    @Test
    void severalPicturesAreNoBaselineForMethodsThatTakeOne() {
        Baseline several = new Baseline.Several("a folder", List.of(zero(model)));
        assertThatThrownBy(() -> explain(new IntegratedGradients(3, Quadrature.GAUSS_LEGENDRE, several)))
                .isInstanceOf(VitrineException.class)
                .hasMessageContaining("expected one")
                .hasMessageContaining("expected-gradients");
    }
}
