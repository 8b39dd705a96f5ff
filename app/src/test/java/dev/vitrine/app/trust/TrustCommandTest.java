package dev.vitrine.app.trust;

import static dev.vitrine.app.Shell.vitrine;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.app.Shell;
import dev.vitrine.engine.oracle.Architectures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code vitrine trust} from words to files. */
class TrustCommandTest {
    @TempDir
    private Path folder;

    private Path model;
    private Path pictures;

    @BeforeEach
    void files() throws IOException {
        model = Shell.model(folder, Architectures.vgg(Architectures.Size.tiny(1 / 8.0), 1, 1, 2));
        pictures = Files.createDirectories(folder.resolve("pictures"));
        for (int index = 0; index < 4; index++) {
            Shell.picture(pictures, "p" + index + ".png", 40 + 8 * index, 40);
        }
    }

    private Shell.Outcome trust(Path out, Object... more) {
        List<Object> words = new ArrayList<>(List.of("trust", pictures, "--model", model, "--out", out, "--stages", 3));
        words.addAll(List.of(more));
        return vitrine(words.toArray());
    }

    private static JsonNode json(Path out) throws IOException {
        return new JsonMapper().readTree(Files.readString(out.resolve("trust.json")));
    }

    @Test
    void onePageAndItsNumbers() throws IOException {
        Path out = folder.resolve("out");
        Shell.Outcome outcome = trust(
                        out, "--pictures", 3, "--method", "gradient,guided-backprop,deep-lift,grad-cam", "--seed", 5)
                .succeeds();
        assertThat(outcome.out()).contains("trust.html", "trust.json", "guided-backprop");
        assertThat(outcome.err()).contains("3 of 4 pictures are used");
        JsonNode root = json(out);
        assertThat(root.get("partial").asBoolean()).isFalse();
        assertThat(root.get("pictures").size()).isEqualTo(3);
        assertThat(root.get("methods").size()).isEqualTo(4);
        for (JsonNode method : root.get("methods")) {
            assertThat(method.get("cascading").size()).isEqualTo(3);
            assertThat(method.get("independent").size()).isEqualTo(3);
            assertThat(method.get("cascading").get(2).get("randomLayers").asInt())
                    .isEqualTo(root.get("layers").asInt());
            JsonNode measures = method.get("measures");
            for (String key : List.of("deletion", "insertion", "infidelity", "maxSensitivity", "sparseness")) {
                assertThat(measures.get(key).asDouble()).as(key).isBetween(0.0, 50.0);
            }
            assertThat(measures.has("completenessGap"))
                    .isEqualTo(method.get("method").asString().equals("deep-lift"));
            double area = 0;
            JsonNode shares = method.get("deletion").get("shares");
            JsonNode scores = method.get("deletion").get("scores");
            for (int index = 1; index < shares.size(); index++) {
                area += (shares.get(index).asDouble() - shares.get(index - 1).asDouble())
                        * (scores.get(index).asDouble() + scores.get(index - 1).asDouble())
                        / 2;
            }
            assertThat(measures.get("deletion").asDouble())
                    .isCloseTo(area, org.assertj.core.api.Assertions.within(1e-9));
        }
        String page = Files.readString(out.resolve("trust.html"));
        assertThat(page)
                .contains("Guided backpropagation", "Random map", "A method fails if", "<svg", "data:image/png")
                .doesNotContain("Partial", "http://", "https://", "NaN");
        trust(
                        folder.resolve("again"),
                        "--pictures",
                        3,
                        "--method",
                        "gradient,guided-backprop,deep-lift,grad-cam",
                        "--seed",
                        5)
                .succeeds();
        assertThat(folder.resolve("again").resolve("trust.html")).hasSameBinaryContentAs(out.resolve("trust.html"));
        assertThat(folder.resolve("again").resolve("trust.json")).hasSameBinaryContentAs(out.resolve("trust.json"));
    }

    @Test
    void boxesAddThePointingGame() throws IOException {
        Path boxes = folder.resolve("boxes.csv");
        Files.writeString(boxes, "file,xmin,ymin,xmax,ymax\np1.png,0,0,48,40\n");
        Path out = folder.resolve("out");
        trust(out, "--method", "gradient", "--boxes", boxes).succeeds();
        JsonNode measures = json(out).get("methods").get(0).get("measures");
        assertThat(measures.get("pointingGame").asDouble()).isEqualTo(1);
        assertThat(measures.get("evidenceInside").asDouble())
                .isCloseTo(1, org.assertj.core.api.Assertions.within(1e-9));
        Files.writeString(boxes, "other.png,0,0,48,40\n");
        trust(out, "--method", "gradient", "--boxes", boxes).failsWith(2, "none of the 4 sampled pictures", "p");
    }

    @Test
    void clearErrors() {
        Path out = folder.resolve("out");
        trust(out, "--pictures", 0).failsWith(2, "--pictures 0: expected a whole number from 1 up");
        trust(out, "--limit", 1.5).failsWith(2, "--limit 1.5");
        trust(out, "--method", "grad-kam").failsWith(2, "No method 'grad-kam'");
        trust(out, "--target", "top:3").failsWith(2, "several classes");
        trust(out, "--boxes", folder.resolve("no.csv")).failsWith(1, "no.csv");
        trust(model, "--method", "gradient").failsWith(1, "is a file");
    }

    @Test
    void whatCannotBeReadIsNamedAndTheRestIsDone() throws IOException {
        Files.writeString(pictures.resolve("p2.png"), "no picture");
        Path out = folder.resolve("out");
        Shell.Outcome outcome = trust(out, "--method", "gradient");
        assertThat(outcome.status()).isEqualTo(1);
        assertThat(outcome.err()).contains("p2.png");
        assertThat(json(out).get("pictures").size()).isEqualTo(3);
    }
}
