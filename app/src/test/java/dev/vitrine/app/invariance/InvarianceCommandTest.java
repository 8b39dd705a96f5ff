package dev.vitrine.app.invariance;

import static dev.vitrine.app.Shell.vitrine;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.vitrine.app.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class InvarianceCommandTest {
    @TempDir
    private Path folder;

    @Test
    void writesCurvesOfEachPicture() throws IOException {
        Path model = Shell.model(folder);
        Path data = Files.createDirectories(folder.resolve("data/3"));
        Shell.picture(data, "a.png", 40, 36);
        Shell.picture(data, "b.png", 36, 50);
        Path out = folder.resolve("out");
        Shell.Outcome outcome = vitrine(
                        "invariance", data.getParent(), "-m", model, "--transformation", "rotation,scale", "-o", out)
                .succeeds();
        assertThat(outcome.out()).contains("rotation", "scale", "invariance.html");
        assertThat(out.resolve("invariance.html")).isNotEmptyFile();
        assertThat(out.resolve("invariance.png")).isNotEmptyFile();
        JsonNode json = new JsonMapper().readTree(Files.readString(out.resolve("invariance.json")));
        assertThat(json.get("layers").size()).isEqualTo(2);
        JsonNode picture = json.get("pictures").get(0);
        assertThat(picture.get("label").asInt()).isEqualTo(3);
        assertThat(picture.get("curves").propertyNames()).containsExactly("scale", "rotation");
        JsonNode curve = picture.get("curves").get("rotation");
        assertThat(curve.get("distances").get(0).size()).isEqualTo(36);
        assertThat(curve.get("distances").get(0).get(0).asDouble()).isCloseTo(0, within(1e-6));
        assertThat(curve.get("distances").get(0).get(5).asDouble()).isPositive();
        assertThat(curve.get("probabilities").get(0).asDouble()).isBetween(0.0, 1.0);
    }

    @Test
    void wrongRequests() {
        Path model = Shell.model(folder);
        Path picture = Shell.picture(folder, "a.png", 40, 36);
        Path out = folder.resolve("out");
        vitrine("invariance", picture, "-m", model, "--transformation", "shear", "-o", out)
                .failsWith(2, "'shear'", "rotation");
        vitrine("invariance", picture, "-m", model, "--layer", "nothing", "-o", out)
                .failsWith(2, "nothing");
        vitrine("invariance", picture, "-m", model, "--target", "40", "-o", out).failsWith(2, "40");
        vitrine("invariance", folder.resolve("none.png"), "-m", model, "-o", out)
                .failsWith(1, "none.png");
    }
}
