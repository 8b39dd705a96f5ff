package dev.vitrine.app.perturbation;

import static dev.vitrine.app.Shell.vitrine;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.app.Shell;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code vitrine occlude} from words to files. */
class OccludeCommandTest {
    private static final List<String> MAPS =
            List.of("occlusion", "probability", "likeliest", "activation", "feature", "projection");

    @TempDir
    private Path folder;

    @Test
    void writesEveryMapThePageAndTheNumbersAndTheSameBytesAgain() throws Exception {
        Path picture = Shell.picture(folder, "a.png", 50, 40);
        Path model = Shell.model(folder);
        Path first = folder.resolve("first");
        Path second = folder.resolve("second");
        for (Path out : List.of(first, second)) {
            vitrine("occlude", picture, "--model", model, "--window", 7, "--stride", 4, "--target", 1, "--out", out)
                    .succeeds();
        }
        for (String map : MAPS) {
            assertThat(Files.readAllBytes(first.resolve("a-" + map + ".png")))
                    .as(map)
                    .isEqualTo(Files.readAllBytes(second.resolve("a-" + map + ".png")));
        }
        assertThat(Files.readString(first.resolve("index.html")))
                .contains("Probability of the class", "Most likely class", "class=\"classes\"");
        assertThat(Files.readString(first.resolve("occlusion.json")))
                .isEqualTo(Files.readString(second.resolve("occlusion.json")));
        JsonNode numbers = new JsonMapper()
                .readTree(Files.readString(first.resolve("occlusion.json")))
                .get("pictures")
                .get(0);
        int windows = (32 - 7) / 4 + 1;
        for (JsonNode map : List.of(
                numbers.get("probability"),
                numbers.get("likeliest"),
                numbers.get("feature").get("sums"))) {
            assertThat(map.size()).isEqualTo(windows);
            map.forEach(row -> assertThat(row.size()).isEqualTo(windows));
        }
        assertThat(numbers.get("windowsDone").asInt()).isEqualTo(windows * windows);
    }

    @Test
    void whatCannotBeIsRefused() {
        Path picture = Shell.picture(folder, "a.png", 50, 40);
        Path model = Shell.model(folder);
        vitrine("occlude", picture, "--model", model, "--window", 33).failsWith(2, "window 33", "32×32");
        vitrine("occlude", picture, "--model", model, "--stride", 0).failsWith(2, "--stride 0");
        vitrine("occlude", picture, "--model", model, "--layer", "nowhere").failsWith(2, "No layer 'nowhere'");
        vitrine("occlude", picture, "--model", model, "--target", "top:2").failsWith(2, "several classes");
        vitrine("occlude", picture, "--model", model, "--value", "loud").failsWith(2, "'loud'");
    }
}
