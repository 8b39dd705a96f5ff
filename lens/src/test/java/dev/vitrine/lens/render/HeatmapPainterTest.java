package dev.vitrine.lens.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attribution.Heatmap;
import dev.vitrine.lens.render.color.ColorMap;
import dev.vitrine.lens.render.color.Polarity;
import dev.vitrine.lens.render.color.Scale;
import java.awt.image.BufferedImage;
import org.junit.jupiter.api.Test;

class HeatmapPainterTest {
    @Test
    void bilinearIsPyTorchsWithCornersNotAligned() {
        float[] up = Resampling.BILINEAR.apply(new float[] {1, 2, 3, 4}, 2, 2, 4, 4);

        assertThat(up)
                .containsExactly(
                        1f, 1.25f, 1.75f, 2f, 1.5f, 1.75f, 2.25f, 2.5f, 2.5f, 2.75f, 3.25f, 3.5f, 3f, 3.25f, 3.75f, 4f);
    }

    @Test
    void bilinearFromThreeToFiveClampsAtTheEdges() {
        float[] up = Resampling.BILINEAR.apply(new float[] {0, 10, 40}, 1, 3, 1, 5);

        // Centers at -0.2, 0.4, 1.0, 1.6 and 2.2 of the source.
        assertThat(up).containsExactly(new float[] {0, 4, 10, 28, 40}, within(1e-5f));
    }

    @Test
    void nearestRepeatsWholeCells() {
        assertThat(Resampling.NEAREST.apply(new float[] {1, 2, 3, 4}, 2, 2, 2, 6))
                .containsExactly(1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4);
    }

    @Test
    void aMapOfNothingIsDrawnAsNothing() {
        Heatmap nothing = Samples.heatmap(2, 2, 0, 0, 0, 0);
        for (Polarity polarity : Polarity.values()) {
            Scale scale = Scale.robust(nothing, polarity);
            assertThat(scale.words()).isEqualTo("all scores are 0");
            BufferedImage layer = HeatmapPainter.OVERLAY.layer(nothing, scale, 8, 8);
            assertThat(layer.getRGB(3, 3)).isZero();
        }
    }

    @Test
    void signedMapsDivergeAroundZero() {
        Heatmap heatmap = Samples.heatmap(1, 3, -2, 0, 2);
        BufferedImage map = HeatmapPainter.MAP.map(heatmap, Scale.robust(heatmap));

        assertThat(map.getWidth()).isEqualTo(3);
        assertThat(map.getRGB(0, 0) & 0xffffff).isEqualTo(ColorMap.BLUE_WHITE_RED.rgb(0));
        assertThat(map.getRGB(1, 0) & 0xffffff).isEqualTo(ColorMap.BLUE_WHITE_RED.rgb(0.5));
        assertThat(map.getRGB(2, 0) & 0xffffff).isEqualTo(ColorMap.BLUE_WHITE_RED.rgb(1));
    }

    @Test
    void theLayerIsClearWhereNothingIsAndOpaqueWhereMostIs() {
        Heatmap heatmap = Samples.heatmap(1, 4, -2, 0, 1, 2);
        BufferedImage layer = HeatmapPainter.OVERLAY.layer(heatmap, Scale.robust(heatmap), 4, 1);

        assertThat(layer.getRGB(0, 0) >>> 24).isEqualTo(255);
        assertThat(layer.getRGB(1, 0)).isZero();
        // 1 - 0.5^1.5 = 0.6464 of 255.
        assertThat(layer.getRGB(2, 0) >>> 24).isEqualTo(165);
        assertThat(layer.getRGB(3, 0) >>> 24).isEqualTo(255);
    }

    @Test
    void theOverlayKeepsAGrayPictureWhereNothingIs() {
        BufferedImage view = new BufferedImage(2, 1, BufferedImage.TYPE_INT_RGB);
        view.setRGB(0, 0, 0x808080);
        view.setRGB(1, 0, 0x808080);
        Heatmap heatmap = Samples.heatmap(1, 2, 0, 1);
        BufferedImage overlay = HeatmapPainter.OVERLAY.overlay(heatmap, Scale.robust(heatmap), view);

        assertThat(overlay.getRGB(0, 0) & 0xffffff).isEqualTo(0x808080);
        assertThat(overlay.getRGB(1, 0) & 0xffffff).isEqualTo(ColorMap.mix(0x808080, ColorMap.INFERNO.rgb(1), 0.85));
    }

    @Test
    void colorScoresAreDrawnAroundGray() {
        BufferedImage picture = HeatmapPainter.pixels(Tensor.floats(new float[] {0, 4, -4, 0, 2, 0}, 3, 1, 2));

        assertThat(picture.getRGB(0, 0) & 0xffffff).isEqualTo(0x8000bf);
        assertThat(picture.getRGB(1, 0) & 0xffffff).isEqualTo(0xff8080);
        assertThat(HeatmapPainter.pixels(Tensor.floats(new float[3], 3, 1, 1)).getRGB(0, 0) & 0xffffff)
                .isEqualTo(0x808080);
        assertThatThrownBy(() -> HeatmapPainter.pixels(Tensor.floats(new float[8], 2, 2, 2)))
                .hasMessageContaining("FLOAT32[2, 2, 2]");
    }
}
