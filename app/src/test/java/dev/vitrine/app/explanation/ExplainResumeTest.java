package dev.vitrine.app.explanation;

import static dev.vitrine.app.Shell.vitrine;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.app.Shell;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code vitrine explain} over a folder, ended in the middle by a file that cannot be written. */
class ExplainResumeTest {
    private static final int PICTURES = 19;

    @TempDir
    private Path folder;

    private Path pictures;
    private String said;

    @BeforeEach
    void draw() throws IOException {
        pictures = Files.createDirectories(folder.resolve("pictures"));
        for (int number = 0; number < PICTURES; number++) {
            draw(pictures.resolve(String.format("%02d.png", number)), number);
        }
        Files.writeString(pictures.resolve("05.png"), "no picture");
    }

    private static void draw(Path file, int seed) throws IOException {
        Random random = new Random(seed);
        BufferedImage image = new BufferedImage(28, 28, BufferedImage.TYPE_INT_RGB);
        for (int pixel = 0; pixel < 28 * 28; pixel++) {
            image.setRGB(pixel % 28, pixel / 28, random.nextInt(256) * 0x10101);
        }
        ImageIO.write(image, "png", file.toFile());
    }

    private Object[] words(Path out, String... more) {
        List<Object> words = new ArrayList<>(List.of(
                "explain", pictures, "--model", "mnist-cnn", "--method", "gradient,grad-cam,rise", "--samples", 8));
        words.addAll(List.of(more));
        words.addAll(List.of("--out", out));
        return words.toArray();
    }

    /** Ends with the second method of the second group of pictures. */
    private Path broken(String name) throws IOException {
        Path out = folder.resolve(name);
        Path inTheWay = Files.createDirectories(out.resolve(inTheWay()));
        vitrine(words(out)).failsWith(1, inTheWay.getFileName().toString());
        Files.delete(inTheWay);
        assertThat(out.resolve("unfinished/question.txt")).exists();
        return out;
    }

    private String inTheWay() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("whole"))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.matches("17-.*-grad-cam\\.png"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static Map<String, byte[]> files(Path folder) throws IOException {
        Map<String, byte[]> files = new TreeMap<>();
        try (Stream<Path> found = Files.walk(folder)) {
            for (Path file : found.filter(Files::isRegularFile).toList()) {
                files.put(folder.relativize(file).toString(), Files.readAllBytes(file));
            }
        }
        return files;
    }

    private void assertSame(Path out) throws IOException {
        Map<String, byte[]> whole = files(folder.resolve("whole"));
        Map<String, byte[]> found = files(out);
        assertThat(found.keySet()).isEqualTo(whole.keySet());
        whole.forEach((name, bytes) -> assertThat(found.get(name)).as(name).isEqualTo(bytes));
    }

    private Path whole() {
        Path out = folder.resolve("whole");
        said = vitrine(words(out)).failsWith(1, "05.png").out();
        assertThat(out.resolve("unfinished")).doesNotExist();
        return out;
    }

    @Test
    void goesOnWhereItEndedAndEndsTheSame() throws IOException {
        whole();
        Path out = broken("out");
        Shell.Outcome outcome = vitrine(words(out)).failsWith(1, "16 of 19 pictures are already explained", "05.png");
        assertThat(outcome.out()).isEqualTo(said.replace(folder.resolve("whole") + "/", out + "/"));
        assertSame(out);
    }

    @Test
    void otherPicturesOrOptionsDoNotMix() throws IOException {
        whole();
        Path out = broken("out");
        vitrine(words(out, "--npy")).failsWith(2, "unfinished work of another run", "arrays", "--out");
        draw(pictures.resolve("03.png"), 99);
        vitrine(words(out)).failsWith(2, "other pictures, or pictures that were changed since", "unfinished");
        draw(pictures.resolve("03.png"), 3);
        vitrine(words(out)).failsWith(1, "16 of 19");
        assertSame(out);
    }

    @Test
    void partsThatWereCutAndFilesThatWereChangedAreMadeAgain() throws IOException {
        whole();
        Path cut = broken("cut");
        try (Stream<Path> parts = Files.list(cut.resolve("unfinished"))) {
            for (Path part :
                    parts.filter(file -> file.toString().endsWith(".done")).toList()) {
                byte[] bytes = Files.readAllBytes(part);
                bytes[bytes.length / 2] ^= 1;
                Files.write(part, bytes);
            }
        }
        assertThat(vitrine(words(cut)).failsWith(1, "05.png").err()).doesNotContain("16 of 19");
        assertSame(cut);
        Path changed = broken("changed");
        try (Stream<Path> files = Files.list(changed)) {
            Files.writeString(
                    files.filter(file -> file.getFileName().toString().matches("03-.*-rise\\.png"))
                            .findFirst()
                            .orElseThrow(),
                    "changed");
        }
        assertThat(vitrine(words(changed)).failsWith(1, "05.png").err()).doesNotContain("16 of 19");
        assertSame(changed);
    }
}
