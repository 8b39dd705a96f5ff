package dev.vitrine.app.robustness;

import static dev.vitrine.app.Shell.vitrine;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.app.Shell;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.corruption.Corruptions;
import dev.vitrine.lens.data.Npy;
import dev.vitrine.lens.data.Picture;
import dev.vitrine.lens.data.PictureStack;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class CorruptCommandTest {
    @TempDir
    private Path folder;

    private Path input;
    private List<Picture> pictures;

    @BeforeEach
    void files() {
        Random random = new Random(4);
        pictures = new ArrayList<>();
        for (int picture = 0; picture < 3; picture++) {
            byte[] rgb = new byte[3 * 40 * 36];
            random.nextBytes(rgb);
            pictures.add(Picture.of(40, 36, rgb));
        }
        input = stack("x.npy", pictures);
    }

    private Path stack(String name, List<Picture> stacked) {
        Path file = folder.resolve(name);
        PictureStack.write(file, stacked);
        return file;
    }

    private List<Picture> corrupted(Path from, Object... more) {
        Path output = folder.resolve("y.npy");
        List<Object> words = new ArrayList<>(List.of("corrupt", "--input", from, "--output", output));
        words.addAll(List.of(more));
        vitrine(words.toArray()).succeeds();
        PictureStack stack = PictureStack.read(output);
        return IntStream.range(0, stack.count()).mapToObj(stack::picture).toList();
    }

    @Test
    void everyCorruptionKeepsNumberAndSize() {
        Corruptions.ALL.forEach(corruption -> {
            List<Picture> found = corrupted(input, "--corruption", corruption.id(), "--severity", 5);
            assertThat(found).hasSize(3).allMatch(picture -> picture.width() == 40 && picture.height() == 36);
            assertThat(found).doesNotContainAnyElementsOf(pictures);
        });
    }

    @Test
    void neitherOrderNorNumberMatters() {
        List<Picture> all = corrupted(input, "--corruption", "gaussian_noise", "--severity", 2, "--seed", 9);
        Path turned = stack("z.npy", List.of(pictures.get(2), pictures.get(0)));
        List<Picture> some = corrupted(turned, "--corruption", "gaussian_noise", "--severity", 2, "--seed", 9);
        assertThat(some).containsExactly(all.get(2), all.get(0));
        assertThat(corrupted(input, "--corruption", "gaussian-noise", "--severity", 2, "--seed", 10))
                .doesNotContainAnyElementsOf(all);
    }

    @Test
    void equalPicturesAreCorruptedDifferently() {
        Path equal = stack("equal.npy", List.of(pictures.get(0), pictures.get(0), pictures.get(0)));
        assertThat(corrupted(equal, "--corruption", "shot_noise", "--severity", 1))
                .doesNotHaveDuplicates();
    }

    @Test
    void writesBytesAsNumpyDoes() throws IOException {
        corrupted(input, "--corruption", "contrast", "--severity", 0);
        assertThat(folder.resolve("y.npy")).hasSameBinaryContentAs(input);
        String header = new String(Files.readAllBytes(input), 0, 128, java.nio.charset.StandardCharsets.ISO_8859_1);
        assertThat(header).contains("{'descr': '|u1', 'fortran_order': False, 'shape': (3, 36, 40, 3), }");
    }

    @Test
    void angleAndConstantsCanBeChosen() {
        List<Picture> along = corrupted(input, "--corruption", "motion_blur", "--severity", 3, "--angle", 20);
        assertThat(corrupted(input, "--corruption", "motion_blur", "--severity", 3, "--angle", 20, "--seed", 5))
                .isEqualTo(along);
        assertThat(corrupted(input, "--corruption", "contrast", "--severity", 3, "--constants", 32))
                .isEqualTo(corrupted(input, "--corruption", "contrast", "--severity", 3))
                .isNotEqualTo(corrupted(input, "--corruption", "contrast", "--severity", 3, "--constants", 224));
    }

    @Test
    void wrongRequests() {
        Path output = folder.resolve("never.npy");
        wrong(2, output, "gaussian_noize", 1, "'gaussian_noize'", "gaussian_noise");
        wrong(2, output, "blur", 1, "defocus_blur", "glass_blur");
        wrong(2, output, "jpeg", 1, "jpeg_compression");
        wrong(2, output, "xyz", 1, "'xyz'", "expected one of gaussian_noise, shot_noise");
        wrong(2, output, "fog", 6, "severity 6", "1 to 5");
        wrong(2, output, "fog", -1, "severity -1", "1 to 5");
        wrong(2, output, "fog", 1, "no direction", "--angle", "30");
        wrong(2, output, "fog", 1, "224 or 32", "--constants", "64");
        assertThat(output).doesNotExist();
    }

    private void wrong(int status, Path output, String id, int severity, String... partsThenOption) {
        List<Object> words = new ArrayList<>(
                List.of("corrupt", "--input", input, "--output", output, "--corruption", id, "--severity", severity));
        int option = List.of(partsThenOption).stream()
                .filter(word -> word.startsWith("--"))
                .findFirst()
                .map(List.of(partsThenOption)::indexOf)
                .orElse(partsThenOption.length);
        words.addAll(List.of(partsThenOption).subList(option, partsThenOption.length));
        vitrine(words.toArray()).failsWith(status, java.util.Arrays.copyOf(partsThenOption, option));
    }

    @Test
    void wrongArrays() {
        Path floats = folder.resolve("f.npy");
        Npy.write(floats, Tensor.floats(new float[48], 1, 4, 4, 3));
        Path output = folder.resolve("never.npy");
        vitrine("corrupt", "-i", floats, "--output", output, "--corruption", "fog", "--severity", 1)
                .failsWith(1, "FLOAT32[1, 4, 4, 3]", "uint8 [pictures, height, width, 3]", "uint8");
        vitrine("corrupt", "-i", folder.resolve("no.npy"), "--output", output, "--corruption", "fog", "--severity", 1)
                .failsWith(1, "no.npy");
        assertThat(output).doesNotExist();
    }

    @Test
    void sheetsOfPicturesShowTheAnswers() throws IOException {
        Path model = Shell.model(folder);
        Path picture = Shell.picture(folder, "a b.png", 40, 36);
        Path out = folder.resolve("sheets");
        Shell.Outcome outcome = vitrine(
                        "corrupt",
                        picture,
                        "--model",
                        model,
                        "--corruption",
                        "blur,fog",
                        "--severity",
                        "1,5",
                        "--out",
                        out)
                .succeeds();
        assertThat(outcome.out()).contains("a-b-corrupted.png", "answers changed", "of 12");
        assertThat(out.resolve("a-b-corrupted.png")).isNotEmptyFile();
        JsonNode answers = new JsonMapper()
                .readTree(Files.readString(out.resolve("corrupted.json")))
                .get("pictures")
                .get(0)
                .get("answers");
        assertThat(answers.size()).isEqualTo(13);
        assertThat(answers.has("clean")).isTrue();
        assertThat(answers.has("fog 5")).isTrue();
    }

    @Test
    void arraysAndPicturesAreNotMixed() {
        Path picture = Shell.picture(folder, "a.png", 40, 36);
        vitrine("corrupt", picture, "--input", input, "--output", folder.resolve("y.npy"))
                .failsWith(2, "IMAGE", "--output");
        vitrine("corrupt", "--input", input, "--corruption", "fog", "--severity", 1)
                .failsWith(2, "no --output");
        vitrine("corrupt", "--input", input, "--output", folder.resolve("y.npy"), "--corruption", "fog,snow")
                .failsWith(2, "--corruption: found 2");
        vitrine("corrupt", "--input", input, "--output", folder.resolve("y.npy"), "--corruption", "fog")
                .failsWith(2, "--severity: found 0");
        vitrine("corrupt").failsWith(2, "no pictures", "--input");
    }
}
