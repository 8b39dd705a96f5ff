package dev.vitrine.lens.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.lens.model.preprocessing.ChannelOrder;
import dev.vitrine.lens.model.preprocessing.Fit;
import dev.vitrine.lens.model.preprocessing.Layout;
import dev.vitrine.lens.model.preprocessing.Normalization;
import dev.vitrine.lens.model.preprocessing.Preprocessing;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TIFF files whose samples are more than colors and alpha: every one is read, wherever and however it is stored. */
class TiffSamplesTest {
    private static final int WIDTH = 3;
    private static final int HEIGHT = 4;

    private static int[][] channels(int count, int bits) {
        int[][] channels = new int[count][WIDTH * HEIGHT];
        for (int channel = 0; channel < count; channel++) {
            for (int i = 0; i < WIDTH * HEIGHT; i++) {
                channels[channel][i] = (bits == 8 ? 1 : 200) * (20 * channel + i);
            }
        }
        return channels;
    }

    private static float[] seen(byte[] file, ChannelOrder channels) {
        Preprocessing preprocessing = new Preprocessing(
                WIDTH,
                HEIGHT,
                Fit.SQUASH,
                Resampling.BILINEAR,
                channels,
                Layout.NCHW,
                Normalization.range(0, 1, channels.count()));
        return preprocessing.apply(PictureReader.read("a.tif", file)).toFloats();
    }

    private static void assertKeepsAll(TiffBytes layout, int bits, int count, String what) {
        int[][] channels = channels(count, bits);
        float[] found = seen(layout.bits(bits).file(channels), ChannelOrder.bands(count));
        for (int i = 0; i < found.length; i++) {
            double expected = channels[i / (WIDTH * HEIGHT)][i % (WIDTH * HEIGHT)] / (bits == 8 ? 255.0 : 65535.0);
            assertThat((double) found[i]).as(what + " at " + i).isEqualTo(expected, within(1e-6));
        }
    }

    @Test
    void allSamplesAreReadHoweverTheyAreStored() {
        for (int bits : new int[] {8, 16}) {
            for (int photometric : new int[] {1, 2}) {
                for (int count = photometric == 1 ? 2 : 4; count < 8; count++) {
                    Integer[] unspecified = new Integer[count - (photometric == 1 ? 1 : 3)];
                    Arrays.fill(unspecified, 0);
                    TiffBytes mixed = TiffBytes.of(WIDTH, HEIGHT).photometric(photometric);
                    String what = bits + " bits, photometric " + photometric + ", " + count + " samples";
                    assertKeepsAll(mixed, bits, count, what + ", no ExtraSamples");
                    assertKeepsAll(mixed.extra(unspecified), bits, count, what + ", unspecified");
                    for (int rows : new int[] {1, 3, HEIGHT}) {
                        assertKeepsAll(mixed.planar(rows), bits, count, what + ", planar, no ExtraSamples");
                        assertKeepsAll(mixed.planar(rows).extra(unspecified), bits, count, what + ", planar");
                    }
                }
            }
        }
    }

    @Test
    void anUnspecifiedFourthSampleIsNoAlpha() {
        int[][] channels = channels(4, 8);
        byte[] infrared = TiffBytes.of(WIDTH, HEIGHT).photometric(2).extra(0).file(channels);
        Picture picture = PictureReader.read("a.tif", infrared);
        assertThat(picture.bands().orElseThrow().hasAlpha()).isFalse();
        // Red, green and blue are as they are stored, not laid on white.
        assertThat(picture.color(1, 0)).isEqualTo(0x011529);
        float[] colors = seen(infrared, ChannelOrder.RGB);
        assertThat(colors[0]).isZero();
        assertThat(colors[WIDTH * HEIGHT]).isEqualTo(20 / 255f);
        assertThat(colors).hasSize(3 * WIDTH * HEIGHT);
    }

    @Test
    void oneAndTwoAreAlpha() {
        for (int alpha : new int[] {1, 2}) {
            for (TiffBytes layout : new TiffBytes[] {
                TiffBytes.of(WIDTH, HEIGHT), TiffBytes.of(WIDTH, HEIGHT).planar(2)
            }) {
                byte[] file = layout.photometric(2).extra(alpha).file(channels(4, 8));
                assertThat(PictureReader.read("a.tif", file)
                                .bands()
                                .orElseThrow()
                                .hasAlpha())
                        .isTrue();
            }
        }
    }

    @Test
    void colorsStoredPlaneByPlaneAreReadAsEver() {
        byte[] file = TiffBytes.of(WIDTH, HEIGHT).photometric(2).planar(1).file(channels(3, 8));
        Picture picture = PictureReader.read("a.tif", file);
        assertThat(picture.bands()).isEmpty();
        assertThat(picture.color(2, 3)).isEqualTo(0x0b1f33);
    }

    @Test
    void aLargeFileIsReadFromDisk(@TempDir Path folder) throws Exception {
        int side = 2100;
        int[][] channels = new int[8][side * side];
        for (int i = 0; i < channels.length; i++) {
            Arrays.fill(channels[i], 10 * i);
        }
        Path file = folder.resolve("large.tif");
        byte[] bytes = TiffBytes.of(side, side).planar(64).file(channels);
        assertThat(bytes.length).isGreaterThan(32 << 20);
        Files.write(file, bytes);
        Bands bands = PictureReader.read(file).bands().orElseThrow();
        assertThat(bands.count()).isEqualTo(8);
        assertThat(bands.values(7)[side * side - 1]).isEqualTo(70f);
    }

    @Test
    void aFileCutOffIsRefusedByName() {
        byte[] file = TiffBytes.of(WIDTH, HEIGHT).planar(2).extra(0, 0).file(channels(3, 8));
        // The directory lies behind the samples: the plane of the last channel is told to lie beyond the end.
        byte[] cut = file.clone();
        for (int i = 0; i + 4 <= cut.length; i++) {
            if (cut[i] == 38 && cut[i + 1] == 0 && cut[i + 2] == 0 && cut[i + 3] == 0 && i > 44) {
                cut[i + 2] = 1;
            }
        }
        assertThatThrownBy(() -> PictureReader.read("a.tif", cut))
                .isInstanceOf(VitrineException.class)
                .hasMessageContaining("a.tif: ");
    }
}
