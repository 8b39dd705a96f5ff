package dev.vitrine.lens.stimulus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.lens.data.Picture;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class StimuliTest {
    private static final int WIDTH = 48;
    private static final int HEIGHT = 40;

    /** A dark rectangle with some noise on a light ground. */
    private static Picture object() {
        byte[] rgb = new byte[3 * WIDTH * HEIGHT];
        Random random = new Random(3);
        for (int index = 0; index < rgb.length; index++) {
            rgb[index] = (byte) ((isInside(index / 3) ? 60 : 220) + index % 3 * 8 + random.nextInt(6));
        }
        return Picture.wrap(WIDTH, HEIGHT, rgb);
    }

    private static boolean isInside(int place) {
        int x = place % WIDTH;
        int y = place / WIDTH;
        return x >= 12 && x < 36 && y >= 10 && y < 30;
    }

    static List<Stimulus> all() {
        return Stimuli.ALL;
    }

    @ParameterizedTest
    @MethodSource("all")
    void keepsTheSizeAndTheSameSeedGivesTheSameBytes(Stimulus family) {
        Picture picture = object();
        for (double level : family.levels()) {
            Picture made = family.version(picture, level, 5);
            assertThat(made.width()).isEqualTo(WIDTH);
            assertThat(made.height()).isEqualTo(HEIGHT);
            assertThat(made).isNotEqualTo(picture).isEqualTo(family.version(picture, level, 5));
            assertThat(family.folder(level)).matches("[a-z-]+[0-9.]*");
            if (!family.id().equals("patch-shuffle")) {
                assertThat(made).as("gray").isEqualTo(made.gray());
            }
        }
    }

    @Test
    void silhouettesAreTheObject() {
        byte[] made = Stimuli.find("silhouette").version(object(), 0, 0).sharedRgb();
        for (int place = 0; place < WIDTH * HEIGHT; place++) {
            assertThat(made[3 * place] & 255).as("place %d", place).isEqualTo(isInside(place) ? 0 : 255);
        }
    }

    @Test
    void edgesAreThinAndLieOnTheOutline() {
        byte[] made = Stimuli.find("edges").version(object(), 1.4, 0).sharedRgb();
        int row = 20 * WIDTH;
        int[] dark = java.util.stream.IntStream.range(0, WIDTH)
                .filter(x -> made[3 * (row + x)] == 0)
                .toArray();
        assertThat(Arrays.stream(dark).boxed().toList())
                .anyMatch(x -> x >= 11 && x <= 13)
                .anyMatch(x -> x >= 34 && x <= 36);
        assertThat(Arrays.stream(dark).filter(x -> x < 16).filter(x -> x > 8).count())
                .isLessThanOrEqualTo(2);
    }

    @Test
    void phasesOfZeroDegreesChangeNothingAndAmplitudesStay() {
        Picture gray = object().gray();
        assertThat(Phases.scrambled(gray, 0, new SplittableRandom(1))).isEqualTo(gray);
        // A mild picture is not clipped, so that mean and energy stay.
        Picture mild = Stimuli.find("contrast").version(gray, 15, 0);
        Picture scrambled = Phases.scrambled(mild, 180, new SplittableRandom(1));
        assertThat(mean(scrambled)).isCloseTo(mean(mild), org.assertj.core.api.Assertions.within(0.6));
        assertThat(variance(scrambled)).isCloseTo(variance(mild), org.assertj.core.api.Assertions.withinPercentage(5));
    }

    private static double mean(Picture picture) {
        double sum = 0;
        for (byte value : picture.sharedRgb()) {
            sum += value & 255;
        }
        return sum / picture.sharedRgb().length;
    }

    private static double variance(Picture picture) {
        double mean = mean(picture);
        double sum = 0;
        for (byte value : picture.sharedRgb()) {
            sum += ((value & 255) - mean) * ((value & 255) - mean);
        }
        return sum / picture.sharedRgb().length;
    }

    @Test
    void lowPassRemovesMoreWithEachLevelAndContrastToo() {
        for (String id : List.of("low-pass", "contrast", "high-pass")) {
            double before = Double.POSITIVE_INFINITY;
            for (double level : Stimuli.find(id).levels()) {
                double variance = variance(Stimuli.find(id).version(object(), level, 0));
                assertThat(variance).as(id + " " + level).isLessThanOrEqualTo(before);
                before = variance;
            }
        }
    }

    @Test
    void shuffledPatchesAreTheSamePixels() {
        Picture picture = object();
        byte[] made =
                Stimuli.find("patch-shuffle").version(picture, 4, 1).sharedRgb().clone();
        byte[] given = picture.sharedRgb().clone();
        Arrays.sort(made);
        Arrays.sort(given);
        assertThat(made).isEqualTo(given);
        assertThatThrownBy(() -> Patches.shuffled(Picture.filled(4, 4, 0), 8, new SplittableRandom(1)))
                .isInstanceOf(VitrineException.class)
                .hasMessageContaining("4x4");
    }

    @Test
    void unknownNames() {
        assertThatThrownBy(() -> Stimuli.find("sketch"))
                .hasMessageContaining("'sketch'")
                .hasMessageContaining("edges");
    }
}
