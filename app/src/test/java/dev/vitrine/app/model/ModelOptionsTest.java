package dev.vitrine.app.model;

import static dev.vitrine.app.Shell.vitrine;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.app.Shell;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A network that comes with the program answers wherever none is named. */
class ModelOptionsTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "explain", "occlude", "trust", "where", "segment", "stress", "unit", "examples", "activations",
                        "filters",
                "dead", "probe", "visualize", "dream", "caricature", "fool", "invert", "style", "texture", "ablate",
                "attribute", "compile", "layers"
            })
    void everyCommandTakesAModelAndHasOne(String command) {
        assertThat(vitrine(command, "--help").succeeds().out().replaceAll("\\s+", " "))
                .contains(
                        "-m, --model=FILE|NAME The network: an ONNX file, or zf-caltech or mnist-cnn",
                        "Default: zf-caltech.");
    }

    @Test
    void theUsualModelAnswersWhereNoneIsNamed() {
        assertThat(vitrine("layers").succeeds().out()).contains("zf-caltech: 27 layers");
        assertThat(vitrine("layers", "--model", "mnist-cnn").succeeds().out()).contains("mnist-cnn: 11 layers");
        Path picture = Shell.picture(folder, "a.png", 120, 110);
        vitrine("dead", folder, "--layer", "relu1", "--out", folder.resolve("dead"))
                .succeeds();
        vitrine("activations", picture, "--layer", "relu1", "--out", folder.resolve("activations"))
                .succeeds();
        vitrine("filters", "--most", 2, "--out", folder.resolve("filters")).succeeds();
        assertThat(folder.resolve("filters/filters.html")).content().contains("zf-caltech");
    }

    @Test
    void aModelIsNamedOnce() {
        vitrine("dead", "mnist-cnn", folder, "--model", "zf-caltech")
                .failsWith(2, "--model zf-caltech", "given twice", "'mnist-cnn'");
        vitrine("unit", "mnist-cnn").failsWith(2, "mnist-cnn");
    }
}
