package dev.vitrine.app.unit;

import static dev.vitrine.app.Shell.vitrine;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.app.ExternalWeights;
import dev.vitrine.app.Shell;
import dev.vitrine.engine.oracle.Architectures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code examples}, {@code unit}, {@code activations}, {@code filters} and {@code dead} on the command line. */
class UnitCommandsTest {
    @TempDir
    private Path folder;

    private Path model;
    private Path pictures;
    private String conv;
    private String pooled;

    @BeforeEach
    void files() throws IOException {
        model = Shell.model(folder, Architectures.vgg(new Architectures.Size(1 / 16.0, 64, 10, 1), 1, 1, 1, 2));
        pictures = Files.createDirectories(folder.resolve("pictures/cat"));
        for (int index = 0; index < 6; index++) {
            Shell.picture(pictures, index + ".png", 40 + 9 * index, 60);
        }
        JsonNode layers = new JsonMapper()
                .readTree(vitrine("layers", model, "--json").succeeds().out())
                .get("layers");
        for (JsonNode layer : layers) {
            if (layer.get("operator").asString().equals("Relu") && conv == null) {
                conv = layer.get("name").asString();
            }
        }
        pooled = layers.get(layers.size() - 1).get("name").asString();
    }

    @Test
    void examplesAreKeptAndReused() throws IOException {
        Path out = folder.resolve("examples");
        Path data = folder.resolve("pictures");
        vitrine("examples", model, data, "--top", 3, "--bottom", 2, "--draw", 1, "--out", out)
                .succeeds();
        Path store = out.resolve("examples.parquet");
        byte[] first = Files.readAllBytes(store);
        String page = Files.readString(out.resolve("examples.html"));
        assertThat(page).contains("channel 0", conv, "cat/").endsWith("</html>\n");
        Shell.Outcome again = vitrine("examples", model, data, "--top", 3, "--bottom", 2, "--draw", 1, "--out", out)
                .succeeds();
        assertThat(again.err()).contains("holds 6 of 6 pictures");
        assertThat(store).hasBinaryContent(first);
        assertThat(Files.readString(out.resolve("examples.html"))).isEqualTo(page);
        vitrine("examples", model, data, "--top", 4, "--bottom", 2, "--out", out)
                .failsWith(2, "holds the answer to another question", "top 3, bottom 2", "top 4, bottom 2");

        vitrine(
                        "unit",
                        model,
                        conv + ":1",
                        "--data",
                        data,
                        "--store",
                        store,
                        "--steps",
                        0,
                        "--out",
                        folder.resolve("unit"))
                .succeeds();
        vitrine("unit", model, pooled + ":1", "--data", pictures, "--store", store, "--out", folder.resolve("unit"))
                .failsWith(2, "which it lacks");
    }

    @Test
    void examplesOfOtherWeightsInAFurtherFileAreNotReused() throws IOException {
        Path moved = ExternalWeights.moveOut(model, folder.resolve("apart"));
        Path out = folder.resolve("examples");
        vitrine("examples", moved, pictures, "--top", 1, "--draw", 0, "--out", out)
                .succeeds();
        ExternalWeights.change(moved);
        vitrine("examples", moved, pictures, "--top", 1, "--draw", 0, "--out", out)
                .failsWith(2, "holds the answer to another question");
    }

    @Test
    void aDirectionIsComparedWithUnits() {
        Path out = folder.resolve("directions");
        Shell.Outcome outcome = vitrine(
                        "examples",
                        model,
                        pictures,
                        "--layer",
                        conv,
                        "--random",
                        2,
                        "--top",
                        3,
                        "--draw",
                        0,
                        "--out",
                        out)
                .succeeds();
        assertThat(outcome.out()).contains("strongest pictures of a unit", "strongest pictures of a direction");
    }

    @Test
    void aUnitOnOnePage() throws IOException {
        Path out = folder.resolve("unit");
        vitrine("unit", model, conv + ":2", "--data", pictures, "--steps", 3, "--out", out)
                .succeeds();
        vitrine("unit", model, conv + ":2,3,4", "--data", pictures, "--steps", 0, "--out", out)
                .succeeds();
        vitrine("unit", model, pooled + ":2", "--steps", 0, "--out", out).succeeds();
        try (var files = Files.list(out)) {
            for (Path file : files.toList()) {
                assertThat(Files.readString(file))
                        .contains("Its weights")
                        .doesNotContain("NaN")
                        .endsWith("</html>\n");
            }
        }
        try (var files = Files.list(out)) {
            assertThat(files).hasSize(3);
        }
        try (var files = Files.list(out)) {
            assertThat(files.filter(file -> contains(file, "Synthesized to activate it")))
                    .hasSize(1);
        }
    }

    private static boolean contains(Path file, String words) {
        try {
            return Files.readString(file).contains(words);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void mapsFiltersAndDeadUnits() throws IOException {
        Path out = folder.resolve("maps");
        vitrine(
                        "activations",
                        pictures.resolve("0.png"),
                        "--model",
                        model,
                        "--layer",
                        conv,
                        "--order",
                        "strongest",
                        "--out",
                        out)
                .succeeds();
        assertThat(Files.readString(out.resolve("activations.html"))).contains("data-values", conv);
        Path filters = folder.resolve("filters");
        vitrine("filters", model, "--out", filters).succeeds();
        assertThat(ImageIO.read(filters.resolve("filters.png").toFile())).isNotNull();
        vitrine("filters", model, "--layer", pooled, "--most", 3, "--out", filters)
                .succeeds();
        Path dead = folder.resolve("dead");
        Files.writeString(pictures.resolve("broken.png"), "no picture");
        Shell.Outcome outcome = vitrine("dead", model, pictures, "--layer", conv, "--out", dead);
        outcome.failsWith(1, "broken.png");
        JsonNode found = new JsonMapper().readTree(Files.readString(dead.resolve("dead.json")));
        assertThat(found.get("pictures").asInt()).isEqualTo(6);
        assertThat(found.get("unreadable").asInt()).isEqualTo(1);
        assertThat(found.get("layers").get(0).get("channels").size()).isPositive();
    }

    @Test
    void clearErrors() throws IOException {
        Path out = folder.resolve("out");
        Path image = pictures.resolve("0.png");
        vitrine("activations", image, "--model", model, "--layer", pooled, "--out", out)
                .failsWith(2, "has no height and width");
        vitrine("unit", model, conv + ":9999", "--out", out).failsWith(2, "has no channel 9999; expected 0 to");
        vitrine("unit", model, conv, "--out", out).failsWith(2, "expected one, such as " + conv + ":0");
        vitrine("unit", model, pooled + ":0,0,0", "--out", out).failsWith(2, "has no height and width");
        vitrine("unit", model, "nowhere:0", "--out", out).failsWith(2, "No layer 'nowhere'");
        Path empty = Files.createDirectories(folder.resolve("empty"));
        vitrine("examples", model, empty, "--out", out).failsWith(1, "holds no pictures");
        vitrine("dead", model, empty, "--out", out).failsWith(1, "holds no pictures");
        vitrine("examples", model, pictures, "--top", 0, "--bottom", 0, "--out", out)
                .failsWith(2, "--bottom 0", "0 weakest examples; expected at least one");
        vitrine("examples", model, pictures, "--directions", folder.resolve("none.npy"), "--out", out)
                .failsWith(2, "expected one. Name it with --layer");
        Files.writeString(empty.resolve("broken.jpg"), "no picture");
        vitrine("examples", model, empty, "--out", out)
                .failsWith(1, "None of the 1 pictures could be read", "broken.jpg");
    }
}
