package dev.vitrine.app.training;

import static dev.vitrine.app.Shell.vitrine;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.app.ExternalWeights;
import dev.vitrine.app.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code vitrine probe} on a network with random weights and pictures of noise: wide ones and narrow ones. */
class ProbeCommandTest {
    @TempDir
    private Path folder;

    private Path model;
    private Path data;

    @BeforeEach
    void files() throws IOException {
        model = Shell.model(folder);
        data = folder.resolve("pictures");
        for (String kind : new String[] {"wide", "narrow"}) {
            Files.createDirectories(data.resolve(kind));
            for (int index = 0; index < 8; index++) {
                int size = 40 + index;
                boolean wide = kind.equals("wide");
                Shell.picture(data.resolve(kind), index + ".png", wide ? 3 * size : size, wide ? size : 3 * size);
            }
        }
    }

    @Test
    void writesAPageAPlotAndNumbersAndASecondRunKeepsTheFeatures() throws IOException {
        Path out = folder.resolve("out");
        Shell.Outcome first = vitrine("probe", "--model", model, "--data", data, "--grid", "1,2", "--out", out)
                .succeeds();
        assertThat(first.out()).contains("probe.html", "probe.png", "probe.json", "chance level 50.0 %");
        JsonNode root = new JsonMapper().readTree(Files.readString(out.resolve("probe.json")));
        assertThat(root.get("classes").size()).isEqualTo(2);
        assertThat(root.get("layers").get(0).get("layer").asString()).isEqualTo("image");
        assertThat(root.get("layers")
                        .get(0)
                        .get("trials")
                        .get(0)
                        .get("trainingPictures")
                        .asInt())
                .isEqualTo(12);
        assertThat(Files.readString(out.resolve("probe.html")))
                .contains("Accuracy by layer", "Accuracy by class on", "SHA-256 of the model")
                .doesNotContain("Partial", "NaN");
        byte[] numbers = Files.readAllBytes(out.resolve("probe.json"));
        Shell.Outcome second = vitrine("probe", "--model", model, "--data", data, "--grid", "1,2", "--out", out)
                .succeeds();
        assertThat(second.err()).contains("features of all 16 pictures");
        assertThat(out.resolve("probe.json")).hasBinaryContent(numbers);
    }

    @Test
    void featuresOfOtherWeightsInAFurtherFileAreNotKept() throws IOException {
        Path moved = ExternalWeights.moveOut(model, folder.resolve("apart"));
        Path out = folder.resolve("out");
        for (int run = 0; run < 2; run++) {
            Shell.Outcome outcome = vitrine("probe", "--model", moved, "--data", data, "--grid", 1, "--out", out)
                    .succeeds();
            assertThat(outcome.err()).doesNotContain("features of all 16 pictures");
            ExternalWeights.change(moved);
        }
    }

    @Test
    void clearErrors() throws IOException {
        Path out = folder.resolve("out");
        vitrine("probe", "--model", model, "--data", folder.resolve("none"), "--out", out)
                .failsWith(1, "no such folder");
        vitrine("probe", "--model", model, "--data", data, "--layer", "nowhere", "--out", out)
                .failsWith(2, "No layer 'nowhere'");
        vitrine("probe", "--model", model, "--data", data, "--without", "tall", "--out", out)
                .failsWith(2, "--without tall", "narrow, wide");
        vitrine("probe", "--model", model, "--data", data, "--without", "wide", "--out", out)
                .failsWith(2, "found one class, 'narrow'");
        vitrine("probe", "--model", model, "--data", data.resolve("wide"), "--out", out)
                .failsWith(2, "none in a class folder");
        assertThat(vitrine("probe", "--model", model, "--data", data, "--shots", 5000, "--out", out)
                        .succeeds()
                        .out())
                .contains("Not all classes have 5000 training pictures");
        vitrine("probe", "--model", model, "--data", data, "--shots", 0, "--out", out)
                .failsWith(2, "--shots 0");
        vitrine("probe", "--model", model, "--data", data, "--held-out", 1, "--out", out)
                .failsWith(2, "--held-out 1");
        Files.writeString(data.resolve("wide").resolve("broken.png"), "no picture");
        Shell.Outcome broken = vitrine("probe", "--model", model, "--data", data, "--layer", "image", "--out", out);
        assertThat(broken.status()).isEqualTo(1);
        assertThat(broken.err()).contains("broken.png");
        assertThat(Files.readString(out.resolve("probe.html"))).contains("1 picture could not be read", "broken.png");
    }
}
