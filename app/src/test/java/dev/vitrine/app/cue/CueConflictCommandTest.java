package dev.vitrine.app.cue;

import static dev.vitrine.app.Shell.vitrine;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.app.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class CueConflictCommandTest {
    @TempDir
    private Path folder;

    @Test
    void makesPicturesThatShapeBiasReads() throws IOException {
        Path model = Shell.model(folder);
        Path shapes = Files.createDirectories(folder.resolve("shapes"));
        Path textures = Files.createDirectories(folder.resolve("textures"));
        Shell.picture(shapes, "cat1.png", 40, 36);
        Shell.picture(Files.createDirectories(shapes.resolve("dog")), "any.png", 40, 36);
        Shell.picture(textures, "cat1.png", 33, 50);
        Shell.picture(textures, "dog1.png", 33, 50);
        Path out = folder.resolve("out");
        Object[] command = {
            "cue-conflict", "--shapes", shapes, "--textures", textures, "-m", model, "--steps", 2, "-o", out
        };
        vitrine(command).succeeds();
        JsonNode json = new JsonMapper().readTree(Files.readString(out.resolve("cue-conflict.json")));
        List<String> files = new ArrayList<>();
        for (JsonNode picture : json.get("pictures")) {
            files.add(picture.get("file").asString().replaceAll(".*/", ""));
            assertThat(out.resolve(picture.get("file").asString())).isNotEmptyFile();
            assertThat(picture.get("file").asString())
                    .startsWith(picture.get("both").asBoolean() ? "pictures/" : "rejected/");
        }
        assertThat(files).containsExactlyInAnyOrder("cat1-dog1.png", "dog1-cat1.png");
        assertThat(out.resolve("cue-conflict.png")).isNotEmptyFile();
        byte[] before = Files.readAllBytes(
                out.resolve(json.get("pictures").get(0).get("file").asString()));
        vitrine(command).succeeds();
        assertThat(out.resolve(json.get("pictures").get(0).get("file").asString()))
                .hasBinaryContent(before);
        Path classes = Files.writeString(folder.resolve("classes.csv"), "class,member\ncat,0\ndog,1\n");
        Path parent = Files.createDirectories(folder.resolve("all"));
        for (JsonNode picture : json.get("pictures")) {
            Path file = out.resolve(picture.get("file").asString());
            Files.copy(file, parent.resolve(file.getFileName()));
        }
        vitrine("shape-bias", "-m", model, "--data", parent, "--classes", classes, "-o", folder.resolve("bias"))
                .succeeds();
    }

    @Test
    void wrongRequests() throws IOException {
        Path model = Shell.model(folder);
        Path one = Files.createDirectories(folder.resolve("one"));
        Path empty = Files.createDirectories(folder.resolve("empty"));
        Shell.picture(one, "cat1.png", 40, 36);
        Path out = folder.resolve("out");
        vitrine("cue-conflict", "--shapes", one, "--textures", one, "-m", model, "-o", out)
                .failsWith(2, "[cat]", "two different ones");
        vitrine("cue-conflict", "--shapes", empty, "--textures", one, "-m", model, "-o", out)
                .failsWith(1, "empty");
        Path odd = Files.createDirectories(folder.resolve("odd/x_ray"));
        Shell.picture(odd, "a.png", 40, 36);
        vitrine("cue-conflict", "--shapes", odd.getParent(), "--textures", one, "-m", model, "-o", out)
                .failsWith(2, "'x_ray'");
        vitrine("cue-conflict", "--shapes", one, "--textures", one, "-m", model, "--count", 0, "-o", out)
                .failsWith(2, "--count");
        assertThat(out).doesNotExist();
    }
}
