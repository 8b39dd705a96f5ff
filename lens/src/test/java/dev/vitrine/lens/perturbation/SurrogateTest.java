package dev.vitrine.lens.perturbation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attribution.Baseline;
import dev.vitrine.lens.attribution.BaselineAttribution;
import dev.vitrine.lens.attribution.Explanation;
import dev.vitrine.lens.attribution.Nets;
import dev.vitrine.lens.attribution.Progress;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.objective.ClassScore;
import dev.vitrine.lens.objective.Objective;
import dev.vitrine.lens.session.ModelSession;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Methods that ask about subsets of superpixels. */
class SurrogateTest {
    private static final Objective LOGIT = ClassScore.of(ClassScore.Scale.LOGIT);

    /** A game of few players with values that do not add up. */
    private static double game(boolean[] players) {
        Random random = new Random(Arrays.hashCode(players));
        double sum = random.nextGaussian();
        for (int i = 0; i < players.length; i++) {
            sum += players[i] ? i : 0;
        }
        return sum;
    }

    /** By definition: the mean over all orders of what a player adds. */
    private static double[] shapley(int players) {
        double[] values = new double[players];
        double[] factorials = new double[players + 1];
        factorials[0] = 1;
        for (int i = 1; i <= players; i++) {
            factorials[i] = factorials[i - 1] * i;
        }
        for (int bits = 0; bits < 1 << players; bits++) {
            boolean[] without = players(bits, players);
            int size = Integer.bitCount(bits);
            for (int player = 0; player < players; player++) {
                if (!without[player]) {
                    boolean[] with = without.clone();
                    with[player] = true;
                    values[player] += factorials[size]
                            * factorials[players - size - 1]
                            / factorials[players]
                            * (game(with) - game(without));
                }
            }
        }
        return values;
    }

    private static boolean[] players(int bits, int count) {
        boolean[] players = new boolean[count];
        for (int player = 0; player < count; player++) {
            players[player] = (bits >> player & 1) == 1;
        }
        return players;
    }

    private static double[] estimated(int players, int room, long seed) {
        List<Coalitions.Coalition> coalitions = Coalitions.of(players, room, seed);
        double[] scores = new double[coalitions.size() + 2];
        boolean[] all = new boolean[players];
        Arrays.fill(all, true);
        scores[0] = game(all);
        scores[1] = game(new boolean[players]);
        for (int i = 0; i < coalitions.size(); i++) {
            scores[i + 2] = game(coalitions.get(i).players());
        }
        return KernelShap.values(players, coalitions, scores);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 7, 8})
    void kernelShapIsExactWhereAllCoalitionsFit(int players) {
        int all = (1 << players) - 2;
        assertThat(Coalitions.of(players, Math.max(1, all), 0)).hasSize(all);
        double[] expected = shapley(players);
        double[] found = estimated(players, Math.max(1, all), 0);
        for (int player = 0; player < players; player++) {
            assertThat(found[player]).isCloseTo(expected[player], within(1e-6));
        }
    }

    @ParameterizedTest
    @CsvSource({"10,200", "10,500", "40,3", "40,300", "13,1"})
    void coalitionsAreAsManyAsAskedAndTheSumIsExact(int players, int room) {
        List<Coalitions.Coalition> coalitions = Coalitions.of(players, room, 4);
        assertThat(coalitions).hasSize(room);
        double total =
                coalitions.stream().mapToDouble(Coalitions.Coalition::weight).sum();
        double kernel = 0;
        for (int size = 1; size < players; size++) {
            kernel += 1.0 / size / (players - size);
        }
        assertThat(total).isCloseTo(kernel, within(1e-9));
        double[] found = estimated(players, room, 4);
        boolean[] all = new boolean[players];
        Arrays.fill(all, true);
        assertThat(Arrays.stream(found).sum()).isCloseTo(game(all) - game(new boolean[players]), within(1e-6));
    }

    @Test
    void sampledValuesComeCloseToTheExactOnes() {
        double[] expected = shapley(11);
        double[] found = estimated(11, 1200, 2);
        for (int player = 0; player < 11; player++) {
            assertThat(found[player]).isCloseTo(expected[player], within(0.5));
        }
    }

    @Test
    void noSubsetOfACompletedSizeIsAskedTwice() {
        Set<List<Boolean>> met = new HashSet<>();
        for (Coalitions.Coalition coalition : Coalitions.of(9, 90, 0)) {
            List<Boolean> players = new java.util.ArrayList<>();
            for (boolean player : coalition.players()) {
                players.add(player);
            }
            assertThat(met.add(players)).isTrue();
        }
    }

    /** Σ over all pixels = score(x) − score(x₀). */
    @Test
    void kernelShapAddsUpToTheChangeOfScore() {
        Model model = Nets.shared("cifar10-resnet20");
        Tensor image = model.preprocessing().apply(Nets.photo("chelsea.png"));
        Tensor gray = model.preprocessing().apply(dev.vitrine.lens.data.Picture.filled(32, 32, 0x808080));
        try (ModelSession session = new ModelSession(model, Nets.RUNNER)) {
            Explanation explanation = session.explainer(new KernelShap(60, 20, Baseline.GRAY, 0), LOGIT)
                    .explain(image, ModelSession.targets(3), Progress.NONE);
            double change = explanation.scores().floats().get(0)
                    - session.logits(gray).floats().get(3);
            assertThat(Nets.sum(explanation.attribution())).isCloseTo(change, within(1e-3 * Math.abs(change)));
        }
    }

    /** For a score that is linear in the pixels every method gives each superpixel what it adds. */
    @Test
    void onALinearScoreTheyAgree() {
        Model model = MaskedScoresTest.leftHalf();
        Tensor image = MaskedScoresTest.ones(model);
        try (ModelSession session = new ModelSession(model, Nets.RUNNER)) {
            Superpixels parts = Superpixels.of(session, image, 4);
            double[] added = new double[parts.count()];
            for (int y = 0; y < 8; y++) {
                for (int x = 0; x < 4; x++) {
                    added[parts.at(x, y)] += 3;
                }
            }
            double[] density = added.clone();
            for (int part = 0; part < density.length; part++) {
                density[part] /= parts.sizes()[part];
            }
            Tensor ablated = explain(session, new FeatureAblation(4, Baseline.ZERO), image);
            assertThat(Nets.relativeError(ablated, parts.spread(added))).isLessThan(1e-5);
            Tensor shared = explain(session, new KernelShap(14, 4, Baseline.ZERO, 0), image);
            assertThat(Nets.relativeError(shared, parts.spread(density))).isLessThan(1e-5);
            // The ridge takes a little.
            Tensor linear = explain(session, new Lime(2000, 4, Baseline.ZERO, 0), image);
            assertThat(Nets.relativeError(linear, parts.spread(added))).isLessThan(0.05);
        }
    }

    /** Computed on rectangles about the superpixels, it is what masks of the whole picture say. */
    @Test
    void featureAblationOnRectanglesIsThatOnMasks() {
        Model model = Nets.architecture("vgg-small");
        Tensor image = Nets.noise(model, 1, 6);
        try (ModelSession session = new ModelSession(model, Nets.RUNNER)) {
            Superpixels parts = Superpixels.of(session, image, 20);
            float[] map = explain(session, new FeatureAblation(20, Baseline.MEAN), image)
                    .toFloats();
            Tensor start = BaselineAttribution.of(session, Baseline.MEAN, image);
            float before = session.logits(image).floats().get(0);
            new MaskedScores(session, LOGIT)
                    .evaluate(
                            new MaskedScores.Subject(image, start, ModelSession.targets(0)),
                            parts.count(),
                            (index, mask) -> {
                                boolean[] kept = new boolean[parts.count()];
                                java.util.Arrays.fill(kept, true);
                                kept[index] = false;
                                parts.write(kept, mask);
                            },
                            (index, mask, score) -> {
                                Superpixels.Bounds bounds = parts.bounds().get(index);
                                int row = bounds.top();
                                int column = bounds.left();
                                while (parts.at(column, row) != index) {
                                    column++;
                                }
                                assertThat(map[row * parts.width() + column]).isCloseTo(before - score, within(1e-4f));
                            },
                            Progress.NONE);
        }
    }

    private static Tensor explain(ModelSession session, dev.vitrine.lens.attribution.Attribution method, Tensor image) {
        return session.explainer(method, LOGIT)
                .explain(image, ModelSession.targets(0), Progress.NONE)
                .attribution();
    }

    /** The least squares themselves, against an answer worked out by hand: a line through three points. */
    @Test
    void aLineThroughPoints() {
        LinearModel line = new LinearModel(2);
        line.add(1, new double[] {0, 1}, 1);
        line.add(1, new double[] {1, 1}, 2);
        line.add(2, new double[] {2, 1}, 6);
        assertThat(line.solve()).containsExactly(new double[] {29 / 11.0, 5 / 11.0}, within(1e-9));
    }
}
