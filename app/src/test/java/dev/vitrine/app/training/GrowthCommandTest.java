package dev.vitrine.app.training;

import static dev.vitrine.app.Shell.vitrine;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.app.Shell;
import dev.vitrine.engine.onnx.OnnxWriter;
import dev.vitrine.engine.oracle.Architectures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code vitrine growth} on two files of one network with random weights. */
class GrowthCommandTest {
    @TempDir
    private Path folder;

    private Path checkpoints;
    private Path data;

    @BeforeEach
    void files() throws IOException {
        checkpoints = folder.resolve("checkpoints");
        Files.createDirectories(checkpoints);
        OnnxWriter.write(
                Architectures.vgg(Architectures.Size.tiny(1 / 16.0), 1, 1, 1), checkpoints.resolve("epoch-9.onnx"));
        Files.copy(checkpoints.resolve("epoch-9.onnx"), checkpoints.resolve("epoch-10.onnx"));
        data = folder.resolve("pictures");
        Files.createDirectories(data);
        for (int index = 0; index < 6; index++) {
            Shell.picture(data, index + ".png", 40 + index, 50);
        }
    }

    @Test
    void aFolderIsTakenInTheOrderOfItsNumbers() throws IOException {
        Path out = folder.resolve("out");
        Shell.Outcome outcome = vitrine(
                        "growth", checkpoints, "--data", data, "--per-layer", 2, "--pictures", 5, "--out", out)
                .succeeds();
        assertThat(outcome.err()).contains("5 of 6 pictures");
        assertThat(outcome.out()).contains("growth.html", "settling.png", "filters.png", "growth.json", "1.000");
        JsonNode root = new JsonMapper().readTree(Files.readString(out.resolve("growth.json")));
        assertThat(root.get("checkpoints").get(0).get("name").asString()).isEqualTo("epoch-9");
        assertThat(root.get("checkpoints").get(1).get("name").asString()).isEqualTo("epoch-10");
        assertThat(root.get("checkpoints")
                        .get(0)
                        .get("layers")
                        .get(0)
                        .get("likeness")
                        .asDouble())
                .isEqualTo(1);
        assertThat(Files.readString(out.resolve("growth.html")))
                .contains("How fast each layer converges", "Filters of the first layer")
                .doesNotContain("Partial", "NaN");
    }

    private Shell.Outcome growth(Path out, Object... more) {
        List<Object> words = new ArrayList<>(List.of("growth", checkpoints, "--data", data, "--per-layer", 1));
        words.addAll(List.of(more));
        words.addAll(List.of("--out", out));
        return vitrine(words.toArray());
    }

    /** Ended when all checkpoints are looked at, before the report is whole; one of them is forgotten. */
    private Path ended(String name) throws IOException {
        Path out = folder.resolve(name);
        Path inTheWay = Files.createDirectories(out.resolve("growth.html/in the way"));
        growth(out).failsWith(1, "growth.html");
        Files.delete(inTheWay);
        Files.delete(inTheWay.getParent());
        assertThat(out.resolve("unfinished/epoch-9.done")).exists();
        Files.delete(out.resolve("unfinished/epoch-8.done"));
        return out;
    }

    @Test
    void goesOnWhereItEndedAndEndsTheSame() throws IOException {
        OnnxWriter.write(
                Architectures.vgg(Architectures.Size.tiny(1 / 16.0), 1, 1, 1), checkpoints.resolve("epoch-8.onnx"));
        Path whole = folder.resolve("whole");
        growth(whole).succeeds();
        assertThat(whole.resolve("unfinished")).doesNotExist();
        Path out = ended("out");
        growth(out, "--seed", 1).failsWith(2, "unfinished work of another run", "found 'seed 0', expected 'seed 1'");
        growth(out).succeeds();
        try (Stream<Path> files = Files.walk(whole)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertThat(out.resolve(whole.relativize(file))).hasSameBinaryContentAs(file);
            }
        }
        assertThat(out.resolve("unfinished")).doesNotExist();
        Path changed = ended("changed");
        Shell.picture(data, "0.png", 99, 99);
        growth(changed).failsWith(2, "other pictures");
    }

    @Test
    void clearErrors() throws IOException {
        Path out = folder.resolve("out");
        vitrine("growth", checkpoints.resolve("epoch-9.onnx"), "--data", data, "--out", out)
                .failsWith(2, "Found 1 checkpoint", "at least two");
        vitrine("growth", data, "--data", data, "--out", out).failsWith(1, "holds no ONNX files");
        vitrine("growth", checkpoints, "--data", data, "--unit", "nowhere:3", "--out", out)
                .failsWith(2, "No layer 'nowhere'");
        vitrine("growth", checkpoints, "--data", data, "--compared", 1, "--out", out)
                .failsWith(2, "--compared 1");
        OnnxWriter.write(
                Architectures.vgg(Architectures.Size.tiny(1 / 8.0), 1, 1, 1), checkpoints.resolve("epoch-1.onnx"));
        vitrine("growth", checkpoints, "--data", data, "--out", out)
                .failsWith(
                        2,
                        "Checkpoint 'epoch-1' differs in architecture from 'epoch-10'",
                        "found Node",
                        "expected Node");
        Files.delete(checkpoints.resolve("epoch-1.onnx"));
        Files.writeString(data.resolve("broken.png"), "no picture");
        Shell.Outcome broken = vitrine("growth", checkpoints, "--data", data, "--per-layer", 1, "--out", out);
        assertThat(broken.status()).isEqualTo(1);
        assertThat(broken.err()).contains("broken.png");
    }
}
