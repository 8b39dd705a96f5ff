package dev.vitrine.lens.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vitrine.engine.VitrineException;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Objects;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** WebP files against what libwebp makes of them; see {@code webp/make.py}. */
class WebpTest {
    // Two frames of 20x20 pixels, written by Pillow 9.4.0.
    private static final String ANIMATED =
            "UklGRuIAAABXRUJQVlA4WAoAAAACAAAAEwAAEwAAQU5JTQYAAAAAAAAAAABBTk1GWAAAAAAAAAAAABMAABMAAGQAAAJWUDg"
                    + "gQAAAAFADAJ0BKhQAFAA+bTSWR6QjIiEoCACADYllAHYABMUOHaMAAP7wG9//oUbKJrx//+0s/+pZ/9Sz+/J/sd4AAABBTk"
                    + "1GVgAAAAAAAAAAABMAABMAAGQAAABWUDggPgAAAPQCAJ0BKhQAFAA+bTSWR4KAgAAA2JZQDJAoACyJdQxQAP715n//voB/3"
                    + "YL/3YL/ih/oTY9qK/9snTamuAAA";

    /** An animated file. */
    static byte[] film() {
        return Base64.getDecoder().decode(ANIMATED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "lossy-0",
                "lossy-1",
                "lossy-2",
                "lossy-3",
                "lossy-4",
                "lossy-5",
                "lossy-6",
                "lossless",
                "lossy-alpha",
                "lossless-alpha"
            })
    void agreesWithLibwebp(String name) throws IOException {
        Picture found = PictureReader.read(name, resource(name + ".webp"));
        BufferedImage expected;
        try (InputStream stream = WebpTest.class.getResourceAsStream("webp/" + name + ".png")) {
            expected = ImageIO.read(Objects.requireNonNull(stream));
        }
        assertThat(found.width()).isEqualTo(expected.getWidth());
        assertThat(found.height()).isEqualTo(expected.getHeight());
        int largest = 0;
        for (int y = 0; y < found.height(); y++) {
            for (int x = 0; x < found.width(); x++) {
                for (int shift = 0; shift < 24; shift += 8) {
                    largest = Math.max(
                            largest,
                            Math.abs((found.color(x, y) >> shift & 255) - (expected.getRGB(x, y) >> shift & 255)));
                }
            }
        }
        // The rounding of pictures laid on white.
        assertThat(largest).isLessThanOrEqualTo(name.endsWith("alpha") ? 1 : 0);
    }

    @Test
    void ofSeveralFramesTheFirst() {
        byte[] film = film();
        Picture picture = PictureReader.read("film.webp", film);
        assertThat(picture.toString()).isEqualTo("Picture[20x20]");
        // What Pillow 9.4.0 makes of the first frame.
        assertThat(picture.color(0, 0)).isEqualTo(0xC91C29);
        assertThat(picture.color(10, 10)).isEqualTo(0xC61F25);
        assertThat(picture.color(19, 19)).isEqualTo(0xC81E27);
    }

    @Test
    void aFrameLiesOnItsCanvas() {
        byte[] film = film();
        int canvas = 20;
        film[canvas + 4] = 39;
        film[canvas + 7] = 29;
        int frame = place(film, "ANMF") + 8;
        film[frame] = 5;
        film[frame + 3] = 2;
        Picture picture = PictureReader.read("film.webp", film);
        assertThat(picture.toString()).isEqualTo("Picture[40x30]");
        assertThat(picture.color(9, 4)).isEqualTo(0xFFFFFF);
        assertThat(picture.color(10, 4)).isEqualTo(0xC91C29);
        assertThat(picture.color(29, 23)).isEqualTo(0xC81E27);
        assertThat(picture.color(30, 23)).isEqualTo(0xFFFFFF);
    }

    private static int place(byte[] file, String name) {
        return new String(file, StandardCharsets.ISO_8859_1).indexOf(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"lossy-1", "lossless"})
    void cutOff(String name) throws IOException {
        byte[] whole = resource(name + ".webp");
        for (int length = 16; length < whole.length - 8; length += 16) {
            byte[] part = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> PictureReader.read("cut.webp", part))
                    .as("%d of %d bytes", length, whole.length)
                    .isInstanceOf(VitrineException.class)
                    .hasMessageContaining("cut.webp");
        }
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream stream = WebpTest.class.getResourceAsStream("webp/" + name)) {
            return Objects.requireNonNull(stream, name).readAllBytes();
        }
    }
}
