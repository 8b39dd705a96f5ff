package dev.vitrine.lens.perturbation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.lens.attribution.Nets;
import dev.vitrine.lens.data.Picture;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What SLIC cuts a picture into. */
class SuperpixelsTest {
    /** Every superpixel hangs together, is there, and none is left without a number. */
    private static void isWhole(Superpixels parts) {
        int[] sizes = parts.sizes();
        assertThat(sizes).hasSize(parts.count()).doesNotContain(0);
        boolean[] seen = new boolean[parts.width() * parts.height()];
        Set<Integer> met = new HashSet<>();
        for (int start = 0; start < seen.length; start++) {
            if (seen[start]) {
                continue;
            }
            int label = parts.at(start % parts.width(), start / parts.width());
            assertThat(met.add(label)).as("superpixel %d hangs together", label).isTrue();
            java.util.ArrayDeque<Integer> open = new java.util.ArrayDeque<>(java.util.List.of(start));
            seen[start] = true;
            while (!open.isEmpty()) {
                int place = open.remove();
                int[][] around = {{-1, 0}, {1, 0}, {0, -1}, {0, 1}};
                for (int[] step : around) {
                    int x = place % parts.width() + step[0];
                    int y = place / parts.width() + step[1];
                    if (x >= 0
                            && x < parts.width()
                            && y >= 0
                            && y < parts.height()
                            && !seen[y * parts.width() + x]
                            && parts.at(x, y) == label) {
                        seen[y * parts.width() + x] = true;
                        open.add(y * parts.width() + x);
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"64,64,16,16", "90,40,10,10", "7,5,100,35", "1,1,50,1", "33,1,4,4"})
    void aPlainPictureIsCutIntoAGrid(int width, int height, int wanted, int expected) {
        Superpixels parts = Superpixels.of(Picture.filled(width, height, 0x336699), wanted);
        isWhole(parts);
        assertThat(parts.count()).isEqualTo(expected);
    }

    /** Two colors: nothing lies across the border between them. */
    @Test
    void bordersFollowColors() {
        int side = 60;
        byte[] rgb = new byte[3 * side * side];
        for (int place = 0; place < side * side; place++) {
            boolean upper = place / side < 25 + 10 * Math.sin(place % side / 9.0);
            rgb[3 * place] = (byte) (upper ? 220 : 30);
            rgb[3 * place + 2] = (byte) (upper ? 20 : 200);
        }
        Picture picture = Picture.wrap(side, side, rgb);
        Superpixels parts = Superpixels.of(picture, 20);
        isWhole(parts);
        int[] colors = new int[parts.count()];
        int across = 0;
        for (int y = 0; y < side; y++) {
            for (int x = 0; x < side; x++) {
                int label = parts.at(x, y);
                colors[label] = colors[label] == 0 ? picture.color(x, y) : colors[label];
                across += colors[label] == picture.color(x, y) ? 0 : 1;
            }
        }
        assertThat(across).isZero();
    }

    @Test
    void aPhotoIsCutIntoAboutAsManyAsAsked() {
        Picture photo = Nets.photo("chelsea.png");
        for (int wanted : new int[] {20, 50, 200}) {
            Superpixels parts = Superpixels.of(photo, wanted);
            isWhole(parts);
            assertThat(parts.count()).isBetween(wanted / 2, 2 * wanted);
        }
    }
}
