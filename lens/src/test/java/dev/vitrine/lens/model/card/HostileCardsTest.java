package dev.vitrine.lens.model.card;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.data.Npy;
import dev.vitrine.lens.model.input.Feed;
import dev.vitrine.lens.model.input.PictureInput;
import dev.vitrine.lens.model.label.Labels;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Cards that were made to break their reader, or to read files that are none of their business. */
class HostileCardsTest {
    private static final TensorType COLORS = TensorType.of(ElementType.FLOAT32, 1, 3, 8, 8);
    private static final Duration SHORT = Duration.ofSeconds(20);

    @TempDir
    Path folder;

    private Path card(String yaml) {
        try {
            return Files.writeString(folder.resolve("net.yaml"), yaml);
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private void assertRefused(String yaml, String message) {
        Path card = card(yaml);
        Assertions.assertTimeoutPreemptively(
                SHORT,
                () -> assertThatThrownBy(() -> ModelCards.read(card, COLORS))
                        .isInstanceOf(VitrineException.class)
                        .hasMessageContaining("net.yaml")
                        .hasMessageContaining(message)
                        .satisfies(problem -> assertThat(problem.getMessage()).hasSizeLessThan(1000)));
    }

    @Test
    void depthIsBounded() {
        assertRefused("[".repeat(500_000), "nested more than 32 deep");
        assertRefused("labels: " + "[".repeat(40) + "]".repeat(40), "line 1: found lists and mappings nested more");
        assertRefused("{a: ".repeat(100_000), "nested more than 32 deep");
        assertRefused("- ".repeat(100_000), "nested more than 32 deep");
        assertRefused("? ".repeat(100_000), "nested more than 32 deep");
    }

    @Test
    void aliasesAreCountedAsWhatTheyStandFor() {
        assertRefused("labels: &a [*a]", "alias 'a' inside its own anchor");
        assertRefused("a: &a\n  b: [1, {c: *a}]", "alias 'a' inside its own anchor");
        StringBuilder laughs = new StringBuilder("a0: &a0 [x, x, x, x]\n");
        for (int i = 1; i < 24; i++) {
            laughs.append(String.format("a%d: &a%d [*a%d, *a%d]\n", i, i, i - 1, i - 1));
        }
        assertRefused(laughs + "labels: *a23", "more than 1000000 values");
        ModelCard shared = ModelCards.read(card("input: {mean: &m [0.5, 0.5, 0.5], deviation: *m}"), COLORS);
        assertThat(shared.preprocessing().normalization().deviation()).containsOnly(0.5);
        ModelCard twice = ModelCards.read(card("{name: &a first, description: &a text, license: *a}"), COLORS);
        assertThat(twice.license()).isEqualTo("text");
    }

    @Test
    void sizeIsBounded() throws IOException {
        assertRefused("name: " + "a".repeat(2_000_000), "2000006 characters of YAML; expected at most 1048576");
        assertRefused("labels: 'a\n" + "\n".repeat(100_000), "no valid YAML");
        try (RandomAccessFile large =
                new RandomAccessFile(folder.resolve("net.yaml").toFile(), "rw")) {
            large.setLength(3L << 30);
        }
        assertThatThrownBy(() -> ModelCards.read(folder.resolve("net.yaml"), COLORS))
                .isInstanceOf(VitrineException.class)
                .hasMessageContaining("net.yaml: larger than 64 MiB");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"\\u\"",
                "\"\\x",
                "\"\\U0011FFFF\"",
                "\"\\uD800\"",
                "!!java.lang.Runtime x",
                "!!float abc",
                "!!int 0x",
                "!!timestamp now",
                "%YAML 9.9\n---\na: 1",
                "a: 1\n---\nb: 2",
                "&",
                "*",
                "? [1]\n: 2",
                "{? {a: b} : c}",
                "\u0000",
                "~",
                "",
                "7",
                "a: b: c",
                "name: !!binary 'x'",
                "- name"
            })
    void oddYamlIsRefusedByName(String yaml) {
        Assertions.assertTimeoutPreemptively(
                SHORT,
                () -> assertThatThrownBy(() -> ModelCards.read(card(yaml), COLORS))
                        .isInstanceOf(VitrineException.class)
                        .hasMessageContaining("net.yaml"));
    }

    @Test
    void everyKeyOfEveryWrongType() {
        List<String> values = List.of(
                "[]",
                "{}",
                "[[]]",
                "{a: 1}",
                "-1",
                "0",
                "1e309",
                ".nan",
                "99999999999999999999999",
                "2147483647",
                "''",
                "true",
                "[1, 2, 3, 4, 5, 6, 7, 8, 9]",
                "[.inf, .nan, 0]",
                "[~]",
                "/dev/zero",
                "../x",
                "2001-01-01");
        List<String> keys = List.of(
                "name",
                "description",
                "license",
                "input",
                "feeds",
                "labels",
                "ids",
                "output",
                "head",
                "activation",
                "boxes",
                "objectness",
                "normalized",
                "background");
        List<String> inner = List.of(
                "name",
                "size",
                "width",
                "height",
                "fit",
                "resize",
                "resampling",
                "channels",
                "display",
                "layout",
                "range",
                "mean",
                "deviation");
        for (String value : values) {
            keys.forEach(key -> assertReadOrRefused(key + ": " + value));
            inner.forEach(key -> assertReadOrRefused("input: {" + key + ": " + value + "}"));
        }
    }

    private void assertReadOrRefused(String yaml) {
        Path card = card(yaml);
        Assertions.assertTimeoutPreemptively(
                SHORT,
                () -> {
                    try {
                        ModelCards.inputsOf(card);
                        ModelCards.read(card, COLORS);
                    } catch (VitrineException refused) {
                        assertThat(refused).as(yaml).hasMessageContaining(folder.toString());
                    }
                },
                yaml);
    }

    @Test
    void labelsStayInTheCardsFolder() throws IOException {
        Path outside = Files.createDirectory(folder.resolve("outside"));
        Path inside = Files.createDirectory(folder.resolve("inside"));
        Path below = Files.createDirectory(inside.resolve("below"));
        Files.writeString(outside.resolve("names.txt"), "secret\n");
        Files.writeString(below.resolve("names.txt"), "cat\n");
        Files.createSymbolicLink(inside.resolve("link.txt"), outside.resolve("names.txt"));
        Files.createSymbolicLink(inside.resolve("folder"), outside);
        Files.createSymbolicLink(inside.resolve("alias.txt"), below.resolve("names.txt"));
        Path card = inside.resolve("net.yaml");
        for (String bad : List.of(
                outside.resolve("names.txt").toString(),
                "../outside/names.txt",
                "below/../../outside/names.txt",
                "link.txt",
                "folder/names.txt",
                "../none.txt",
                "/etc/passwd",
                "/dev/zero",
                "/proc/self/environ")) {
            Files.writeString(card, "labels: " + bad);
            assertThatThrownBy(() -> ModelCards.read(card, COLORS))
                    .as(bad)
                    .isInstanceOf(VitrineException.class)
                    .hasMessageContaining("net.yaml, key 'labels': found '" + bad + "', which is outside")
                    .hasMessageContaining("--labels");
            ModelCard given = ModelCards.read(card, PictureInput.of(COLORS), Set.of("labels"));
            assertThat(given.labels()).isEqualTo(Labels.NONE);
        }
        for (String good : List.of("below/names.txt", "./below/names.txt", "alias.txt", "below/../alias.txt")) {
            Files.writeString(card, "labels: " + good);
            assertThat(ModelCards.read(card, COLORS).labels().names()).containsExactly("cat");
        }
        assertThat(Labels.read(outside.resolve("names.txt")).names()).containsExactly("secret");
    }

    @Test
    void feedsStayInTheCardsFolder() throws IOException {
        Path inside = Files.createDirectory(folder.resolve("inside"));
        Npy.write(folder.resolve("mask.npy"), Tensor.floats(new float[] {1, 2}, 1, 2));
        Npy.write(inside.resolve("mask.npy"), Tensor.floats(new float[] {3, 4}, 1, 2));
        TensorType type = TensorType.of(ElementType.FLOAT32, 1, 2);
        Path card = inside.resolve("net.yaml");
        Files.writeString(card, "feeds: {mask: ../mask.npy}");
        Feed outside = ModelCards.inputsOf(card).feeds().get("mask");
        assertThatThrownBy(() -> outside.tensor("feed 'mask'", type))
                .isInstanceOf(VitrineException.class)
                .hasMessageContaining("outside the card's folder")
                .hasMessageContaining("--feed");
        Files.writeString(card, "feeds: {mask: mask.npy}");
        Feed own = ModelCards.inputsOf(card).feeds().get("mask");
        assertThat(own.tensor("feed 'mask'", type).toFloats()).containsExactly(3, 4);
    }

    @Test
    void devicesAndFoldersAreNoText() throws IOException {
        Assumptions.assumeTrue(Files.exists(Path.of("/dev/zero")), "no /dev/zero on this platform");
        Path fifo = folder.resolve("fifo.txt");
        Assumptions.assumeTrue(madeFifo(fifo), "no mkfifo on this platform");
        for (Path odd : List.of(Path.of("/dev/zero"), Path.of("/dev/tty"), fifo, folder)) {
            Assertions.assertTimeoutPreemptively(SHORT, () -> {
                assertThatThrownBy(() -> Labels.read(odd))
                        .isInstanceOf(VitrineException.class)
                        .hasMessageContaining(odd + ": a ");
                assertThatThrownBy(() -> ModelCards.inputsOf(odd)).isInstanceOf(VitrineException.class);
                assertThatThrownBy(() -> Npy.read(odd))
                        .isInstanceOf(VitrineException.class)
                        .hasMessageContaining(odd.toString());
            });
        }
        Path large = folder.resolve("large.txt");
        try (RandomAccessFile file = new RandomAccessFile(large.toFile(), "rw")) {
            file.setLength(1L << 30);
        }
        assertThatThrownBy(() -> Labels.read(large))
                .isInstanceOf(VitrineException.class)
                .hasMessageContaining("large.txt: larger than 64 MiB");
    }

    private static boolean madeFifo(Path path) throws IOException {
        try {
            return new ProcessBuilder("mkfifo", path.toString()).start().waitFor() == 0;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
