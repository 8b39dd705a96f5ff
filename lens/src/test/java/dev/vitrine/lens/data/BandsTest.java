package dev.vitrine.lens.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Numbers;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.model.preprocessing.ChannelOrder;
import dev.vitrine.lens.model.preprocessing.Fit;
import dev.vitrine.lens.model.preprocessing.Layout;
import dev.vitrine.lens.model.preprocessing.Normalization;
import dev.vitrine.lens.model.preprocessing.Preprocessing;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pictures of other channels than red, green and blue of 8 bits. */
class BandsTest {
    @TempDir
    Path folder;

    private static Preprocessing preprocessing(ChannelOrder channels, int width, int height) {
        return new Preprocessing(
                width,
                height,
                Fit.SQUASH,
                Resampling.BILINEAR,
                channels,
                Layout.NCHW,
                Normalization.range(0, 1, channels.count()));
    }

    /** An array file of any element type. */
    private static byte[] npy(String type, ElementType elements, double[] values, long... shape) {
        String dimensions = Arrays.toString(shape).replace("[", "(").replace("]", ",)");
        String header = "{'descr': '" + type + "', 'fortran_order': False, 'shape': " + dimensions + ", }\n";
        ByteBuffer data =
                Numbers.tensor(values, elements, values.length).orElseThrow().bytes();
        ByteBuffer file = ByteBuffer.allocate(10 + header.length() + data.remaining())
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0})
                .putShort((short) header.length())
                .put(header.getBytes(StandardCharsets.ISO_8859_1))
                .put(data);
        return file.array();
    }

    private static double[] counted(int count) {
        return IntStream.range(0, count).asDoubleStream().toArray();
    }

    @Test
    void anArrayOfSamplesIsScaledAsAPictureIs() {
        // [H,W,C] = [6,7,5]
        Picture picture = PictureReader.read("a.npy", npy("|u1", ElementType.UINT8, counted(210), 6, 7, 5));
        assertThat(picture.width()).isEqualTo(7);
        assertThat(picture.height()).isEqualTo(6);
        float[] input =
                preprocessing(ChannelOrder.bands(5), 7, 6).apply(picture).toFloats();
        // The last channel of the last pixel is the array's last element.
        assertThat(input[input.length - 1]).isEqualTo(209 / 255f);
        assertThat(input[42]).isEqualTo(1 / 255f);
        assertThat(picture.color(1, 0)).isEqualTo(0x050607);
    }

    @Test
    void anArrayOfFloatsHasTheUnitsOfTheRange() {
        double[] values = IntStream.range(0, 24).mapToDouble(i -> i / 10.0).toArray();
        // [C,H,W] = [2,3,4]
        Picture picture = PictureReader.read("a.npy", npy("<f4", ElementType.FLOAT32, values, 2, 3, 4));
        Preprocessing preprocessing = new Preprocessing(
                4,
                3,
                Fit.SQUASH,
                Resampling.BILINEAR,
                ChannelOrder.bands(2),
                Layout.NHWC,
                new Normalization(0, 255, List.of(1.0, 0.0), List.of(2.0, 1.0)));
        float[] input = preprocessing.apply(picture).toFloats();
        assertThat(input[0]).isEqualTo(-0.5f);
        assertThat(input[1]).isEqualTo(1.2f);
        assertThat(input[input.length - 2]).isEqualTo((1.1f - 1) / 2, within(1e-6f));
        assertThat(input[input.length - 1]).isEqualTo(2.3f);
    }

    @Test
    void floatsOfColorsKeepTheirPrecisionInAnyOrder() {
        double[] values = new double[75];
        for (int i = 0; i < values.length; i++) {
            values[i] = new double[] {0.1234567, 0.2, 0.3}[i % 3];
        }
        byte[] file = npy("<f8", ElementType.FLOAT64, values, 5, 5, 3);
        Picture picture = PictureReader.read("a.npy", file);
        assertThat(preprocessing(ChannelOrder.RGB, 1, 1).apply(picture).toFloats())
                .containsExactly(0.1234567f, 0.2f, 0.3f);
        assertThat(preprocessing(ChannelOrder.BGR, 1, 1).apply(picture).toFloats())
                .containsExactly(0.3f, 0.2f, 0.1234567f);
        assertThat(preprocessing(ChannelOrder.RGBA, 1, 1).apply(picture).toFloats())
                .containsExactly(0.1234567f, 0.2f, 0.3f, 1f);
        assertThat(preprocessing(ChannelOrder.GRAY, 1, 1).apply(picture).toFloats()[0])
                .isEqualTo(0.1885136f, within(1e-6f));
    }

    @Test
    void theShorterOfFirstAndLastAxisIsThatOfTheChannels() {
        for (long[] shape : new long[][] {{7, 9, 4}, {4, 7, 9}, {1, 7, 9, 4}, {1, 4, 7, 9}}) {
            Picture picture = PictureReader.read("a.npy", npy("|u1", ElementType.UINT8, counted(252), shape));
            assertThat(picture.width()).isEqualTo(9);
            assertThat(picture.height()).isEqualTo(7);
            assertThat(picture.bands().orElseThrow().count()).isEqualTo(4);
        }
        assertThat(PictureReader.read("a.npy", npy("|u1", ElementType.UINT8, counted(63), 7, 9))
                        .bands())
                .isEmpty();
    }

    @Test
    void aSmallArrayIsReadWithAsManyChannelsAsTheNetworkTakes() {
        // [C,H,W] = [5,3,2]: taken alone, its shorter axis of 2 would be that of the channels.
        Picture picture = PictureReader.read("a.npy", npy("|u1", ElementType.UINT8, counted(30), 5, 3, 2));
        assertThat(picture.bands().orElseThrow().count()).isEqualTo(2);
        float[] first =
                preprocessing(ChannelOrder.bands(5), 2, 3).apply(picture).toFloats();
        for (int i = 0; i < 30; i++) {
            assertThat(first[i]).isEqualTo(i / 255f);
        }
        float[] last = preprocessing(ChannelOrder.bands(2), 3, 5).apply(picture).toFloats();
        assertThat(last[1]).isEqualTo(2 / 255f);
        // A picture of 2x2 pixels with three channels in front.
        Picture colors = PictureReader.read("a.npy", npy("<f4", ElementType.FLOAT32, counted(12), 3, 2, 2));
        float[] rgb = preprocessing(ChannelOrder.RGB, 2, 2).apply(colors).toFloats();
        assertThat(rgb[5]).isEqualTo(5f);
        // Four channels where the network takes four, though three would do with opaque alpha.
        Picture four = PictureReader.read("a.npy", npy("<f4", ElementType.FLOAT32, counted(60), 4, 5, 3));
        assertThat(preprocessing(ChannelOrder.RGBA, 3, 5).apply(four).toFloats()[59])
                .isEqualTo(59f);
    }

    @Test
    void arraysThatAreNoPicturesAreRefused() {
        assertThatThrownBy(() -> PictureReader.read("a.npy", npy("<f4", ElementType.FLOAT32, counted(4), 4)))
                .isInstanceOf(VitrineException.class)
                .hasMessageContaining("a.npy: an array FLOAT32[4]; expected a picture [H, W]");
        byte[] holes = npy("<f4", ElementType.FLOAT32, new double[] {1, Double.NaN}, 1, 2);
        assertThatThrownBy(() -> PictureReader.read("a.npy", holes))
                .hasMessageContaining("NaN at pixel 1 of channel 0");
    }

    private static byte[] png(BufferedImage image) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageIO.write(image, "png", bytes);
        return bytes.toByteArray();
    }

    @Test
    void alphaIsAChannelForANetworkThatTakesIt() throws IOException {
        BufferedImage image = new BufferedImage(2, 1, BufferedImage.TYPE_INT_ARGB);
        image.setRGB(0, 0, 0x40ff8000);
        image.setRGB(1, 0, 0xff0000ff);
        Picture picture = PictureReader.read("a.png", png(image));
        assertThat(preprocessing(ChannelOrder.RGBA, 2, 1).apply(picture).toFloats())
                .containsExactly(1f, 0f, 128 / 255f, 0f, 0f, 1f, 64 / 255f, 1f);
        assertThat(preprocessing(ChannelOrder.bands(4), 2, 1).apply(picture).toFloats())
                .containsExactly(1f, 0f, 128 / 255f, 0f, 0f, 1f, 64 / 255f, 1f);
        // For all others it lies on white, as ever.
        assertThat(picture.color(0, 0)).isEqualTo(0xffdfbf);
        assertThat(preprocessing(ChannelOrder.RGB, 2, 1).apply(picture).toFloats())
                .containsExactly(1f, 0f, 0xdf / 255f, 0f, 0xbf / 255f, 1f);
        Picture opaque = Picture.filled(2, 1, 0x102030);
        assertThat(preprocessing(ChannelOrder.RGBA, 2, 1).apply(opaque).toFloats())
                .containsExactly(16 / 255f, 16 / 255f, 32 / 255f, 32 / 255f, 48 / 255f, 48 / 255f, 1f, 1f);
    }

    /** Pillow 9.4: {@code Image.fromarray(rgba).resize((1, 1), Image.BILINEAR)}, which weights colors by alpha. */
    @Test
    void colorsCountAsMuchAsTheyAreOpaque() throws IOException {
        BufferedImage image = new BufferedImage(2, 1, BufferedImage.TYPE_INT_ARGB);
        image.setRGB(0, 0, 0x00ff0000);
        image.setRGB(1, 0, 0xff0000ff);
        Picture picture = PictureReader.read("a.png", png(image));
        float[] mixed = preprocessing(ChannelOrder.RGBA, 1, 1).apply(picture).toFloats();
        // Nothing of the red that nobody sees.
        assertThat(mixed[0]).isZero();
        assertThat(mixed[2]).isEqualTo(1f, within(1 / 255f));
        assertThat(mixed[3]).isEqualTo(128 / 255f, within(1 / 255f));
    }

    @Test
    void aPictureOfOtherChannelsIsRefusedByName() {
        Picture picture = PictureReader.read("dir/a.npy", npy("|u1", ElementType.UINT8, counted(210), 6, 7, 5));
        assertThatThrownBy(() -> preprocessing(ChannelOrder.RGB, 7, 6).apply(picture))
                .isInstanceOf(VitrineException.class)
                .hasMessageContaining("dir/a.npy: has 5 channels; the network takes RGB");
        assertThatThrownBy(() -> preprocessing(ChannelOrder.bands(4), 3, 2).apply(Picture.filled(3, 2, 0)))
                .hasMessageContaining("has 3 channels; the network takes 4 channels");
    }

    @Test
    void everyFitTakesAllChannels() {
        double[] values = new double[8 * 4 * 6];
        for (int i = 0; i < values.length; i++) {
            // The same number all over a channel: no resampling changes it.
            values[i] = 10 * (i % 6);
        }
        Picture picture = PictureReader.read("a.npy", npy("<f4", ElementType.FLOAT32, values, 8, 4, 6));
        for (Fit fit : Fit.values()) {
            Preprocessing preprocessing = new Preprocessing(
                    6,
                    6,
                    fit,
                    Resampling.BICUBIC,
                    ChannelOrder.bands(6),
                    Layout.NCHW,
                    new Normalization(0, 1, Collections.nCopies(6, 7.0), Collections.nCopies(6, 1.0)));
            Tensor input = preprocessing.apply(picture);
            for (int channel = 0; channel < 6; channel++) {
                float middle = input.toFloats()[channel * 36 + 3 * 6 + 3];
                assertThat(middle).as(fit + " " + channel).isEqualTo(10 * channel - 7, within(1e-4f));
                float rim = input.toFloats()[channel * 36 + 3 * 6];
                assertThat(rim).as(fit + " " + channel).isEqualTo(fit == Fit.PAD ? 0 : 10 * channel - 7, within(1e-4f));
            }
        }
    }

    @Test
    void theCardChoosesWhatIsShown() {
        Picture picture = PictureReader.read("a.npy", npy("|u1", ElementType.UINT8, counted(210), 6, 7, 5));
        ChannelOrder order = ChannelOrder.bands(5).withShown(List.of(5, 1, 3));
        assertThat(preprocessing(order, 7, 6).view(picture).color(0, 0)).isEqualTo(0x040002);
        Preprocessing one = preprocessing(ChannelOrder.bands(5).withShown(List.of(2)), 7, 6);
        assertThat(one.view(picture).color(1, 0)).isEqualTo(0x060606);
        assertThat(one.picture(one.apply(picture), 0).color(1, 0)).isEqualTo(0x060606);
    }

    @Test
    void baselinesAreColorsInEveryChannel() {
        assertThat(preprocessing(ChannelOrder.bands(5), 3, 2).values(0x808080))
                .containsExactly(128 / 255f, 128 / 255f, 128 / 255f, 128 / 255f, 128 / 255f);
        assertThat(preprocessing(ChannelOrder.RGBA, 3, 2).blackLevel()).containsExactly(0f, 0f, 0f, 1f);
    }

    @Test
    void foldersHoldArraysToo() throws IOException {
        Files.createDirectories(folder.resolve("class"));
        Files.write(folder.resolve("class/a.npy"), npy("|u1", ElementType.UINT8, counted(210), 6, 7, 5));
        try (PictureSource source = PictureSource.open(folder)) {
            assertThat(source.read(0).bands().orElseThrow().count()).isEqualTo(5);
        }
    }

    /** An uncompressed TIFF file of one strip, 2×1 pixels of five samples. */
    private static byte[] tiff(int bits, int... samples) {
        int[][] entries = {
            {256, 2},
            {257, 1},
            {258, bits},
            {259, 1},
            {262, 1},
            {273, 0},
            {277, 5},
            {278, 1},
            {279, samples.length * bits / 8},
            {338, 0}
        };
        int directory = 8 + 2 + 12 * entries.length + 4;
        ByteBuffer file = ByteBuffer.allocate(directory + 18 + samples.length * bits / 8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(new byte[] {'I', 'I', 42, 0})
                .putInt(8)
                .putShort((short) entries.length);
        for (int[] entry : entries) {
            boolean lists = entry[0] == 258 || entry[0] == 338;
            int value = entry[0] == 258
                    ? directory
                    : entry[0] == 338 ? directory + 10 : entry[0] == 273 ? directory + 18 : entry[1];
            file.putShort((short) entry[0]).putShort((short) (lists ? 3 : 4));
            file.putInt(entry[0] == 258 ? 5 : entry[0] == 338 ? 4 : 1).putInt(value);
        }
        file.putInt(0);
        for (int sample = 0; sample < 5; sample++) {
            file.putShort((short) bits);
        }
        file.putLong(0);
        for (int sample : samples) {
            if (bits == 8) {
                file.put((byte) sample);
            } else {
                file.putShort((short) sample);
            }
        }
        return file.array();
    }

    @Test
    void aTiffFileOfManySamplesKeepsThemAll() {
        Picture bytes = PictureReader.read("a.tif", tiff(8, 1, 2, 3, 4, 5, 6, 7, 8, 9, 250));
        float[] input = preprocessing(ChannelOrder.bands(5), 2, 1).apply(bytes).toFloats();
        assertThat(input[0]).isEqualTo(1 / 255f, within(1e-7f));
        assertThat(input[9]).isEqualTo(250 / 255f, within(1e-7f));
        Picture words = PictureReader.read("a.tif", tiff(16, 1, 2, 3, 4, 5, 6, 7, 8, 9, 40001));
        float[] fine = preprocessing(ChannelOrder.bands(5), 2, 1).apply(words).toFloats();
        assertThat(fine[9]).isEqualTo(40001 / 65535f, within(1e-6f));
        assertThat(fine[8]).isEqualTo(5 / 65535f, within(1e-7f));
    }
}
