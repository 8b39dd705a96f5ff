package dev.vitrine.lens.corruption;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.corruption.distortion.Directed;
import dev.vitrine.lens.corruption.distortion.Distortion;
import dev.vitrine.lens.data.Picture;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Against what the libraries make of the same pictures that the published generator calls: reference.md says which. */
class PublishedCorruptionsTest {
    /** In the order of the stored rows; motion blur along 20°. */
    private static final List<String> EXACT = List.of(
            "defocus_blur",
            "zoom_blur",
            "brightness",
            "contrast",
            "pixelate",
            "jpeg_compression",
            "gaussian_blur",
            "saturate",
            "motion_blur");

    private static final double ANGLE = 20;

    static Stream<Arguments> exact() {
        return EXACT.stream().flatMap(id -> Stream.of("large", "small").map(size -> Arguments.of(id, size)));
    }

    /** Every stored value within 1 level, and hardly any of them not equal. */
    @ParameterizedTest
    @MethodSource("exact")
    void equalsThePublishedPictures(String id, String size) {
        List<Picture> pictures = ReferencePictures.of(size);
        Tensor stored = ReferencePictures.array(size + "-exact.npy");
        int stride = size.equals("large") ? 23 : 5;
        int unequal = 0;
        int values = 0;
        for (int severity = 1; severity <= Corruption.SEVERITIES; severity++) {
            int row = EXACT.indexOf(id) * Corruption.SEVERITIES + severity - 1;
            ByteBuffer expected = stored.rows(row, row + 1).bytes();
            byte[] found = corrupted(Corruptions.find(id), severity, pictures, size);
            for (int at = 0; at < found.length; at += stride) {
                int difference = Math.abs((expected.get() & 255) - (found[at] & 255));
                assertThat(difference).as("severity %d, value %d", severity, at).isLessThanOrEqualTo(1);
                unequal += difference;
                values++;
            }
        }
        // Two constant-free cases of rounding: a disk of one pixel scales by 1 ± 1e-7, and a blur truncates sums of
        // 255.
        assertThat(unequal / (double) values).isLessThan(0.01);
    }

    /** sin 30° is ½ but for rounding, so that every other tap lies between two pixels: the arithmetic decides which it takes. */
    @Test
    void motionBlurTakesThePublishedPixelsWhereTapsLieBetweenTwo() {
        List<Picture> pictures = ReferencePictures.of("large");
        Tensor stored = ReferencePictures.array("large-motion.npy");
        for (int severity = 1; severity <= Corruption.SEVERITIES; severity++) {
            ByteBuffer expected = stored.rows(severity - 1, severity).bytes();
            Directed directed = (Directed) Corruptions.find("motion_blur").distortion(severity, Constants.LARGE);
            byte[] found = all(pictures, directed.along(-30));
            for (int at = 0; at < found.length; at += 23) {
                assertThat(Math.abs((expected.get() & 255) - (found[at] & 255))).isLessThanOrEqualTo(1);
            }
        }
    }

    private static byte[] corrupted(Corruption corruption, int severity, List<Picture> pictures, String size) {
        Distortion published = corruption.distortion(severity, constants(size));
        Distortion distortion = published instanceof Directed directed ? directed.along(ANGLE) : published;
        return all(pictures, distortion);
    }

    private static byte[] all(List<Picture> pictures, Distortion distortion) {
        ByteBuffer all = ByteBuffer.allocate(2 * pictures.get(0).sharedRgb().length);
        pictures.forEach(picture ->
                all.put(distortion.apply(picture, new SplittableRandom(1)).sharedRgb()));
        return all.array();
    }

    private static Constants constants(String size) {
        return size.equals("large") ? Constants.LARGE : Constants.SMALL;
    }

    /** Mean level, distance from the clean picture, and slopes, of the published generator over many draws. */
    record Statistics(String size, String id, int severity, double[] means, double[] deviations) {
        static Statistics parsed(String line) {
            String[] words = line.split(",");
            double[] means = new double[4];
            double[] deviations = new double[4];
            for (int i = 0; i < 4; i++) {
                means[i] = Double.parseDouble(words[3 + 2 * i]);
                deviations[i] = Double.parseDouble(words[4 + 2 * i]);
            }
            return new Statistics(words[0], words[1], Integer.parseInt(words[2]), means, deviations);
        }

        @Override
        public String toString() {
            return id + " " + severity + " " + size;
        }
    }

    static Stream<Statistics> random() {
        return ReferencePictures.lines("random.csv").stream().skip(1).map(Statistics::parsed);
    }

    /** The means of as many draws as were made there differ by no more than 4.5 standard errors of their difference. */
    @ParameterizedTest
    @MethodSource("random")
    void agreesWithThePublishedPicturesInDistribution(Statistics published) {
        int draws = published.size.equals("large") ? 40 : 100;
        Corruption corruption = Corruptions.find(published.id);
        Distortion distortion = corruption.distortion(published.severity, constants(published.size));
        List<Picture> pictures = ReferencePictures.of(published.size);
        double[] sums = new double[4];
        for (int draw = 0; draw < draws; draw++) {
            for (Picture picture : pictures) {
                SplittableRandom random = new SplittableRandom(corruption.seed(picture, published.severity, draw));
                double[] found = statistics(picture, distortion.apply(picture, random));
                for (int i = 0; i < sums.length; i++) {
                    sums[i] += found[i] / (draws * pictures.size());
                }
            }
        }
        List<String> names = List.of("level", "distance", "slope across", "slope down");
        for (int i = 0; i < sums.length; i++) {
            double error = published.deviations[i] * Math.sqrt(2.0 / draws);
            assertThat(sums[i]).as(names.get(i)).isCloseTo(published.means[i], within(4.5 * error + 0.02));
        }
    }

    private static double[] statistics(Picture clean, Picture corrupted) {
        byte[] from = clean.sharedRgb();
        byte[] to = corrupted.sharedRgb();
        int row = 3 * clean.width();
        double[] sums = new double[4];
        List<Integer> counts = new ArrayList<>(List.of(0, 0, 0, 0));
        for (int i = 0; i < to.length; i++) {
            add(sums, counts, 0, to[i] & 255);
            add(sums, counts, 1, Math.abs((to[i] & 255) - (from[i] & 255)));
            if (i % row >= 3) {
                add(sums, counts, 2, Math.abs((to[i] & 255) - (to[i - 3] & 255)));
            }
            if (i >= row) {
                add(sums, counts, 3, Math.abs((to[i] & 255) - (to[i - row] & 255)));
            }
        }
        for (int i = 0; i < sums.length; i++) {
            sums[i] /= counts.get(i);
        }
        return sums;
    }

    private static void add(double[] sums, List<Integer> counts, int which, double value) {
        sums[which] += value;
        counts.set(which, counts.get(which) + 1);
    }
}
