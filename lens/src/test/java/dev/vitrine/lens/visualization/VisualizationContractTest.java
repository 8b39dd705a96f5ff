package dev.vitrine.lens.visualization;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.lens.attribution.Nets;
import dev.vitrine.lens.data.Picture;
import dev.vitrine.lens.session.ModelSession;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for every way to make pictures. */
class VisualizationContractTest {
    private static final ModelSession SESSION = new ModelSession(Nets.architecture("squeezenet"), Nets.RUNNER);
    private static final int STEPS = 15;

    static Stream<Visualizations.Entry> all() {
        return Visualizations.ALL.stream();
    }

    @AfterAll
    static void close() {
        SESSION.close();
    }

    /** Blocks of color, so that there is something to see. */
    private static Picture picture(long seed) {
        int side = 64;
        Random random = new Random(seed);
        int[] colors = random.ints(64, 0, 0x1000000).toArray();
        byte[] rgb = new byte[3 * side * side];
        for (int at = 0; at < side * side; at++) {
            int color = colors[at / side / 8 * 8 + at % side / 8];
            rgb[3 * at] = (byte) (color >> 16);
            rgb[3 * at + 1] = (byte) (color >> 8);
            rgb[3 * at + 2] = (byte) color;
        }
        return Picture.of(side, side, rgb);
    }

    private static Synthesis made(Visualizations.Entry entry, long seed) {
        return entry.trial().of(new Visualizations.Material(SESSION, picture(1), picture(2), 3, STEPS, seed));
    }

    @ParameterizedTest
    @MethodSource("all")
    void raisesItsObjectiveAndTheSameSeedGivesTheSamePicture(Visualizations.Entry entry) {
        Synthesis first = made(entry, 5);
        List<Double> course = first.course().scores();
        assertThat(course).hasSize(STEPS);
        assertThat(first.scores().get(0).doubleValue()).isGreaterThan(course.get(0));
        assertThat(made(entry, 5).pictures()).isEqualTo(first.pictures());
        for (float value : first.pictures().toFloats()) {
            assertThat(value).isBetween(0f, 1f);
        }
    }
}
