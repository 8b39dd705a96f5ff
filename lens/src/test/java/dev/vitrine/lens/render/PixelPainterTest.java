package dev.vitrine.lens.render;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.engine.tensor.Tensor;
import java.awt.image.BufferedImage;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

/** Specks on nothing: one strong, some weak. */
class PixelPainterTest {
    private static final int SIDE = 12;

    private static Tensor specks() {
        float[] scores = new float[3 * SIDE * SIDE];
        for (int channel = 0; channel < 3; channel++) {
            for (int speck = 1; speck < 6; speck++) {
                scores[(channel * SIDE + 2 * speck) * SIDE + 10] = speck == 5 ? 100 : 1;
            }
        }
        return Tensor.floats(scores, 3, SIDE, SIDE);
    }

    private static int red(BufferedImage picture, int x, int y) {
        return picture.getRGB(x, y) >> 16 & 0xff;
    }

    @Test
    void asTheyAreWithoutAWish() {
        BufferedImage plain = PixelPainter.STANDARD.picture(specks());
        BufferedImage known = HeatmapPainter.pixels(specks());

        assertThat(plain.getRGB(0, 0, SIDE, SIDE, null, 0, SIDE))
                .isEqualTo(known.getRGB(0, 0, SIDE, SIDE, null, 0, SIDE));
        assertThat(PixelPainter.STANDARD.words()).isEmpty();
    }

    @Test
    void contrastBringsOutWhatOneSpeckOutshines() {
        PixelPainter painter = new PixelPainter(Smoothing.NONE, OptionalDouble.of(0.8));

        assertThat(red(PixelPainter.STANDARD.picture(specks()), 10, 2)).isLessThan(132);
        assertThat(red(painter.picture(specks()), 10, 2)).isEqualTo(255);
        assertThat(red(painter.picture(specks()), 5, 2)).isEqualTo(128);
        assertThat(painter.words()).isEqualTo("contrast to the quantile 0.8 of the nonzero values");
    }

    @Test
    void smoothingMakesSpecksLarger() {
        PixelPainter painter = new PixelPainter(new Smoothing(1), OptionalDouble.empty());

        assertThat(red(painter.picture(specks()), 11, 10)).isGreaterThan(150);
        assertThat(red(PixelPainter.STANDARD.picture(specks()), 11, 10)).isEqualTo(128);
        assertThat(painter.words()).contains("σ 1.0");
    }
}
