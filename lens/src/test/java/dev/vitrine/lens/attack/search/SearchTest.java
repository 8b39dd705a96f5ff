package dev.vitrine.lens.attack.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.vitrine.engine.oracle.NeedsShared;
import dev.vitrine.lens.attack.Attack;
import dev.vitrine.lens.attack.Ball;
import dev.vitrine.lens.attack.Norm;
import dev.vitrine.lens.attack.Subjects;
import dev.vitrine.lens.attack.Victim;
import dev.vitrine.lens.attribution.Nets;
import dev.vitrine.lens.attribution.Progress;
import dev.vitrine.lens.session.ModelSession;
import dev.vitrine.lens.setting.Settings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Attacks that ask for scores or labels only. */
class SearchTest {
    private static final int PICTURES = 3;
    private static final int QUERIES = 400;

    private static ModelSession session;
    private static Victim victim;
    private static Subjects subjects;

    @BeforeAll
    static void open() {
        session = new ModelSession(Nets.shared("cifar10-resnet20"), Nets.RUNNER);
        victim = new Victim(session);
        Random random = new Random(4);
        List<float[]> pictures = new ArrayList<>();
        for (int picture = 0; picture < PICTURES; picture++) {
            float[] values = new float[victim.size()];
            double[] waves = random.doubles(6, 0, 3).toArray();
            for (int i = 0; i < values.length; i++) {
                int channel = i / 1024;
                values[i] = (float) (0.5
                        + 0.3 * Math.sin(waves[channel] * (i % 32) / 8 + waves[3 + channel] * (i % 1024 / 32) / 8.0));
            }
            pictures.add(values);
        }
        subjects = new Subjects(
                pictures,
                Arrays.stream(victim.logits(pictures)).mapToInt(Subjects::best).toArray(),
                Optional.empty(),
                IntStream.range(0, PICTURES).asLongStream().toArray());
    }

    @AfterAll
    static void close() {
        session.close();
    }

    private static double distance(Attack.Crafted crafted, int row) {
        return Norm.L2.of(
                Ball.difference(crafted.pictures().get(row), subjects.pictures().get(row)));
    }

    @ParameterizedTest
    @ValueSource(ints = {250, QUERIES})
    void spendsNoMoreQueriesThanAllowed(int queries) {
        for (Attack attack : List.of(Square.USUAL, NaturalEvolution.USUAL, HopSkipJump.USUAL)) {
            assertThat(Settings.with(attack, "queries", queries)
                            .on(victim, subjects, Progress.NONE)
                            .queries())
                    .satisfies(spent ->
                            assertThat(Arrays.stream(spent).max().orElseThrow()).isLessThanOrEqualTo(queries));
        }
    }

    /** More queries bring the boundary nearer, and every result is beyond it. */
    @NeedsShared
    @Test
    void theWalkAlongTheBoundaryComesNearer() {
        Attack.Crafted brief = new HopSkipJump(250, 50, 1).on(victim, subjects, Progress.NONE);
        Attack.Crafted longer = new HopSkipJump(1500, 50, 1).on(victim, subjects, Progress.NONE);
        float[][] logits = victim.logits(longer.pictures());
        for (int row = 0; row < PICTURES; row++) {
            assertThat(subjects.succeeds(row, logits[row])).isTrue();
            assertThat(distance(longer, row)).isLessThan(0.8 * distance(brief, row));
        }
    }

    /** Within a generous bound. */
    @NeedsShared
    @ParameterizedTest
    @ValueSource(strings = {"LINF", "L2"})
    void squaresBreakThePictures(Norm norm) {
        double epsilon = norm == Norm.LINF ? 16.0 / 255 : 1.5;
        Attack.Crafted found =
                new Square(norm, OptionalDouble.of(epsilon), QUERIES, 0.8, 0).on(victim, subjects, Progress.NONE);
        float[][] logits = victim.logits(found.pictures());
        for (int row = 0; row < PICTURES; row++) {
            assertThat(subjects.succeeds(row, logits[row])).isTrue();
        }
    }

    /** The window takes over what it clears, so that a full change stays of length ε. */
    @Test
    void bumpsKeepTheLengthOfAChange() {
        SquareBumps bumps = new SquareBumps(3, 20, 24, 0.7);
        SplittableRandom random = new SplittableRandom(3);
        double[] change = bumps.first(random);
        assertThat(Norm.L2.of(change)).isCloseTo(0.7, within(1e-6));
        for (int side = 1; side < 20; side++) {
            double[] next = bumps.next(change, side, random);
            assertThat(Norm.L2.of(next)).isCloseTo(0.7, within(1e-6));
            assertThat(next).isNotEqualTo(change);
            change = next;
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 4, 7})
    void aBumpAndItsOppositeHaveLengthOne(int side) {
        double[] bumps = SquareBumps.bumps(side, new SplittableRandom(side));
        assertThat(Norm.L2.of(bumps)).isCloseTo(1, within(1e-9));
        assertThat(Arrays.stream(bumps).max().orElseThrow()).isPositive();
        assertThat(Arrays.stream(bumps).min().orElseThrow()).isNegative();
    }

    @Test
    void signsChangeOneSquareByEpsilon() {
        SquareSigns signs = new SquareSigns(2, 9, 9, 0.1);
        double[] before = new double[162];
        double[] after = signs.next(before, 4, new SplittableRandom(6));
        assertThat(Arrays.stream(after).filter(value -> value != 0).count()).isEqualTo(2 * 16);
        assertThat(Arrays.stream(after).map(Math::abs).max().orElseThrow()).isEqualTo(0.1);
    }
}
