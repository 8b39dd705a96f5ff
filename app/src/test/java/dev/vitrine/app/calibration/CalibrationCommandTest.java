package dev.vitrine.app.calibration;

import static dev.vitrine.app.Shell.vitrine;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.app.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class CalibrationCommandTest {
    @TempDir
    private Path folder;

    @Test
    void writesTheReliabilityDiagram() throws IOException {
        Path model = Shell.model(folder);
        Path data = folder.resolve("data");
        for (int label = 0; label < 3; label++) {
            Path classFolder = Files.createDirectories(data.resolve(Integer.toString(label)));
            Shell.picture(classFolder, "a.png", 40 + label, 36);
            Shell.picture(classFolder, "b.png", 33, 50 + label);
        }
        Path out = folder.resolve("out");
        Shell.Outcome outcome =
                vitrine("calibration", "--data", data, "-m", model, "-o", out).succeeds();
        assertThat(outcome.out()).contains("expected calibration error", "temperature");
        assertThat(out.resolve("calibration.html")).isNotEmptyFile();
        assertThat(out.resolve("calibration.png")).isNotEmptyFile();
        JsonNode found = new JsonMapper()
                .readTree(Files.readString(out.resolve("calibration.json")))
                .get("calibration");
        assertThat(found.get("pictures").asInt()).isEqualTo(6);
        assertThat(found.get("temperature").asDouble()).isPositive();
    }

    @Test
    void wrongRequests() throws IOException {
        Path model = Shell.model(folder);
        Path out = folder.resolve("out");
        vitrine("calibration", "-m", model, "-o", out).failsWith(2, "--data");
        Path empty = Files.createDirectories(folder.resolve("empty"));
        vitrine("calibration", "-m", model, "--data", empty, "-o", out).failsWith(1, "empty");
        assertThat(out).doesNotExist();
        Path data = Files.createDirectories(folder.resolve("data/0"));
        Shell.picture(data, "a.png", 40, 36);
        vitrine("calibration", "-m", model, "--data", data.getParent(), "--activation", "sigmoid", "-o", out)
                .failsWith(2, "softmax");
    }
}
