package dev.vitrine.lens.attack.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.vitrine.lens.attack.Attack;
import dev.vitrine.lens.attack.Pixel;
import dev.vitrine.lens.attack.Subjects;
import dev.vitrine.lens.attack.Victim;
import dev.vitrine.lens.attribution.Nets;
import dev.vitrine.lens.attribution.Progress;
import dev.vitrine.lens.session.ModelSession;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OnePixelTest {
    private static final int PICTURES = 6;

    private static ModelSession session;
    private static Victim victim;

    @BeforeAll
    static void open() {
        session = new ModelSession(Nets.shared("cifar10-resnet20"), Nets.RUNNER);
        victim = new Victim(session);
    }

    @AfterAll
    static void close() {
        session.close();
    }

    private static List<float[]> pictures(Victim victim, int count) {
        Random random = new Random(11);
        List<float[]> pictures = new ArrayList<>();
        for (int picture = 0; picture < count; picture++) {
            float[] values = new float[victim.size()];
            double period = 3 + 10 * random.nextDouble();
            double[] phases = random.doubles(victim.channels(), 0, 6).toArray();
            int area = victim.height() * victim.width();
            for (int i = 0; i < values.length; i++) {
                double place = i % area / victim.width() + 2.0 * (i % area % victim.width());
                values[i] = Math.round(128 + 100 * Math.sin(phases[i / area] + place / period)) / 255f;
            }
            pictures.add(values);
        }
        return pictures;
    }

    private static Subjects subjects() {
        List<float[]> pictures = pictures(victim, PICTURES);
        int[] labels =
                Arrays.stream(victim.logits(pictures)).mapToInt(Subjects::best).toArray();
        return new Subjects(
                pictures,
                labels,
                Optional.empty(),
                IntStream.range(0, PICTURES).asLongStream().toArray());
    }

    private static Attack.Crafted run(int pixels, int population, int generations) {
        return new OnePixel(pixels, population, generations, 0.5, 3).on(victim, subjects(), Progress.NONE);
    }

    private static boolean[] successes(Attack.Crafted crafted) {
        Subjects subjects = subjects();
        float[][] logits = victim.logits(crafted.pictures());
        boolean[] successes = new boolean[PICTURES];
        for (int row = 0; row < PICTURES; row++) {
            successes[row] = subjects.succeeds(row, logits[row]);
        }
        return successes;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void changesSoManyPixelsAtMostToColorsOfEightBits(int pixels) {
        List<float[]> changed = run(pixels, 20, 1).pictures();
        for (int row = 0; row < PICTURES; row++) {
            float[] before = subjects().pictures().get(row);
            float[] after = changed.get(row);
            int places = victim.height() * victim.width();
            long count = IntStream.range(0, places)
                    .filter(place -> IntStream.range(0, 3)
                            .anyMatch(channel -> before[channel * places + place] != after[channel * places + place]))
                    .count();
            assertThat(count).isBetween(1L, (long) pixels);
            for (float value : after) {
                assertThat(value * 255).isEqualTo(Math.round(value * 255), within(1e-4f));
            }
        }
    }

    /** The first generation is the random candidates; the others only add to what it finds. */
    @Test
    void evolutionLosesNothingThatRandomCandidatesFind() {
        boolean[] random = successes(run(1, 60, 0));
        boolean[] evolved = successes(run(1, 60, 8));
        for (int row = 0; row < PICTURES; row++) {
            assertThat(evolved[row] || !random[row]).isTrue();
        }
    }

    /** Log-odds against the true class after some generations, of pictures that resist. */
    @Test
    void evolutionRaisesTheScore() {
        Subjects subjects = subjects();
        float[][] first = victim.logits(run(1, 30, 0).pictures());
        float[][] last = victim.logits(run(1, 30, 12).pictures());
        int better = 0;
        for (int row = 0; row < PICTURES; row++) {
            double before = Scores.logOdds(first[row], subjects.labels()[row]);
            double after = Scores.logOdds(last[row], subjects.labels()[row]);
            if (!subjects.succeeds(row, last[row])) {
                assertThat(after).isGreaterThanOrEqualTo(before - 1e-4);
            }
            better += after > before + 1e-3 ? 1 : 0;
        }
        assertThat(better).isGreaterThanOrEqualTo(PICTURES / 2);
    }

    @Test
    void countsEveryCandidate() {
        Attack.Crafted crafted = run(1, 20, 2);
        for (int row = 0; row < PICTURES; row++) {
            // The picture itself, one to three generations, and the plain pass over a success.
            assertThat(crafted.queries()[row]).isBetween(21L, 1L + 3 * 21);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"cifar10-resnet20", "squeezenet-caltech101", "tiny-darknet"})
    void logitsOfPixelsAreThoseOfWholePasses(String network) {
        try (ModelSession open = new ModelSession(Nets.shared(network), Nets.RUNNER)) {
            Victim whole = new Victim(open);
            float[] picture = pictures(whole, 1).get(0);
            Random random = new Random(2);
            List<Pixel> pixels = new ArrayList<>(List.of(
                    new Pixel(0, 0, new float[] {1, 0, 0}),
                    new Pixel(whole.height() - 1, whole.width() - 1, new float[] {0, 1, 1})));
            for (int index = 0; index < 40; index++) {
                pixels.add(new Pixel(random.nextInt(whole.height()), random.nextInt(whole.width()), new float[] {
                    random.nextFloat(), random.nextFloat(), random.nextFloat()
                }));
            }
            float[][] found = whole.logits(picture, pixels);
            for (int index = 0; index < pixels.size(); index += 6) {
                float[] expected =
                        whole.logits(List.of(pixels.get(index).in(picture, whole.height(), whole.width())))[0];
                for (int k = 0; k < expected.length; k++) {
                    assertThat(found[index][k]).isCloseTo(expected[k], within(1e-3f));
                }
            }
        }
    }
}
