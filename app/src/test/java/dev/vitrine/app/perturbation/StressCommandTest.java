package dev.vitrine.app.perturbation;

import static dev.vitrine.app.Shell.vitrine;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.app.Shell;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.data.Npy;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code vitrine stress}, and occlusion for programs, from words to files. */
class StressCommandTest {
    @TempDir
    private Path folder;

    @Test
    void writesEveryVariantAndTheSameBytesAgain() throws Exception {
        Path picture = Shell.picture(folder, "a.png", 60, 40);
        Path mask = Shell.picture(folder, "mask.png", 60, 40);
        Path model = Shell.model(folder);
        Path first = folder.resolve("first");
        Path second = folder.resolve("second");
        for (Path out : new Path[] {first, second}) {
            Shell.Outcome outcome = vitrine(
                            "stress", picture, "--model", model, "--mask", mask, "--texture", picture, "--out", out)
                    .succeeds();
            assertThat(outcome.out()).contains("4×4 parts shuffled", "silhouette", "texture of a.png", " → ");
        }
        for (String name : new String[] {
            "picture.png",
            "shuffled-2.png",
            "shuffled-8.png",
            "covered-4.png",
            "silhouette.png",
            "texture.png",
            "filled.png",
            "stress.png",
            "index.html",
            "summary.json"
        }) {
            assertThat(Files.readAllBytes(first.resolve(name)))
                    .as(name)
                    .isNotEmpty()
                    .isEqualTo(Files.readAllBytes(second.resolve(name)));
        }
    }

    @Test
    void aMaskOfAnotherSizeIsRefused() {
        Path picture = Shell.picture(folder, "a.png", 60, 40);
        Path mask = Shell.picture(folder, "mask.png", 40, 40);
        vitrine("stress", picture, "--model", Shell.model(folder), "--mask", mask)
                .failsWith(2, "40×40 pixels; expected 60×40");
    }

    @Test
    void occlusionForProgramsIsOneNumberForEachWindow() {
        Path model = Shell.model(folder);
        Path input = folder.resolve("x.npy");
        Path output = folder.resolve("drops.npy");
        int side = 32;
        Npy.write(input, Tensor.floats(new float[3 * side * side], 1, 3, side, side));
        vitrine(
                        "attribute",
                        "--model",
                        model,
                        "--input",
                        input,
                        "--method",
                        "occlusion",
                        "--target",
                        1,
                        "--window",
                        5,
                        "--stride",
                        3,
                        "--value",
                        0,
                        "--output",
                        output)
                .succeeds();
        int windows = (side - 5) / 3 + 1;
        assertThat(Npy.read(output).shape()).containsExactly(windows, windows);
    }
}
