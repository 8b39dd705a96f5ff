package dev.vitrine.lens.model.preprocessing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.vitrine.lens.data.Box;
import dev.vitrine.lens.data.Picture;
import dev.vitrine.lens.data.Resampling;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A box goes where the pixels go: a white rectangle is seen where its box is said to lie. */
class BoxViewTest {
    @ParameterizedTest
    @CsvSource({"CROP,300,200", "CROP,150,420", "SQUASH,300,200", "PAD,300,200", "PAD,150,420", "CROP,224,224"})
    void theBoxOfARectangleIsWhereItIsSeen(Fit fit, int width, int height) {
        Preprocessing preprocessing = new Preprocessing(
                120,
                100,
                fit,
                fit == Fit.CROP ? 110 : 100,
                Resampling.BILINEAR,
                ChannelOrder.RGB,
                Layout.NCHW,
                Normalization.range(0, 1, 3));
        Box box = new Box(width / 2 - 30, height / 2 - 40, width / 2 + 40, height / 2 + 20);
        byte[] rgb = new byte[3 * width * height];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                java.util.Arrays.fill(
                        rgb, 3 * (y * width + x), 3 * (y * width + x) + 3, box.holds(x, y) ? (byte) 255 : 0);
            }
        }
        Picture picture = Picture.of(width, height, rgb);
        Picture view = preprocessing.view(picture);
        int left = 999;
        int top = 999;
        int right = 0;
        int bottom = 0;
        for (int y = 0; y < view.height(); y++) {
            for (int x = 0; x < view.width(); x++) {
                if ((view.color(x, y) & 255) > 127) {
                    left = Math.min(left, x);
                    top = Math.min(top, y);
                    right = Math.max(right, x + 1);
                    bottom = Math.max(bottom, y + 1);
                }
            }
        }
        Box seen = preprocessing.view(box, picture).orElseThrow();
        assertThat(seen.left()).isCloseTo(left, within(1.0));
        assertThat(seen.top()).isCloseTo(top, within(1.0));
        assertThat(seen.right()).isCloseTo(right, within(1.0));
        assertThat(seen.bottom()).isCloseTo(bottom, within(1.0));
        Box back = preprocessing.inPicture(seen, picture);
        assertThat(back.left()).isCloseTo(box.left(), within(1e-9));
        assertThat(back.top()).isCloseTo(box.top(), within(1e-9));
        assertThat(back.right()).isCloseTo(box.right(), within(1e-9));
        assertThat(back.bottom()).isCloseTo(box.bottom(), within(1e-9));
        assertThat(preprocessing.view(new Box(-50, -50, -10, -10), picture)).isEmpty();
    }
}
