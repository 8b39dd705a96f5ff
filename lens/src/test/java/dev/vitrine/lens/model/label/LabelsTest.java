package dev.vitrine.lens.model.label;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vitrine.engine.VitrineException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LabelsTest {
    private static final Labels LABELS = new Labels(
            List.of(
                    "tabby, tabby cat",
                    "Egyptian cat",
                    "catamaran",
                    "crane",
                    "crane",
                    "Persian cat",
                    "wildcat, Felis silvestris",
                    "polecat",
                    "Crane, derrick",
                    "maillot",
                    "maillot, tank suit"),
            List.of("n0", "n1", "n2", "n3", "n4", "n5", "n6", "n7", "n8", "n9", "n10"));

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({
        "0, 0", " 10 , 10", "n5, 5", "Egyptian cat, 1", "egyptian CAT, 1", "tabby, 0", "tabby cat, 0", "catam, 2",
        "catama, 2", "felis, 6", "polecat, 7", "olec, 7", "Crane, 8", "derrick, 8", "tank suit, 10",
                "'maillot, tank', 10"
    })
    void findsOneClass(String query, int index) {
        assertThat(LABELS.find(query)).isEqualTo(index);
    }

    @Test
    void severalClassesAreListed() {
        assertUsage("crane", "fits 2 classes: 3 crane, 4 crane");
        assertUsage("maillot", "fits 2 classes: 9 maillot, 10 maillot, tank suit");
        assertUsage("an cat", "fits 2 classes: 1 Egyptian cat, 5 Persian cat");
        assertUsage("a", "fits");
        // A whole word before the beginning of one: not the catamaran.
        assertUsage("cat", "fits 3 classes: 0 tabby, tabby cat, 1 Egyptian cat, 5 Persian cat");
    }

    @Test
    void unknownClassesComeWithNearMisses() {
        assertUsage("egyptain", "did you mean 'Egyptian cat'");
        assertUsage("egiptian cat", "did you mean 'Egyptian cat'");
        assertUsage("zzzzzz", "expected a number from 0 to 10");
        assertUsage("", "expected a class's number or name");
    }

    @Test
    void numbersAreCheckedAgainstTheRange() {
        assertUsage("11", "class 11: expected a number from 0 to 10");
        assertUsage("-1", "class -1: expected a number from 0 to 10");
        assertUsage("99999999999", "expected a number from 0 to 10");
    }

    private static void assertUsage(String query, String message) {
        assertThatThrownBy(() -> LABELS.find(query))
                .isInstanceOfSatisfying(
                        VitrineException.class,
                        problem -> assertThat(problem.kind()).isEqualTo(VitrineException.Kind.USAGE))
                .hasMessageContaining(message);
    }

    @Test
    void namesFallBackToNumbers() {
        assertThat(LABELS.display(1)).isEqualTo("1 Egyptian cat");
        assertThat(LABELS.display(17)).isEqualTo("class 17");
        assertThat(LABELS.id(10)).contains("n10");
        assertThat(Labels.NONE.name(17)).isEqualTo("class 17");
        assertThat(Labels.NONE.find("17")).isEqualTo(17);
        assertThat(Labels.NONE.id(3)).isEmpty();
        assertThatThrownBy(() -> Labels.NONE.find("cat")).hasMessageContaining("no class names");
    }

    @Test
    void readsTextAndTables() throws IOException {
        Path text = Files.writeString(folder.resolve("a.txt"), "\uFEFFcat\r\ndog\r\n\r\n");
        assertThat(Labels.read(text)).isEqualTo(Labels.of(List.of("cat", "dog")));
        Path table = Files.writeString(folder.resolve("a.tsv"), "n1\tcat, kitty\nn2\tdog\n");
        assertThat(Labels.read(table)).isEqualTo(new Labels(List.of("cat, kitty", "dog"), List.of("n1", "n2")));
    }

    @Test
    void brokenFilesAreRefusedByLine() throws IOException {
        Path gap = Files.writeString(folder.resolve("gap.txt"), "cat\n\ndog\n");
        assertThatThrownBy(() -> Labels.read(gap)).hasMessageContaining("gap.txt, line 2: found ''");
        Path table = Files.writeString(folder.resolve("no.tsv"), "n1\tcat\nn2 dog\n");
        assertThatThrownBy(() -> Labels.read(table)).hasMessageContaining("no.tsv, line 2: found 'n2 dog'");
        Path empty = Files.createFile(folder.resolve("empty.txt"));
        assertThatThrownBy(() -> Labels.read(empty)).hasMessageContaining("holds no class names");
        Path binary = Files.write(folder.resolve("b.txt"), "\u00FF\u00FE".getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> Labels.read(binary)).hasMessageContaining("no UTF-8 text");
        assertThatThrownBy(() -> Labels.read(folder.resolve("none.txt")))
                .isInstanceOf(VitrineException.class)
                .hasMessageContaining("none.txt");
    }

    @Test
    void nearness() {
        assertThat(NearMisses.distance("kitten", "sitting")).isEqualTo(3);
        assertThat(NearMisses.distance("", "abc")).isEqualTo(3);
        assertThat(NearMisses.of("resise", List.of("size", "resize", "resampling"), 2))
                .containsExactly("resize");
    }

    @Test
    void nearPathsAreToldByTheirParts() {
        List<String> layers =
                List.of("/layer1/conv1/Conv_output_0", "/layer1/relu/Relu_output_0", "/layer2/conv2/Conv");
        assertThat(NearMisses.ofPaths("conv9", layers, 8)).containsExactly(layers.get(0), layers.get(2));
        assertThat(NearMisses.ofPaths("layer1/conv7", layers, 8)).startsWith(layers.get(0));
        assertThat(NearMisses.ofPaths("RELU", layers, 8)).containsExactly(layers.get(1));
        assertThat(NearMisses.ofPaths("xyz", layers, 8)).isEmpty();
    }

    @Test
    void foldersMeanClassesByTheirWords() {
        Labels labels = new Labels(
                List.of("airplane", "car from the side", "hawksbill turtle", "wild cat", "glass", "elephant", "bus"),
                List.of("planes", "car_side", "h", "w", "g", "e", "b"));
        assertThat(labels.findFolder("airplanes")).isEqualTo(0);
        assertThat(labels.findFolder("planes")).isEqualTo(0);
        assertThat(labels.findFolder("car_side")).isEqualTo(1);
        assertThat(labels.findFolder("Hawksbill")).isEqualTo(2);
        assertThat(labels.findFolder("Wild_Cats")).isEqualTo(3);
        assertThat(labels.findFolder("glasses")).isEqualTo(4);
        assertThat(labels.findFolder("buses")).isEqualTo(6);
        assertThat(labels.findFolder("5")).isEqualTo(5);
        assertThatThrownBy(() -> labels.findFolder("ant")).hasMessageContaining("no class has such a name");
        assertThatThrownBy(() -> labels.findFolder("side turtle")).hasMessageContaining("no class has such a name");
        Labels cats = Labels.of(List.of("tabby cat", "Persian cat"));
        assertThatThrownBy(() -> cats.findFolder("cat")).hasMessageContaining("fits 2 classes");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[\"cat\", \"dog\"]",
                "{\"0\": \"cat\", \"1\": \"dog\"}",
                "{\"1\": \"dog\", \"0\": \"cat\"}",
                "{\"cat\": 0, \"dog\": 1}",
                "{\"dog\": 1, \"cat\": 0}",
                "{\"id2label\": {\"0\": \"cat\", \"1\": \"dog\"}, \"label2id\": {}}"
            })
    void json(String text) {
        assertThat(Labels.parse("names.json", text)).isEqualTo(Labels.of(List.of("cat", "dog")));
        assertThat(Labels.parse("names.txt", "\n" + text + "\n")).isEqualTo(Labels.of(List.of("cat", "dog")));
    }

    @Test
    void jsonWithIds() {
        Labels labels = Labels.parse(
                "imagenet_class_index.json",
                "{\"0\": [\"n01440764\", \"tench\"], \"1\": [\"n01443537\", \"goldfish\"]}");
        assertThat(labels.ids()).containsExactly("n01440764", "n01443537");
        assertThat(labels.names()).containsExactly("tench", "goldfish");
        assertThat(Labels.parse("tokens.txt", "[PAD]\n[MASK]").names()).containsExactly("[PAD]", "[MASK]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | holds no names",
                "[] | holds no names",
                "7 | it is 7",
                "[1, | no valid JSON",
                "{\"0\": \"cat\", \"2\": \"dog\"} | found the number '2' among 2 classes",
                "{\"0\": \"cat\", \"00\": \"dog\"} | found the number '00' among 2 classes",
                "{\"cat\": 0, \"dog\": 0} | found the number '0' among 2 classes",
                "{\"cat\": 0, \"dog\": 99999999999999} | found the number '99999999999999'",
                "[\"cat\", null] | found null in place of a name",
                "[\"cat\", [\"dog\"]] | found [\"dog\"] in place of a name",
                "[\"cat\", \" \"] | in place of a name"
            })
    void brokenJson(String text, String message) {
        assertThatThrownBy(() -> Labels.parse("names.json", text))
                .isInstanceOf(VitrineException.class)
                .hasMessageContaining("names.json: ")
                .hasMessageContaining(message)
                .hasMessageContaining("expected a list of names");
    }

    @Test
    void deepJson() {
        assertThatThrownBy(() -> Labels.parse("names.json", "[".repeat(1_000_000)))
                .isInstanceOf(VitrineException.class)
                .hasMessageContaining("names.json: no valid JSON")
                .satisfies(problem -> assertThat(problem.getMessage()).hasSizeLessThan(1000));
    }
}
