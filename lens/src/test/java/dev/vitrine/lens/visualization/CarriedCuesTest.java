package dev.vitrine.lens.visualization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.vitrine.lens.attribution.Nets;
import dev.vitrine.lens.data.Picture;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.session.ModelSession;
import org.junit.jupiter.api.Test;

class CarriedCuesTest {
    private static final int SIDE = 64;
    private static final Model MODEL = Nets.architecture("vgg-small");

    private interface Shade {
        int at(int x, int y);
    }

    private static Picture drawn(Shade shade) {
        byte[] rgb = new byte[3 * SIDE * SIDE];
        for (int index = 0; index < rgb.length; index++) {
            rgb[index] = (byte) shade.at(index / 3 % SIDE, index / 3 / SIDE);
        }
        return Picture.wrap(SIDE, SIDE, rgb);
    }

    /** A picture carries its own shape and texture, and neither stands for both. */
    @Test
    void aPictureCarriesItselfAndNotAnother() {
        Picture square = drawn((x, y) -> x > 16 && x < 48 && y > 16 && y < 48 ? 30 : 220);
        Picture stripes = drawn((x, y) -> x / 3 % 2 * 200);
        Picture both = drawn((x, y) -> x > 16 && x < 48 && y > 16 && y < 48 ? x / 3 % 2 * 200 : 220);
        try (ModelSession session = new ModelSession(MODEL, Nets.RUNNER)) {
            CarriedCues shapeAlone = CarriedCues.of(
                    session, square, square, stripes, MODEL.anatomy().textures());
            assertThat(shapeAlone.texture()).isCloseTo(0, within(1e-9));
            assertThat(shapeAlone.shape()).isCloseTo(1, within(1e-9));
            assertThat(shapeAlone.areBoth()).isFalse();
            CarriedCues textureAlone = CarriedCues.of(
                    session, stripes, square, stripes, MODEL.anatomy().textures());
            assertThat(textureAlone.texture()).isCloseTo(1, within(1e-9));
            assertThat(textureAlone.strange()).isCloseTo(1, within(1e-9));
            assertThat(textureAlone.areBoth()).isFalse();
            CarriedCues mixed = CarriedCues.of(
                    session, both, square, stripes, MODEL.anatomy().textures());
            assertThat(mixed.shape()).isBetween(0.2, 0.99);
        }
    }
}
