package dev.vitrine.app.stimulus;

import static dev.vitrine.app.Shell.vitrine;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.app.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StimuliCommandTest {
    @TempDir
    private Path folder;

    @Test
    void writesClassFoldersForEachFamilyAndLevel() throws IOException {
        Path data = Files.createDirectories(folder.resolve("data/cat"));
        Shell.picture(data, "a.png", 40, 36);
        Files.writeString(data.resolve("broken.png"), "no picture");
        Path out = folder.resolve("out");
        vitrine("stimuli", "--data", data.getParent(), "--family", "low-pass,edges", "--size", 32, "-o", out)
                .failsWith(1, "broken.png");
        assertThat(out.resolve("low-pass-3/cat"))
                .isDirectoryContaining(file -> file.toString().endsWith(".png"));
        assertThat(out.resolve("edges/cat"))
                .isDirectoryContaining(file -> file.toString().endsWith(".png"));
        assertThat(out.resolve("contrast-5")).doesNotExist();
    }

    @Test
    void wrongRequests() throws IOException {
        Path out = folder.resolve("out");
        Path empty = Files.createDirectories(folder.resolve("empty"));
        vitrine("stimuli", "--data", empty, "-o", out).failsWith(1, "empty");
        vitrine("stimuli", "--data", empty, "--family", "sketch", "-o", out).failsWith(2, "'sketch'");
        vitrine("stimuli", "--data", empty, "--size", 0, "-o", out).failsWith(2, "--size");
        assertThat(out).doesNotExist();
    }
}
