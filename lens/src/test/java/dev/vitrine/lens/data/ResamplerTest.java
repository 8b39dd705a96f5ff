package dev.vitrine.lens.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vitrine.engine.tensor.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class ResamplerTest {
    private static final List<String> REFERENCES = lines();

    record Case(String kind, Resampling resampling, int[] from, int[] to, String expected) {
        static Case of(String line) {
            String[] words = line.split(" ");
            return new Case(words[0], Resampling.valueOf(words[1]), size(words[2]), size(words[3]), words[4]);
        }

        private static int[] size(String text) {
            return Arrays.stream(text.split("x")).mapToInt(Integer::parseInt).toArray();
        }

        @Override
        public String toString() {
            return kind + " " + resampling + " " + Arrays.toString(from) + " to " + Arrays.toString(to);
        }
    }

    private static List<String> lines() {
        try (InputStream stream = ResamplerTest.class.getResourceAsStream("resampling-reference.txt")) {
            return new String(stream.readAllBytes(), StandardCharsets.US_ASCII)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .toList();
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        }
    }

    static List<Case> pictures() {
        return REFERENCES.stream()
                .map(Case::of)
                .filter(one -> !one.kind.equals("floats"))
                .toList();
    }

    static List<Case> planes() {
        return REFERENCES.stream()
                .map(Case::of)
                .filter(one -> one.kind.equals("floats"))
                .toList();
    }

    /** The synthetic picture of resampling-reference.py. */
    private static Picture synthetic(int width, int height) {
        byte[] rgb = new byte[3 * width * height];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                for (int c = 0; c < 3; c++) {
                    int sample = x * 37 + y * 91 + c * 53 + x * y % 31 * 8 + (x / 5 + y / 3) % 2 * 128;
                    rgb[3 * (y * width + x) + c] = (byte) sample;
                }
            }
        }
        return Picture.wrap(width, height, rgb);
    }

    @Test
    void referencesAreThere() {
        assertThat(pictures()).hasSize(50);
        assertThat(planes()).hasSize(15);
    }

    @ParameterizedTest
    @MethodSource("pictures")
    void picturesEqualThoseOfPillow(Case one) throws Exception {
        Picture resized = Resampler.resize(synthetic(one.from[0], one.from[1]), one.to[0], one.to[1], one.resampling);
        byte[] actual = resized.sharedRgb();
        if (one.kind.equals("sha256")) {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(actual);
            assertThat(HexFormat.of().formatHex(hash)).isEqualTo(one.expected);
        } else {
            assertThat(actual).isEqualTo(Base64.getDecoder().decode(one.expected));
        }
    }

    @ParameterizedTest
    @MethodSource("planes")
    void planesEqualThoseOfPillow(Case one) {
        byte[] rgb = synthetic(one.from[0], one.from[1]).sharedRgb();
        float[] plane = new float[rgb.length / 3];
        for (int i = 0; i < plane.length; i++) {
            plane[i] = (rgb[3 * i] & 255) / 16f - 5;
        }
        float[] expected = new float[one.to[0] * one.to[1]];
        ByteBuffer.wrap(Base64.getDecoder().decode(one.expected))
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer()
                .get(expected);
        float[] actual = Resampler.resize(plane, one.from[0], one.from[1], one.to[0], one.to[1], one.resampling);
        // The order in which double-precision terms are added may differ, which shows in the last bit of a float.
        for (int i = 0; i < expected.length; i++) {
            assertThat(Math.abs(actual[i] - expected[i])).isLessThanOrEqualTo(2 * Math.ulp(expected[i]) + 1e-6f);
        }
    }

    @ParameterizedTest
    @EnumSource
    void windowEqualsTheSamePartOfTheWhole(Resampling resampling) {
        Picture picture = synthetic(61, 47);
        for (int[] size : new int[][] {{30, 23}, {61, 23}, {30, 47}, {61, 47}, {100, 90}}) {
            Region window = new Region(7, 3, 20, 19);
            Picture whole = Resampler.resize(picture, size[0], size[1], resampling);
            assertThat(Resampler.resize(picture, size[0], size[1], resampling, window))
                    .isEqualTo(whole.crop(window));
        }
    }

    @ParameterizedTest
    @EnumSource
    void oneColorStaysThatColor(Resampling resampling) {
        Picture picture = Picture.filled(19, 31, 0x10C8FF);
        assertThat(Resampler.resize(picture, 7, 50, resampling)).isEqualTo(Picture.filled(7, 50, 0x10C8FF));
    }

    @ParameterizedTest
    @EnumSource
    void unchangedSizeChangesNothing(Resampling resampling) {
        Picture picture = synthetic(19, 31);
        assertThat(Resampler.resize(picture, 19, 31, resampling)).isEqualTo(picture);
    }

    @Test
    void everyPlaneOfATensorIsResizedAlone() {
        Tensor planes = Tensor.floats(new float[] {1, 1, 1, 1, 2, 2, 2, 2, 0, 4, 0, 4}, 1, 3, 2, 2);
        Tensor resized = Resampler.resize(planes, 1, 3, Resampling.BOX);
        assertThat(resized.shape()).containsExactly(1, 3, 3, 1);
        assertThat(resized.toFloats()).containsExactly(1, 1, 1, 2, 2, 2, 2, 2, 2);
    }

    @Test
    void aVeryLongPictureIsCutWithoutResizingAllOfIt() {
        Picture line = Picture.filled(1_000_000, 1, 0x808080);
        Picture cut =
                Resampler.resize(line, 224_000_000, 224, Resampling.BILINEAR, new Region(112_000_000, 0, 224, 224));
        assertThat(cut).isEqualTo(Picture.filled(224, 224, 0x808080));
    }

    @Test
    void sizesBelowOneAreRefused() {
        assertThatThrownBy(() -> Resampler.resize(synthetic(3, 3), 0, 3, Resampling.BOX))
                .hasMessageContaining("0x3");
    }
}
