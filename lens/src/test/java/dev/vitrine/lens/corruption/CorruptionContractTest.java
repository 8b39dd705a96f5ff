package dev.vitrine.lens.corruption;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.lens.data.Picture;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What every corruption keeps to, over the list of all. */
class CorruptionContractTest {
    /** They add color of their own, or treat channels differently. */
    private static final Set<String> COLORED =
            Set.of("gaussian_noise", "shot_noise", "impulse_noise", "speckle_noise", "frost", "spatter", "saturate");

    private static final Set<String> RANDOM = Set.of(
            "gaussian_noise",
            "shot_noise",
            "impulse_noise",
            "glass_blur",
            "motion_blur",
            "snow",
            "frost",
            "fog",
            "elastic_transform",
            "speckle_noise",
            "spatter");

    /** Severities that by the published constants lie no farther from the clean picture than the one before, or hardly. */
    private static final Map<String, Set<Integer>> NO_FARTHER = Map.of(
            "elastic_transform", Set.of(2, 3, 4, 5),
            "glass_blur", Set.of(2, 3, 4, 5),
            "saturate", Set.of(3),
            "fog", Set.of(4, 5),
            "snow", Set.of(3),
            "frost", Set.of(3, 4, 5),
            "spatter", Set.of(4));

    private static final List<Picture> LARGE = ReferencePictures.of("large");
    private static final List<Picture> SMALL = ReferencePictures.of("small");

    static Stream<Corruption> all() {
        return Corruptions.ALL.stream();
    }

    private static IntStream severities() {
        return IntStream.rangeClosed(1, Corruption.SEVERITIES);
    }

    @Test
    void fifteenOfTheBenchmarkAndFourMore() {
        assertThat(all().filter(corruption -> corruption.suite() == Corruption.Suite.BENCHMARK))
                .hasSize(15);
        assertThat(all().filter(corruption -> corruption.suite() == Corruption.Suite.EXTRA))
                .hasSize(4);
        assertThat(all().map(Corruption::id)).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @MethodSource("all")
    void severityZeroIsTheIdentity(Corruption corruption) {
        assertThat(corruption.apply(LARGE.get(0), 0, 1)).isEqualTo(LARGE.get(0));
    }

    @ParameterizedTest
    @MethodSource("all")
    void picturesOfAnySizeKeepIt(Corruption corruption) {
        for (int[] size : new int[][] {{1, 1}, {2, 9}, {40, 17}, {90, 131}}) {
            Picture picture = noise(size[0], size[1]);
            severities().forEach(severity -> {
                for (Constants constants : Constants.values()) {
                    Picture corrupted =
                            corruption.distortion(severity, constants).apply(picture, new SplittableRandom(severity));
                    assertThat(corrupted.width()).isEqualTo(size[0]);
                    assertThat(corrupted.height()).isEqualTo(size[1]);
                }
            });
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void sameSeedSameBytesOnAnyThread(Corruption corruption) {
        severities().forEach(severity -> {
            List<Picture> serial = LARGE.stream()
                    .map(picture -> corruption.apply(picture, severity, 5))
                    .toList();
            List<Picture> parallel = IntStream.range(0, 8)
                    .parallel()
                    .mapToObj(index -> corruption.apply(LARGE.get(index % LARGE.size()), severity, 5))
                    .toList();
            for (int index = 0; index < parallel.size(); index++) {
                assertThat(parallel.get(index)).isEqualTo(serial.get(index % LARGE.size()));
            }
        });
    }

    @ParameterizedTest
    @MethodSource("all")
    void onlyWhatIsRandomDependsOnTheSeed(Corruption corruption) {
        Picture picture = LARGE.get(0);
        boolean differs = !corruption.apply(picture, 3, 5).equals(corruption.apply(picture, 3, 6));
        assertThat(differs).isEqualTo(RANDOM.contains(corruption.id()));
    }

    @ParameterizedTest
    @MethodSource("all")
    void theGivenPictureStaysAsItIs(Corruption corruption) {
        Picture picture = LARGE.get(1);
        Picture copy = Picture.of(picture.width(), picture.height(), picture.sharedRgb());
        severities().forEach(severity -> corruption.apply(picture, severity, 1));
        assertThat(picture).isEqualTo(copy);
    }

    @ParameterizedTest
    @MethodSource("all")
    void grayPicturesStayGray(Corruption corruption) {
        for (Picture picture : List.of(LARGE.get(1).gray(), SMALL.get(1).gray())) {
            boolean stays = severities().allMatch(severity -> isGray(corruption.apply(picture, severity, 2)));
            assertThat(stays).isEqualTo(!COLORED.contains(corruption.id()));
        }
    }

    private static boolean isGray(Picture picture) {
        byte[] rgb = picture.sharedRgb();
        return IntStream.range(0, rgb.length / 3)
                .allMatch(place -> rgb[3 * place] == rgb[3 * place + 1] && rgb[3 * place] == rgb[3 * place + 2]);
    }

    @ParameterizedTest
    @MethodSource("all")
    void moreSevereIsFartherFromTheCleanPicture(Corruption corruption) {
        double[] large = distances(corruption, LARGE, 6);
        double[] small = distances(corruption, SMALL, 30);
        Set<Integer> exceptions = NO_FARTHER.getOrDefault(corruption.id(), Set.of());
        for (int severity = 2; severity <= Corruption.SEVERITIES; severity++) {
            if (!exceptions.contains(severity)) {
                assertThat(large[severity - 1]).as("severity %d", severity).isGreaterThan(large[severity - 2]);
                assertThat(small[severity - 1])
                        .as("severity %d, small", severity)
                        .isGreaterThan(small[severity - 2]);
            }
        }
        // Saturate takes color away in 1 and 2 and adds it in 3 to 5.
        if (!Set.of("elastic_transform", "saturate").contains(corruption.id())) {
            assertThat(large[4]).as("5 against 1").isGreaterThan(large[0]);
            assertThat(small[4]).as("5 against 1, small").isGreaterThan(small[0]);
        }
        assertThat(large[0]).isPositive();
        assertThat(small[0]).isPositive();
    }

    private static double[] distances(Corruption corruption, List<Picture> pictures, int seeds) {
        ToDoubleFunction<Integer> mean = severity -> pictures.stream()
                .flatMapToDouble(picture -> IntStream.range(0, seeds)
                        .mapToDouble(seed -> distance(picture, corruption.apply(picture, severity, seed))))
                .average()
                .orElseThrow();
        return severities().boxed().mapToDouble(mean).toArray();
    }

    private static double distance(Picture left, Picture right) {
        return IntStream.range(0, left.sharedRgb().length)
                .mapToDouble(i -> Math.abs((left.sharedRgb()[i] & 255) - (right.sharedRgb()[i] & 255)))
                .average()
                .orElseThrow();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 128, 255})
    /** But for truncation to 8 bits, once, or twice in glass_blur, as in the published pictures. */
    void blursKeepAnAreaOfOneLevel(int level) {
        Picture flat = Picture.filled(96, 96, level << 16 | level << 8 | level);
        for (String id : List.of("gaussian_blur", "motion_blur", "zoom_blur", "glass_blur", "elastic_transform")) {
            severities()
                    .forEach(severity -> assertThat(
                                    distance(flat, Corruptions.find(id).apply(flat, severity, 1)))
                            .as("%s %d", id, severity)
                            .isLessThanOrEqualTo(2));
        }
    }

    private static Picture noise(int width, int height) {
        byte[] rgb = new byte[3 * width * height];
        new Random(1).nextBytes(rgb);
        return Picture.of(width, height, rgb);
    }
}
