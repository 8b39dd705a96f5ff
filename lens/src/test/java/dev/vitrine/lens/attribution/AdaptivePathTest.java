package dev.vitrine.lens.attribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.objective.ClassScore;
import dev.vitrine.lens.session.ModelSession;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdaptivePathTest {
    private static final double KINK = 0.3217;

    /** Two inputs: one whose slope jumps from 5 to −1 at the kink, one with slope 2t. */
    private static List<AdaptivePath.Sample> kinked(List<Double> positions) {
        return positions.stream()
                .map(t -> {
                    double jumping = t < KINK ? 5 : -1;
                    double score = t < KINK ? 5 * t : 5 * KINK - (t - KINK);
                    return new AdaptivePath.Sample(
                            t, new float[] {(float) jumping, (float) (2 * t)}, jumping + 2 * t, score + t * t);
                })
                .toList();
    }

    private static final double JUMPING = 5 * KINK - (1 - KINK);

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 8, 50, 63, 64, 65, 500})
    void takesAsManySamplesAsToldAndSpansTheWholeWay(int steps) {
        List<Double> asked = new ArrayList<>();
        List<Long> reports = new ArrayList<>();
        double[] length = AdaptivePath.integral(
                steps,
                1,
                1,
                positions -> {
                    asked.addAll(positions);
                    return positions.stream()
                            .map(t -> new AdaptivePath.Sample(t, new float[] {1}, 1, t))
                            .toList();
                },
                (done, total) -> {
                    assertThat(total).isEqualTo(steps);
                    reports.add(done);
                });
        assertThat(length[0]).isCloseTo(1, within(1e-9));
        assertThat(asked).hasSize(steps).allMatch(t -> t >= 0 && t <= 1);
        assertThat(new HashSet<>(asked)).hasSize(steps);
        assertThat(reports).isSorted().endsWith((long) steps);
    }

    /** Samples had ahead of time cost a few evaluations more; those that are used are the same. */
    @ParameterizedTest
    @ValueSource(ints = {2, 3, 16})
    void widthDoesNotChangeTheIntegral(int width) {
        for (int steps : new int[] {1, 2, 3, 8, 50, 150}) {
            List<Integer> together = new ArrayList<>();
            AtomicInteger asked = new AtomicInteger();
            double[] wide = AdaptivePath.integral(
                    steps,
                    2,
                    width,
                    positions -> {
                        asked.addAndGet(positions.size());
                        together.add(positions.size());
                        return kinked(positions);
                    },
                    Progress.NONE);
            double[] narrow = AdaptivePath.integral(steps, 2, 1, AdaptivePathTest::kinked, Progress.NONE);
            assertThat(wide).isEqualTo(narrow);
            assertThat(asked.get()).isBetween(steps, steps + steps / 4 + width);
            if (steps == 50) {
                assertThat(together.size()).isLessThan(steps * 2 / 3);
            }
        }
    }

    @Test
    void findsAJump() {
        double even = gap(Quadrature.TRAPEZOID.points(30));
        double[] adaptive = AdaptivePath.integral(30, 2, 1, AdaptivePathTest::kinked, Progress.NONE);
        assertThat(Math.abs(adaptive[0] - JUMPING)).isLessThan(even / 20).isLessThan(1e-3);
        assertThat(adaptive[1]).isCloseTo(1, within(0.01));
    }

    /** A part with one kink is exact, for every element: the kink is where slopes and scores say. */
    @Test
    void findsAKinkBetweenTwoSamples() {
        double[] two = AdaptivePath.integral(
                2,
                2,
                1,
                positions -> positions.stream()
                        .map(t -> t < KINK
                                ? new AdaptivePath.Sample(t, new float[] {5, -2}, 3, 3 * t)
                                : new AdaptivePath.Sample(t, new float[] {-1, 8}, 7, 3 * KINK + 7 * (t - KINK)))
                        .toList(),
                Progress.NONE);
        assertThat(two[0]).isCloseTo(5 * KINK - (1 - KINK), within(1e-9));
        assertThat(two[1]).isCloseTo(-2 * KINK + 8 * (1 - KINK), within(1e-9));
    }

    private static double gap(Quadrature.Points points) {
        double sum = 0;
        for (int i = 0; i < points.positions().length; i++) {
            sum += points.weights()[i] * (points.positions()[i] < KINK ? 5 : -1);
        }
        return Math.abs(sum - JUMPING);
    }

    /** The places depend on the picture; its neighbors in a batch and the second time change nothing. */
    @Test
    void aBatchIsItsSinglesOnANetwork() {
        Model model = Nets.architecture("resnet18");
        Tensor images = Nets.noise(model, 2, 2);
        IntegratedGradients method = new IntegratedGradients(12, Quadrature.ADAPTIVE, Baseline.BLACK);
        ClassScore logit = ClassScore.of(ClassScore.Scale.LOGIT);
        try (ModelSession session = new ModelSession(model, Nets.RUNNER)) {
            Explainer explainer = session.explainer(method, logit);
            Tensor both = explainer
                    .explain(images, ModelSession.targets(1, 8), Progress.NONE)
                    .attribution();
            Tensor second = explainer
                    .explain(images.rows(1, 2), ModelSession.targets(8), Progress.NONE)
                    .attribution();
            assertThat(both.rows(1, 2)).isEqualTo(second);
        }
        assertThatThrownBy(() -> method.graph(model, logit))
                .isInstanceOf(VitrineException.class)
                .hasMessageContaining("--quadrature gauss-legendre");
    }

    /** What was not seen is not made up: the sum is the rule's own, not the change of score. */
    @Test
    void doesNotScaleToWhatIsKnown() {
        DoubleUnaryOperator slope = t -> t == 0 || t == 1 ? 1 : 3;
        double[] two = AdaptivePath.integral(
                2,
                1,
                1,
                positions -> positions.stream()
                        .map(t -> new AdaptivePath.Sample(
                                t, new float[] {(float) slope.applyAsDouble(t)}, slope.applyAsDouble(t), 3 * t))
                        .toList(),
                Progress.NONE);
        assertThat(two[0]).isEqualTo(1);
    }
}
