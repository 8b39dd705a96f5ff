package dev.vitrine.app.embedding;

import static dev.vitrine.app.Shell.vitrine;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.app.Shell;
import dev.vitrine.engine.oracle.Architectures;
import dev.vitrine.lens.data.Npy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CodesCommandTest {
    @TempDir
    private Path folder;

    private Path model;
    private Path pictures;

    @BeforeEach
    void files() throws IOException {
        model = Shell.model(folder, Architectures.vgg(new Architectures.Size(1 / 16.0, 64, 10, 1), 1, 1, 1, 2));
        pictures = Files.createDirectories(folder.resolve("pictures"));
        Shell.picture(pictures, "one.png", 40, 60);
        Shell.picture(pictures, "two.png", 50, 60);
    }

    private Shell.Outcome codes(String layer, Object... more) {
        Object[] words = new Object[7 + more.length];
        System.arraycopy(
                new Object[] {"codes", model, pictures, "--layer", layer, "--out", folder.resolve("out")},
                0,
                words,
                0,
                7);
        System.arraycopy(more, 0, words, 7, more.length);
        return vitrine(words);
    }

    @Test
    void wrongRequestsAreTold() {
        codes("conv1", "--positions", 3).failsWith(2, "--positions without --pool positions", "give both or neither");
        codes("conv1", "--positions", 3, "--pool", "max").failsWith(2, "--positions without --pool positions");
        codes("conv1", "--positions", 0, "--pool", "positions").failsWith(2, "Found 0 positions", "at least 1");
        codes("conv1", "--positions", -4, "--pool", "positions").failsWith(2, "Found -4 positions", "at least 1");
        codes("conv1", "--positions", "few", "--pool", "positions").failsWith(2, "few", "--positions");
        codes("conv1", "--pool", "median").failsWith(2, "median", "positions");
        codes("nowhere").failsWith(2, "nowhere");
    }

    @Test
    void morePositionsThanALayerHasAreAllOfThem() throws IOException {
        codes("conv1", "--positions", 1_000_000, "--pool", "positions").succeeds();
        try (var files = Files.list(folder.resolve("out"))) {
            Path table = files.filter(file -> file.toString().endsWith(".positions.npy"))
                    .findFirst()
                    .orElseThrow();
            long[] places = Npy.read(table).shape();
            assertThat(places[0]).isEqualTo(2L * 64 * 64);
        }
    }
}
