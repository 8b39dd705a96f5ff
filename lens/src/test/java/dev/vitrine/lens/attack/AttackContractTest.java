package dev.vitrine.lens.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.vitrine.engine.oracle.NeedsShared;
import dev.vitrine.lens.attack.catalog.Attacks;
import dev.vitrine.lens.attribution.Nets;
import dev.vitrine.lens.attribution.Progress;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.session.ModelSession;
import dev.vitrine.lens.setting.Settings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every attack keeps to, over the list of all. */
class AttackContractTest {
    private static final int PICTURES = 4;
    private static final Map<String, Integer> SEARCHES = Map.of("generations", 2, "queries", 400);
    private static final Set<String> UNLIKELY = Set.of("fgsm", "one-pixel", "nes", "square");

    private static ModelSession session;
    private static Victim victim;

    @BeforeAll
    static void open() {
        Model model = Nets.shared("cifar10-resnet20");
        session = new ModelSession(model, Nets.RUNNER);
        victim = new Victim(session);
    }

    @AfterAll
    static void close() {
        session.close();
    }

    static Stream<Attack> all() {
        return Attacks.ALL.stream().map(AttackContractTest::brief);
    }

    /** Long searches are cut short: what is tested does not depend on their length. */
    private static Attack brief(Attack attack) {
        Attack brief = attack;
        for (Map.Entry<String, Integer> most : SEARCHES.entrySet()) {
            if (Settings.find(attack.getClass(), most.getKey()).isPresent()) {
                brief = Settings.with(brief, most.getKey(), most.getValue());
            }
        }
        return brief;
    }

    /** Neither one step, nor one pixel, nor a brief search often gets as far as a target. */
    static Stream<Attack> targeted() {
        return all().filter(Attack::canTarget).filter(attack -> !UNLIKELY.contains(attack.id()));
    }

    /** Blots of color, some of them black or white, of the classes that the network gives. */
    private static Subjects subjects() {
        Random random = new Random(5);
        List<float[]> pictures = new ArrayList<>();
        for (int picture = 0; picture < PICTURES; picture++) {
            float[] values = new float[victim.size()];
            double[] phases = random.doubles(9, 0, 6).toArray();
            for (int i = 0; i < values.length; i++) {
                int channel = i / 1024;
                double wave = Math.sin(phases[channel] + phases[3 + channel] * (i % 32) / 16.0)
                        + Math.sin(phases[6 + channel] * (i % 1024 / 32) / 12.0);
                values[i] = (float) Math.max(0, Math.min(1, 0.5 + 0.4 * wave));
            }
            pictures.add(values);
        }
        int[] labels =
                Arrays.stream(victim.logits(pictures)).mapToInt(Subjects::best).toArray();
        return new Subjects(
                pictures,
                labels,
                Optional.empty(),
                IntStream.range(0, PICTURES).asLongStream().toArray());
    }

    private static List<float[]> run(Attack attack, Subjects subjects) {
        return attack.on(victim, subjects, Progress.NONE).pictures();
    }

    @ParameterizedTest
    @MethodSource("all")
    void staysWithinItsBoundAndWithinBlackAndWhite(Attack attack) {
        Subjects subjects = subjects();
        List<float[]> changed = run(attack, subjects);
        for (int row = 0; row < PICTURES; row++) {
            double[] change =
                    Ball.difference(changed.get(row), subjects.pictures().get(row));
            for (float value : changed.get(row)) {
                assertThat(value).isBetween(0f, 1f);
            }
            double size = attack.bound().map(ball -> ball.norm().of(change)).orElse(0.0);
            assertThat(size)
                    .isLessThanOrEqualTo(attack.bound().map(Ball::radius).orElse(0.0));
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void theSameSeedGivesTheSameBytes(Attack attack) {
        List<float[]> first = run(attack, subjects());
        List<float[]> second = run(attack, subjects());
        for (int row = 0; row < PICTURES; row++) {
            assertThat(first.get(row)).isEqualTo(second.get(row));
        }
    }

    /** Numbers of pictures, not their places in a batch, decide what is drawn at random. */
    @ParameterizedTest
    @MethodSource("all")
    void twoPicturesGiveWhatEachGivesAlone(Attack attack) {
        Subjects subjects = subjects();
        List<float[]> together = run(attack, subjects.of(1, 2));
        for (int i = 0; i < 2; i++) {
            float[] alone = run(attack, subjects.of(1 + i)).get(0);
            double[] from = Ball.difference(alone, subjects.pictures().get(1 + i));
            double[] difference = Ball.difference(alone, together.get(i));
            assertThat(Norm.L2.of(difference)).isLessThan(0.1 * Norm.L2.of(from) + 1e-6);
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void countsItsQueries(Attack attack) {
        assertThat(attack.on(victim, subjects(), Progress.NONE).queries())
                .hasSize(PICTURES)
                .doesNotContain(0);
    }

    /** What the trained network is far from with a change of 16 levels, an attack reaches. */
    @NeedsShared
    @ParameterizedTest
    @MethodSource("targeted")
    void reachesATarget(Attack attack) {
        Attack strong = Settings.find(attack.getClass(), "epsilon").isPresent()
                ? Settings.with(attack, "epsilon", 16.0 / 255)
                : attack;
        Subjects any = subjects();
        int[] targets =
                Arrays.stream(any.labels()).map(label -> (label + 3) % 10).toArray();
        Subjects subjects = new Subjects(any.pictures(), any.labels(), Optional.of(targets), any.numbers());
        float[][] logits = victim.logits(run(strong, subjects));
        long reached = IntStream.range(0, PICTURES)
                .filter(row -> subjects.succeeds(row, logits[row]))
                .count();
        assertThat(reached).isGreaterThanOrEqualTo(PICTURES / 2);
    }

    /** The slope of each loss is that of central differences in double precision of the same graph's losses. */
    @ParameterizedTest
    @MethodSource("losses")
    void slopesAgreeWithDifferences(Loss loss) {
        Subjects subjects = subjects();
        int[] classes = subjects.labels();
        float[][] slopes = victim.slopes(loss, subjects.pictures(), classes).gradients();
        double step = 1e-2;
        Random random = new Random(3);
        for (int row = 0; row < PICTURES; row++) {
            double[] direction = new double[victim.size()];
            double expected = 0;
            for (int i = 0; i < direction.length; i++) {
                direction[i] = random.nextGaussian() / Math.sqrt(direction.length);
                expected += direction[i] * slopes[row][i];
            }
            List<float[]> ends = new ArrayList<>();
            for (int sign : new int[] {-1, 1}) {
                float[] end = subjects.pictures().get(row).clone();
                for (int i = 0; i < end.length; i++) {
                    end[i] += (float) (sign * step * direction[i]);
                }
                ends.add(end);
            }
            float[] losses = victim.slopes(loss, ends, new int[] {classes[row], classes[row]})
                    .losses();
            double scale = 0;
            for (float slope : slopes[row]) {
                scale += slope * (double) slope;
            }
            assertThat((losses[1] - losses[0]) / (2 * step))
                    .isCloseTo(expected, within(0.05 * Math.sqrt(scale) + 1e-4));
        }
    }

    static Stream<Loss> losses() {
        return Stream.of(Loss.LOG_ODDS, Loss.MARGIN, Loss.RATIO);
    }

    /** Where the true class has all the probability that float32 can hold, the loss still has a slope. */
    @Test
    void aSureNetworkHasASlope() {
        Subjects subjects = subjects();
        float[] slope = victim.slopes(Loss.LOG_ODDS, subjects.pictures(), subjects.labels())
                .gradients()[0];
        double largest = 0;
        for (float value : slope) {
            largest = Math.max(largest, Math.abs(value));
        }
        assertThat(largest).isPositive();
    }

    @Test
    void roundingKeepsAnAttackAlive() {
        Subjects subjects = subjects();
        List<float[]> changed = run(DeepFool.USUAL, subjects);
        float[][] before = victim.logits(changed);
        List<float[]> kept = Rounding.surviving(victim, DeepFool.USUAL, subjects, changed);
        float[][] after = victim.logits(kept);
        for (int row = 0; row < PICTURES; row++) {
            if (subjects.succeeds(row, before[row])) {
                assertThat(subjects.succeeds(row, after[row])).isTrue();
            }
            for (float value : kept.get(row)) {
                assertThat(value * 255).isEqualTo(Math.round(value * 255), within(1e-4f));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("norms")
    void projectionsAreNearestPoints(Norm norm) {
        Random random = new Random(1);
        double[] change = random.doubles(50, -1, 1).toArray();
        double[] projected = change.clone();
        norm.project(projected, 0.5);
        assertThat(norm.of(projected)).isCloseTo(0.5, within(1e-9));
        double distance = Norm.L2.of(difference(change, projected));
        for (int trial = 0; trial < 200; trial++) {
            double[] other = new double[50];
            norm.draw(other, 0.5, new SplittableRandom(trial));
            assertThat(norm.of(other)).isLessThanOrEqualTo(0.5 + 1e-9);
            assertThat(Norm.L2.of(difference(change, other))).isGreaterThanOrEqualTo(distance - 1e-9);
        }
    }

    private static double[] difference(double[] left, double[] right) {
        double[] difference = new double[left.length];
        for (int i = 0; i < difference.length; i++) {
            difference[i] = left[i] - right[i];
        }
        return difference;
    }

    static Stream<Norm> norms() {
        return Stream.of(Norm.values());
    }
}
