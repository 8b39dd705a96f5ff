package dev.vitrine.app.training;

import static dev.vitrine.app.Shell.vitrine;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.app.Shell;
import dev.vitrine.engine.oracle.Architectures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code vitrine ablate} on a residual network with random weights, whose classes are numbers. */
class AblateCommandTest {
    @TempDir
    private Path folder;

    private Path model;
    private Path data;

    @BeforeEach
    void files() throws IOException {
        model = Shell.model(folder, Architectures.resNet18(Architectures.Size.tiny(1 / 16.0)));
        data = folder.resolve("pictures");
        for (String kind : new String[] {"3", "7", "elephant"}) {
            Files.createDirectories(data.resolve(kind));
            for (int index = 0; index < 3; index++) {
                Shell.picture(data.resolve(kind), index + ".png", 40 + index, 50);
            }
        }
    }

    private JsonNode json(Path out) throws IOException {
        return new JsonMapper().readTree(Files.readString(out.resolve("ablation.json")));
    }

    @Test
    void layersAsPagePlotAndNumbers() throws IOException {
        Path out = folder.resolve("out");
        Shell.Outcome outcome = vitrine("ablate", "--model", model, "--data", data, "--out", out)
                .succeeds();
        assertThat(outcome.err()).contains("note: left out", "elephant");
        assertThat(outcome.out()).contains("ablation.html", "ablation.png", "6 pictures", "block bypassed");
        JsonNode root = json(out);
        assertThat(root.get("whole").get("pictures").asInt()).isEqualTo(6);
        assertThat(root.get("layers").size()).isGreaterThan(20);
        assertThat(Files.readString(out.resolve("ablation.html")))
                .contains("Does the network need this layer?", "branch cut", "SHA-256 of the model")
                .doesNotContain("Partial", "NaN");
        byte[] numbers = Files.readAllBytes(out.resolve("ablation.json"));
        vitrine("ablate", "--model", model, "--data", data, "--out", out).succeeds();
        assertThat(out.resolve("ablation.json")).hasBinaryContent(numbers);
    }

    @Test
    void channelsOfALayer() throws IOException {
        Path out = folder.resolve("out");
        String layer = json(vitrineLayer(out)).get("layers").get(3).get("layer").asString();
        vitrine("ablate", "--model", model, "--data", data, "--group", "auto", "--layer", layer, "--out", out)
                .succeeds();
        JsonNode channels = json(out).get("channels").get(0);
        assertThat(channels.get("layer").asString()).isEqualTo(layer);
        assertThat(channels.get("importance").size()).isEqualTo(4);
        assertThat(channels.get("curves").get("weakest-first").size()).isEqualTo(5);
        assertThat(Files.readString(out.resolve("ablation.html")))
                .contains("How many channels does a layer need?")
                .doesNotContain("NaN");
    }

    private Path vitrineLayer(Path out) {
        vitrine("ablate", "--model", model, "--data", data, "--out", out).succeeds();
        return out;
    }

    @Test
    void clearErrors() throws IOException {
        Path out = folder.resolve("out");
        vitrine("ablate", "--model", model, "--data", data, "--group", "some", "--out", out)
                .failsWith(2, "--group some", "auto");
        vitrine("ablate", "--model", model, "--data", data, "--group", 4, "--recipe", "again.yaml", "--out", out)
                .failsWith(2, "--recipe: found beside --group");
        vitrine("ablate", "--model", model, "--data", data, "--group", 0, "--out", out)
                .failsWith(2, "--group 0");
        vitrine("ablate", "--model", model, "--data", data, "--layer", "nowhere", "--out", out)
                .failsWith(2, "No layer 'nowhere'");
        vitrine("ablate", "--model", model, "--data", data, "--without", "3,7", "--out", out)
                .failsWith(2, "none of its 1 folders (elephant)", "10 classes");
        Files.writeString(data.resolve("3").resolve("broken.png"), "no picture");
        Shell.Outcome broken = vitrine("ablate", "--model", model, "--data", data, "--out", out);
        assertThat(broken.status()).isEqualTo(1);
        assertThat(broken.err()).contains("broken.png");
        assertThat(Files.readString(out.resolve("ablation.html"))).contains("1 picture could not be read");
    }

    @Test
    void whereNoPictureCanBeReadTheFirstIsNamed() throws IOException {
        Path broken = folder.resolve("broken");
        Files.createDirectories(broken.resolve("3"));
        Files.writeString(broken.resolve("3").resolve("0.png"), "no picture");
        for (String fill : new String[] {"mean", "zero"}) {
            vitrine("ablate", "--model", model, "--data", broken, "--fill", fill, "--out", folder.resolve("out"))
                    .failsWith(1, "None of the 1 pictures could be read", "0.png");
        }
    }

    @Test
    void changedNetworksAreTrainedAnew() throws IOException {
        Path out = folder.resolve("out");
        Path recipe = folder.resolve("sizes.yaml");
        Files.writeString(recipe, """
                name: sizes
                input: {size: 16, fit: squash}
                network:
                  - conv: {name: conv1, filters: 4, size: 3, stride: 2}
                  - relu: {}
                  - full: {name: full2, units: 6}
                  - relu: {}
                data: {pictures: pictures, held-out: 0.4}
                optimizer: {rate: 0.01}
                batch: 2
                epochs: 9
                """);
        String[] words = {"ablate", "--recipe", "" + recipe, "--epochs", "1", "--out", "" + out};
        Shell.Outcome outcome = vitrine(with(words, "--change", "remove full2", "--change", "conv1: 8"))
                .succeeds();
        assertThat(outcome.out())
                .contains("without full2", "conv1: 4 → 8 filters", "unchanged", "held-out error", "ablation.html");
        JsonNode root = json(out);
        assertThat(root.get("epochs").asInt()).isEqualTo(1);
        assertThat(root.get("variants").size()).isEqualTo(3);
        JsonNode training = root.get("variants").get(1).get("trainings").get(0);
        assertThat(training.get("heldOutPictures").asInt()).isEqualTo(3);
        Shell.Outcome twice =
                vitrine(with(words, "--change", "conv1: 8", "--repeats", 2)).succeeds();
        assertThat(twice.out()).contains(" ± ", "Mean ± standard deviation of 2 trainings, seeds 0 to 1.");
        assertThat(json(out).get("repeats").asInt()).isEqualTo(2);
        vitrine(with(words, "--change", "conv1: 8", "--repeats", 0)).failsWith(2, "--repeats 0", "at least 1");
        vitrine("ablate", "--data", data, "--repeats", 2).failsWith(2, "--repeats: found no --change");
        Path trained = out.resolve("retrained/conv1-8/model.onnx");
        vitrine(with(words, "--change", "conv1: 8", "--model", trained))
                .failsWith(2, "'sizes' does not describe", "Conv 4×3×3×3 in the recipe", "Conv 8×3×3×3 in the model");
        vitrine(with(words, "--change", "conv1: 8", "--model", out.resolve("retrained/unchanged/model.onnx")))
                .succeeds();
        vitrine(with(words, "--change", "remove conv7")).failsWith(2, "no layer 'conv7'", "did you mean conv1");
        vitrine(with(words, "--change", "conv1: 8", "--layer", "conv1")).failsWith(2, "--change: found beside --layer");
        vitrine("ablate", "--change", "remove conv1").failsWith(2, "--change: found no --recipe");
        vitrine("ablate", "--model", model).failsWith(2, "Found no --data");
    }

    private static Object[] with(String[] words, Object... more) {
        return Stream.concat(Stream.of(words), Stream.of(more)).toArray();
    }
}
