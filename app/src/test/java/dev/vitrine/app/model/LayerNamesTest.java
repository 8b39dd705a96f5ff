package dev.vitrine.app.model;

import static dev.vitrine.app.Shell.vitrine;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.app.Shell;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Layers and units by short names on the command line, and those that are not there. */
class LayerNamesTest {
    @TempDir
    private Path folder;

    private Path model;
    private Path picture;
    private Path out;

    @BeforeEach
    void files() {
        model = Shell.model(folder);
        picture = Shell.picture(folder, "photo.png", 40, 40);
        out = folder.resolve("out");
    }

    private String layer(String alias) {
        JsonNode layers = new JsonMapper()
                .readTree(vitrine("layers", model, "--json").succeeds().out())
                .get("layers");
        for (JsonNode layer : layers) {
            if (layer.path("alias").asString("").equals(alias)) {
                return layer.get("name").asString();
            }
        }
        throw new AssertionError("no layer " + alias + " in " + layers);
    }

    @Test
    void shortNamesStandInTheTable() {
        assertThat(vitrine("layers", model).succeeds().out())
                .contains("short name", " conv2 ", " relu2 ", " pool1 ", " dense1 ");
    }

    @Test
    void everyCommandTakesShortNamesAndSaysWhatTheyStandFor() {
        String relu = layer("relu2");
        String note = "note: layer 'relu2' is '" + relu + "'.";
        assertThat(vitrine(
                                "explain",
                                picture,
                                "--model",
                                model,
                                "--method",
                                "grad-cam",
                                "--layer",
                                "relu2",
                                "--out",
                                out)
                        .succeeds()
                        .err())
                .contains(note);
        assertThat(vitrine(
                                "explain",
                                picture,
                                "--model",
                                model,
                                "--method",
                                "gradient",
                                "--unit",
                                "relu2:1",
                                "--out",
                                out)
                        .succeeds()
                        .err())
                .contains(note);
        assertThat(vitrine("unit", "relu2:1", "--model", model, "--steps", 0, "--out", out)
                        .succeeds()
                        .err())
                .contains(note);
        assertThat(vitrine("activations", picture, "--model", model, "--layer", "relu2", "--out", out)
                        .succeeds()
                        .err())
                .contains(note);
        assertThat(vitrine("filters", model, "--layer", "conv2", "--out", out)
                        .succeeds()
                        .err())
                .contains("note: layer 'conv2' is '" + layer("conv2") + "'.");
        assertThat(vitrine("visualize", "--unit", "relu2:1", "--model", model, "--steps", 1, "--out", out)
                        .succeeds()
                        .err())
                .contains(note);
        assertThat(vitrine("invert", picture, "--model", model, "--layer", "relu2", "--steps", 1, "--out", out)
                        .succeeds()
                        .err())
                .contains(note);
        assertThat(vitrine("occlude", picture, "--model", model, "--layer", "relu2", "--out", out)
                        .succeeds()
                        .err())
                .contains(note);
        assertThat(vitrine(
                                "compile",
                                "--model",
                                model,
                                "--method",
                                "grad-cam",
                                "--layer",
                                "relu2",
                                "-o",
                                folder.resolve("e.onnx"))
                        .succeeds()
                        .err())
                .contains(note);
    }

    @ParameterizedTest
    @ValueSource(strings = {"relu2:99999", "relu2:0,99,0", "relu2:0,0,99", "dense1:99999", "dense1:0,1,0"})
    void aUnitThatIsNotThereIsAUsageErrorAtOnce(String unit) {
        vitrine("explain", picture, "--model", model, "--unit", unit, "--out", out)
                .failsWith(2, " has no ", "expected 0 to ");
        assertThat(out.resolve("index.html")).doesNotExist();
        vitrine("compile", "--model", model, "--method", "gradient", "--unit", unit, "-o", folder.resolve("e.onnx"))
                .failsWith(2, " has no ", "expected 0 to ");
    }

    @Test
    void aMethodThatCannotBeMadeIsLeftOutOrAUsageError() {
        vitrine("explain", picture, "--model", model, "--layer", "nothing", "--out", out)
                .failsWith(2, "No layer 'nothing'");
        vitrine("explain", picture, "--model", model, "--layer", "dense1", "--method", "grad-cam", "--out", out)
                .failsWith(2, "expected maps with height and width");
        vitrine(
                        "explain",
                        picture,
                        "--model",
                        model,
                        "--layer",
                        "dense1",
                        "--method",
                        "grad-cam,layer-cam",
                        "--out",
                        out)
                .failsWith(2, "left out: grad-cam", "left out: layer-cam", "None of the methods applies to");
        assertThat(out.resolve("index.html")).doesNotExist();
        vitrine(
                        "explain",
                        picture,
                        "--model",
                        model,
                        "--layer",
                        "dense1",
                        "--method",
                        "grad-cam,gradient",
                        "--out",
                        out)
                .failsWith(1, "left out: grad-cam");
        assertThat(Files.exists(out.resolve("index.html"))).isTrue();
        assertThat(vitrine(
                                "explain",
                                picture,
                                "--model",
                                model,
                                "--unit",
                                "dense1:3",
                                "--method",
                                "grad-cam",
                                "--out",
                                out)
                        .succeeds()
                        .err())
                .contains("note: class activation maps of channel 3 of " + layer("dense1") + " are drawn at '");
        assertThat(vitrine(
                                "compile",
                                "--model",
                                model,
                                "--unit",
                                "dense1:3",
                                "--method",
                                "grad-cam",
                                "-o",
                                folder.resolve("unit.onnx"))
                        .succeeds()
                        .err())
                .contains("note: class activation maps of channel 3 of " + layer("dense1") + " are drawn at '");
    }

    /** Half of all neurons behind a rectifier are silent at a place. */
    @Test
    void aMapThatIsZeroEverywhereSaysWhy() {
        boolean silent = false;
        boolean heard = false;
        for (int channel = 0; channel < 4; channel++) {
            Path folderOfUnit = folder.resolve("unit" + channel);
            Shell.Outcome outcome = vitrine(
                            "explain",
                            picture,
                            "--model",
                            model,
                            "--method",
                            "gradient",
                            "--unit",
                            "relu1:" + channel + ",9,9",
                            "--out",
                            folderOfUnit)
                    .succeeds();
            boolean said = outcome.err()
                    .contains("The map is zero everywhere: neuron " + channel + ",9,9 of " + layer("relu1")
                            + " is 0 on this picture");
            assertThat(folderOfUnit.resolve("index.html"))
                    .content()
                    .satisfies(page -> assertThat(page.contains("The map is zero everywhere"))
                            .isEqualTo(said));
            silent |= said;
            heard |= !said;
        }
        assertThat(silent && heard).isTrue();
    }
}
