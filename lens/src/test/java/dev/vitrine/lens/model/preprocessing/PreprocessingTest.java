package dev.vitrine.lens.model.preprocessing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.data.Picture;
import dev.vitrine.lens.data.Resampling;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PreprocessingTest {
    private static final Normalization CAFFE =
            new Normalization(0, 255, List.of(104.0, 117.0, 123.0), List.of(1.0, 1.0, 1.0));

    private static Picture noise(int width, int height, long seed) {
        byte[] rgb = new byte[3 * width * height];
        new Random(seed).nextBytes(rgb);
        return Picture.wrap(width, height, rgb);
    }

    private static Preprocessing simple(int size, Fit fit, ChannelOrder channels, Layout layout) {
        Normalization normalization = Normalization.range(0, 255, channels.count());
        return new Preprocessing(size, size, fit, Resampling.BILINEAR, channels, layout, normalization);
    }

    @Test
    void channelsAndLayout() {
        Picture pixels = Picture.of(2, 1, new byte[] {1, 2, 3, 4, 5, 6});
        assertThat(values(ChannelOrder.RGB, Layout.NCHW, pixels)).containsExactly(1, 4, 2, 5, 3, 6);
        assertThat(values(ChannelOrder.BGR, Layout.NCHW, pixels)).containsExactly(3, 6, 2, 5, 1, 4);
        assertThat(values(ChannelOrder.RGB, Layout.NHWC, pixels)).containsExactly(1, 2, 3, 4, 5, 6);
        assertThat(values(ChannelOrder.BGR, Layout.NHWC, pixels)).containsExactly(3, 2, 1, 6, 5, 4);
        // 0.299 R + 0.587 G + 0.114 B
        assertThat(values(ChannelOrder.GRAY, Layout.NCHW, pixels)).containsExactly(2, 5);
    }

    private static float[] values(ChannelOrder channels, Layout layout, Picture pixels) {
        Normalization normalization = Normalization.range(0, 255, channels.count());
        Tensor tensor =
                new Preprocessing(2, 1, Fit.SQUASH, Resampling.BOX, channels, layout, normalization).apply(pixels);
        assertThat(tensor.shape()).isEqualTo(layout.shape(1, channels.count(), 1, 2));
        return tensor.toFloats();
    }

    @Test
    void meanAndDeviationAreInTheOrderOfTheChannels() {
        Preprocessing preprocessing =
                new Preprocessing(1, 1, Fit.SQUASH, Resampling.BOX, ChannelOrder.BGR, Layout.NCHW, CAFFE);
        assertThat(preprocessing.values(0xFF8000)).containsExactly(0 - 104, 128 - 117, 255 - 123);
        assertThat(preprocessing.apply(Picture.filled(4, 4, 0xFF8000)).toFloats())
                .containsExactly(-104, 11, 132);
        assertThat(preprocessing.blackLevel()).containsExactly(-104, -117, -123);
        assertThat(preprocessing.meanColor()).isEqualTo(123 << 16 | 117 << 8 | 104);
        assertThat(preprocessing.minimum(2)).isEqualTo(-123);
        assertThat(preprocessing.maximum(2)).isEqualTo(132);
    }

    @Test
    void imagenetValues() {
        Preprocessing preprocessing = Preprocessing.imagenet(8);
        float[] white = preprocessing.values(0xFFFFFF);
        assertThat(white[0]).isCloseTo((1 - 0.485f) / 0.229f, within(1e-6f));
        assertThat(white[2]).isCloseTo((1 - 0.406f) / 0.225f, within(1e-6f));
        assertThat(preprocessing.maximum(2)).isEqualTo(white[2]);
    }

    @Test
    void signedRange() {
        Normalization signed = Normalization.range(-1, 1, 3);
        assertThat(signed.value(0, 0)).isEqualTo(-1);
        assertThat(signed.value(1, 255)).isEqualTo(1);
        assertThat(signed.sample(2, 0.2f)).isEqualTo(153);
    }

    static List<ChannelOrder> colors() {
        return List.of(ChannelOrder.RGB, ChannelOrder.BGR, ChannelOrder.GRAY, ChannelOrder.bands(3));
    }

    @ParameterizedTest
    @MethodSource("colors")
    void pictureUndoesApply(ChannelOrder channels) {
        Normalization normalization = channels.equals(ChannelOrder.GRAY)
                ? new Normalization(0, 1, List.of(0.13), List.of(0.31))
                : Normalization.IMAGENET;
        for (Layout layout : Layout.values()) {
            Preprocessing preprocessing =
                    new Preprocessing(9, 7, Fit.SQUASH, Resampling.BICUBIC, channels, layout, normalization);
            List<Picture> pictures = List.of(noise(20, 11, 1), noise(7, 31, 2));
            Tensor batch = preprocessing.apply(pictures);
            for (int i = 0; i < 2; i++) {
                assertThat(preprocessing.picture(batch, i)).isEqualTo(preprocessing.view(pictures.get(i)));
            }
        }
    }

    @Test
    void batchEqualsSingles() {
        Preprocessing preprocessing = Preprocessing.imagenet(16);
        List<Picture> pictures = List.of(noise(20, 40, 3), noise(40, 20, 4), noise(5, 5, 5));
        float[] batch = preprocessing.apply(pictures).toFloats();
        for (int i = 0; i < pictures.size(); i++) {
            float[] single = preprocessing.apply(pictures.get(i)).toFloats();
            assertThat(java.util.Arrays.copyOfRange(batch, i * single.length, (i + 1) * single.length))
                    .isEqualTo(single);
        }
    }

    @Test
    void cropTakesTheMiddle() {
        byte[] thirds = new byte[3 * 6 * 2];
        for (int i = 0; i < 12; i++) {
            thirds[3 * i] = (byte) (i % 6 / 2 * 100);
        }
        Picture view = simple(2, Fit.CROP, ChannelOrder.RGB, Layout.NCHW).view(Picture.of(6, 2, thirds));
        assertThat(view).isEqualTo(Picture.filled(2, 2, 100 << 16));
    }

    @Test
    void cropToAnOblongInputCoversIt() {
        for (int[] size : new int[][] {{30, 10}, {10, 30}, {20, 20}, {1, 50}, {50, 1}}) {
            Preprocessing preprocessing = new Preprocessing(
                    12,
                    6,
                    Fit.CROP,
                    8,
                    Resampling.BILINEAR,
                    ChannelOrder.RGB,
                    Layout.NCHW,
                    Normalization.range(0, 1, 3));
            assertThat(preprocessing.view(Picture.filled(size[0], size[1], 0x0A141E)))
                    .isEqualTo(Picture.filled(12, 6, 0x0A141E));
        }
    }

    @Test
    void padFillsWithTheMean() {
        Preprocessing preprocessing =
                new Preprocessing(4, 4, Fit.PAD, Resampling.BILINEAR, ChannelOrder.BGR, Layout.NCHW, CAFFE);
        Picture view = preprocessing.view(Picture.filled(8, 4, 0xFFFFFF));
        int mean = 123 << 16 | 117 << 8 | 104;
        assertThat(List.of(view.color(0, 0), view.color(0, 1), view.color(3, 2), view.color(3, 3)))
                .containsExactly(mean, 0xFFFFFF, 0xFFFFFF, mean);
        assertThat(preprocessing.apply(Picture.filled(8, 4, 0xFFFFFF)).toFloats()[0])
                .isZero();
    }

    @Test
    void padKeepsAtLeastOnePixelOfALine() {
        Picture view = simple(4, Fit.PAD, ChannelOrder.RGB, Layout.NCHW).view(Picture.filled(1000, 1, 0xFFFFFF));
        assertThat(view.color(2, 1)).isEqualTo(0xFFFFFF);
        assertThat(view.color(2, 2)).isZero();
    }

    @Test
    void grayNetworksSeeGrayPictures() {
        Preprocessing preprocessing = simple(3, Fit.SQUASH, ChannelOrder.GRAY, Layout.NCHW);
        assertThat(preprocessing.view(Picture.filled(5, 5, 0xFF0000))).isEqualTo(Picture.filled(3, 3, 0x4C4C4C));
        assertThat(preprocessing.values(0xFF0000)).containsExactly(76);
    }

    @Test
    void contradictionsAreRefused() {
        assertThatThrownBy(() -> simple(0, Fit.CROP, ChannelOrder.RGB, Layout.NCHW))
                .hasMessageContaining("0x0");
        assertThatThrownBy(() -> new Preprocessing(
                        8, 8, Fit.CROP, 7, Resampling.BOX, ChannelOrder.RGB, Layout.NCHW, Normalization.IMAGENET))
                .hasMessageContaining("resize 7");
        assertThatThrownBy(() -> new Preprocessing(
                        8, 8, Fit.PAD, 9, Resampling.BOX, ChannelOrder.RGB, Layout.NCHW, Normalization.IMAGENET))
                .hasMessageContaining("resize 9");
        assertThatThrownBy(() -> new Preprocessing(
                        8, 8, Fit.PAD, Resampling.BOX, ChannelOrder.GRAY, Layout.NCHW, Normalization.IMAGENET))
                .hasMessageContaining("3 channels");
        assertThatThrownBy(() -> new Normalization(0, 1, List.of(0.0), List.of(0.0)))
                .hasMessageContaining("deviation");
        assertThatThrownBy(() -> new Normalization(1, 1, List.of(0.0), List.of(1.0)))
                .hasMessageContaining("range");
        assertThatThrownBy(() -> Preprocessing.imagenet(4).picture(Tensor.floats(new float[16], 1, 1, 4, 4), 0))
                .hasMessageContaining("3 channels");
    }
}
