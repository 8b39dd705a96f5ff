package dev.vitrine.study.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attribution.Nets;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ClassifiersTest {
    private static final List<Integer> ALL = IntStream.range(0, 6).boxed().toList();

    /** Feature 0 tells, feature 1 never changes. */
    private static final Tensor FEATURES = Tensor.floats(new float[] {-3, 5, -2, 5, -1, 5, 1, 5, 2, 5, 3, 5}, 6, 2);

    private static final int[] TRUTH = {0, 0, 0, 1, 1, 1};

    /** At the least value the slope is zero: λ·w = Σ w_i (y_i − p_i) x_i, computed here on its own. */
    @Test
    void theFitIsWhereTheSlopeIsZero() {
        double spread = 2;
        Tensor weights;
        Tensor bias;
        try (LogisticRegression regression = new LogisticRegression(Nets.RUNNER, FEATURES, ALL, TRUTH, 2)) {
            LinearClassifier found = regression.fit(spread);
            weights = found.weights();
            bias = found.bias();
        }
        double deviation = Math.sqrt(28 / 6.0);
        double penalty = 2 / (spread * spread);
        double slope = 0;
        double sum = 0;
        for (int row = 0; row < 6; row++) {
            double x = FEATURES.floats().get(2 * row);
            double zero = x * weights.floats().get(0)
                    + 5 * weights.floats().get(2)
                    + bias.floats().get(0);
            double one = x * weights.floats().get(1)
                    + 5 * weights.floats().get(3)
                    + bias.floats().get(1);
            double probability = 1 / (1 + Math.exp(zero - one));
            slope += (TRUTH[row] - probability) * x / deviation;
            sum += TRUTH[row] - probability;
        }
        double standardized = weights.floats().get(1) * deviation;
        assertThat(slope).isCloseTo(penalty * standardized, within(2e-3));
        assertThat(sum).isCloseTo(0, within(2e-3));
        assertThat(weights.floats().get(2)).isZero();
        assertThat(standardized).isGreaterThan(0.5);
    }

    /** A class of one picture weighs as much as one of five: the border lies between them, not at the few. */
    @Test
    void classesWeighAlike() {
        int[] uneven = {0, 0, 0, 0, 0, 1};
        Tensor features = Tensor.floats(new float[] {-1, -1, -1, -1, -1, 1}, 6, 1);
        try (LogisticRegression regression = new LogisticRegression(Nets.RUNNER, features, ALL, uneven, 2)) {
            LinearClassifier found = regression.fit(0.5);
            double border =
                    -(found.bias().floats().get(1) - found.bias().floats().get(0))
                            / (found.weights().floats().get(1)
                                    - found.weights().floats().get(0));
            assertThat(border).isCloseTo(0, within(0.02));
        }
    }

    @Test
    void neighborsAreThoseOfTheSmallestAngleAndTheNearestDecidesBetweenEqualVotes() {
        // Their mean is 0, so that angles are those of the plane.
        Tensor features = Tensor.floats(new float[] {1, 0, 10, 1, 0, 1, -1, 0, -10, -1, 0, -1, 5, 0.2f, 0.1f, 3}, 8, 2);
        int[] truth = {0, 1, 1, 2, 2, 2};
        NearestNeighbors nearest = new NearestNeighbors(Nets.RUNNER, features, ALL, truth, 3, List.of(6, 7));
        assertThat(nearest.vote(1)).containsExactly(0, 1);
        assertThat(nearest.vote(2)).containsExactly(0, 1);
        assertThat(nearest.vote(3)).containsExactly(1, 1);
    }

    @Test
    void answersCountEachClassAlike() {
        Answers answers = Answers.of(new int[] {0, 0, 0, 0, 1, 1}, new int[] {0, 0, 0, 1, 2, 2}, 3);
        assertThat(answers.share(0)).isEqualTo(0.75);
        assertThat(answers.share(1)).isZero();
        assertThat(answers.share(2)).isNaN();
        assertThat(answers.meanPerClass()).isEqualTo(0.375);
        assertThat(answers.confusions(9))
                .containsExactly(new Answers.Confusion(1, 2, 2, 2), new Answers.Confusion(0, 1, 1, 4));
        assertThat(answers.interval().low()).isBetween(0.05, 0.2);
        assertThat(answers.interval().high()).isBetween(0.6, 0.8);
    }
}
