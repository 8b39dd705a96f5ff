package dev.vitrine.lens.model.preprocessing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.oracle.TestData;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.lens.data.PictureReader;
import dev.vitrine.lens.data.Resampling;
import dev.vitrine.lens.model.card.ModelCards;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The tensors of real photos against those of Pillow and NumPy (preprocessing-reference.py). */
class PreprocessingParityTest {

    record Case(String preprocessing, String photo, float[] expected) {
        static Case of(String line) {
            String[] words = line.split(" ");
            float[] expected = new float[words.length - 2];
            for (int i = 0; i < expected.length; i++) {
                expected[i] = Float.parseFloat(words[i + 2]);
            }
            return new Case(words[0], words[1], expected);
        }

        @Override
        public String toString() {
            return preprocessing + " " + photo;
        }
    }

    static List<Case> cases() throws IOException {
        try (InputStream stream = PreprocessingParityTest.class.getResourceAsStream("preprocessing-reference.txt")) {
            return new String(stream.readAllBytes(), StandardCharsets.US_ASCII)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(Case::of)
                    .toList();
        }
    }

    @TempDir
    private Path folder;

    private Preprocessing preprocessing(String name) throws IOException {
        return switch (name) {
            case "imagenet-256" ->
                new Preprocessing(
                        224,
                        224,
                        Fit.CROP,
                        256,
                        Resampling.BILINEAR,
                        ChannelOrder.RGB,
                        Layout.NCHW,
                        Normalization.IMAGENET);
            case "digit" ->
                new Preprocessing(
                        28,
                        28,
                        Fit.CROP,
                        Resampling.BILINEAR,
                        ChannelOrder.GRAY,
                        Layout.NCHW,
                        Normalization.range(0, 1, 1));
            default -> {
                // Built-in cards go by the name of the file, whatever is in it.
                Path model = Files.writeString(folder.resolve(name + ".onnx"), "");
                int size = name.startsWith("cifar") ? 32 : 224;
                yield ModelCards.find(model, TensorType.of(ElementType.FLOAT32, 1, 3, size, size))
                        .preprocessing();
            }
        };
    }

    @Test
    void referencesAreThere() throws IOException {
        assertThat(cases()).hasSize(35).allMatch(one -> one.expected.length == 64);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void tensorsEqualThoseOfPillowAndNumpy(Case one) throws IOException {
        Path photo = TestData.find("data/photos/" + one.photo).orElseThrow();
        Preprocessing preprocessing = preprocessing(one.preprocessing);
        float[] actual = preprocessing.apply(PictureReader.read(photo)).toFloats();
        int last = one.expected.length - 1;
        float level = 0;
        for (int channel = 0; channel < preprocessing.channels().count(); channel++) {
            level = Math.max(level, (preprocessing.maximum(channel) - preprocessing.minimum(channel)) / 255);
        }
        // Lossless files give the same 8-bit values; JPEG decoders may differ by a level or two before resizing.
        float tolerance = one.photo.endsWith(".png") ? 0.001f * level : 1.01f * level;
        for (int i = 0; i <= last; i++) {
            float value = actual[(int) ((long) i * (actual.length - 1) / last)];
            assertThat(Math.abs(value - one.expected[i]))
                    .as("value %d: %s, expected %s", i, value, one.expected[i])
                    .isLessThanOrEqualTo(tolerance);
        }
    }
}
