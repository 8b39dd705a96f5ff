package dev.vitrine.lens.perturbation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.lens.data.Picture;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class StressTest {
    /** Every pixel another color. */
    private static Picture picture(int width, int height) {
        byte[] rgb = new byte[3 * width * height];
        for (int at = 0; at < width * height; at++) {
            rgb[3 * at] = (byte) (at >> 8);
            rgb[3 * at + 1] = (byte) at;
            rgb[3 * at + 2] = 7;
        }
        return Picture.of(width, height, rgb);
    }

    private static int[] colors(Picture picture) {
        int[] colors = new int[picture.width() * picture.height()];
        Arrays.setAll(colors, at -> picture.color(at % picture.width(), at / picture.width()));
        return colors;
    }

    @Test
    void shufflingMovesPartsAndKeepsEveryPixel() {
        Picture picture = picture(17, 13);
        Picture shuffled = Stress.shuffled(picture, 4, 1);
        int[] before = colors(picture);
        int[] after = colors(shuffled);
        assertThat(after).isNotEqualTo(before);
        Arrays.sort(before);
        Arrays.sort(after);
        assertThat(after).isEqualTo(before);
        assertThat(shuffled.color(16, 12)).isEqualTo(picture.color(16, 12));
        assertThat(shuffled.color(1, 0) - shuffled.color(0, 0)).isEqualTo(0x100);
        assertThat(Stress.shuffled(picture, 4, 1)).isEqualTo(shuffled);
        assertThat(Stress.shuffled(picture, 4, 2)).isNotEqualTo(shuffled);
    }

    @Test
    void coveringHidesHalfOfTheParts() {
        long gray = Arrays.stream(colors(Stress.covered(picture(16, 16), 4, 3)))
                .filter(color -> color == 0x808080)
                .count();
        assertThat(gray).isEqualTo(8 * 16);
    }

    @Test
    void aSilhouetteIsBlackOnWhite() {
        boolean[] object = {true, false, false, true};
        assertThat(colors(Stress.silhouette(picture(2, 2), object))).containsExactly(0, 0xffffff, 0xffffff, 0);
        Picture red = Picture.filled(5, 5, 0xff0000);
        assertThat(colors(Stress.filled(picture(2, 2), object, red)))
                .containsExactly(0xff0000, 0xffffff, 0xffffff, 0xff0000);
    }

    @Test
    void textureComesFromInsideTheObject() {
        Picture picture = picture(8, 8);
        boolean[] object = new boolean[64];
        for (int at = 0; at < 64; at++) {
            object[at] = at / 8 >= 4 && at % 8 >= 4;
        }
        int[] allowed = new int[16];
        Arrays.setAll(allowed, i -> picture.color(4 + i % 4, 4 + i / 4));
        for (int color : colors(Stress.texture(picture, object, 2))) {
            assertThat(allowed).contains(color);
        }
    }
}
