package dev.vitrine.app.robustness;

import static dev.vitrine.app.Shell.vitrine;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.app.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class RobustnessCommandTest {
    @TempDir
    private Path folder;

    private Path model;
    private Path data;
    private Path out;

    @BeforeEach
    void files() throws IOException {
        model = Shell.model(folder);
        data = folder.resolve("data");
        out = folder.resolve("out");
        for (int label = 0; label < 3; label++) {
            Path classFolder = Files.createDirectories(data.resolve(Integer.toString(label)));
            Shell.picture(classFolder, "a.png", 40 + label, 36);
            Shell.picture(classFolder, "b.png", 33, 50 + label);
        }
    }

    private JsonNode summary() throws IOException {
        return new JsonMapper().readTree(Files.readString(out.resolve("robustness.json")));
    }

    @Test
    void measuresNetworksByCorruptionAndSeverity() throws IOException {
        Path second = Files.copy(model, folder.resolve("second.onnx"));
        Shell.Outcome outcome = vitrine(
                        "robustness",
                        "--model",
                        model,
                        "--model",
                        second,
                        "--data",
                        data,
                        "--corruption",
                        "noise,fog",
                        "--severity",
                        "5,1",
                        "--out",
                        out)
                .succeeds();
        assertThat(outcome.out()).contains("net ", "second ", "mean error", "not normalized");
        assertThat(out.resolve("robustness.html")).isNotEmptyFile();
        assertThat(out.resolve("robustness.png")).isNotEmptyFile();
        assertThat(out.resolve("unfinished")).doesNotExist();
        JsonNode network = summary().get("networks").get(0);
        assertThat(network.get("pictures").asInt()).isEqualTo(6);
        assertThat(network.has("meanCorruptionError")).isFalse();
        assertThat(network.get("corruptions").propertyNames())
                .containsExactly("gaussian_noise", "shot_noise", "impulse_noise", "fog", "speckle_noise");
        assertThat(network.get("corruptions").get("fog").get("errors").size()).isEqualTo(2);
        JsonNode other = summary().get("networks").get(1);
        assertThat(other.get("corruptions")).isEqualTo(network.get("corruptions"));
    }

    @Test
    void encodingAsPublishedIsSaid() throws IOException {
        vitrine("robustness", "-m", model, "--data", data, "--severity", 3, "--as-published", "-o", out)
                .succeeds();
        assertThat(summary().get("encoding").asString()).isEqualTo("JPEG, quality 85");
        assertThat(summary().get("networks").get(0).get("corruptions").size()).isEqualTo(15);
    }

    @Test
    void wrongRequests() throws IOException {
        vitrine("robustness", "-m", model, "--data", data, "--corruption", "nois", "-o", out)
                .failsWith(2, "'nois'", "gaussian_noise");
        vitrine("robustness", "-m", model, "--data", data, "--severity", 7, "-o", out)
                .failsWith(2, "severity 7");
        vitrine("robustness", "-m", model, "-o", out).failsWith(2, "--data");
        Path empty = Files.createDirectories(folder.resolve("empty"));
        vitrine("robustness", "-m", model, "--data", empty, "-o", out).failsWith(1, "empty");
        assertThat(out).doesNotExist();
    }
}
