package dev.vitrine.app.training;

import static dev.vitrine.app.Shell.vitrine;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.app.Shell;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code vitrine train}, from words to files that other commands take. */
class TrainCommandTest {
    @TempDir
    private Path folder;

    private Path recipe;

    @BeforeEach
    void prepare() throws IOException {
        Random random = new Random(1);
        for (String name : List.of("dark", "light")) {
            Path pictures = Files.createDirectories(folder.resolve("pictures").resolve(name));
            for (int i = 0; i < 10; i++) {
                BufferedImage image = new BufferedImage(12, 12, BufferedImage.TYPE_INT_RGB);
                for (int place = 0; place < 144; place++) {
                    int gray = random.nextInt(100) + (name.equals("light") ? 150 : 0);
                    image.setRGB(place % 12, place / 12, gray * 0x10101);
                }
                ImageIO.write(image, "png", pictures.resolve(i + ".png").toFile());
            }
        }
        recipe = Files.writeString(folder.resolve("shades.yaml"), """
                name: shades
                input: {size: 12, fit: squash, mean: [0.5, 0.5, 0.5]}
                network:
                  - conv: {name: conv1, filters: 8, size: 3}
                  - relu: {}
                  - mean-pool: {}
                data: {pictures: pictures, held-out: 0.3}
                optimizer: {rate: 0.05}
                batch: 7
                epochs: 4
                checkpoints: [2]
                """);
    }

    @Test
    void whatItLeavesIsTakenByOtherCommands() throws IOException {
        Path out = folder.resolve("out");
        Shell.Outcome outcome = vitrine("train", recipe, "--out", out).succeeds();
        assertThat(outcome.out())
                .contains("2 classes, 14 training pictures, 6 held out", "Held-out accuracy")
                .contains(
                        out.resolve("model.onnx").toString(),
                        out.resolve("training.html").toString());
        assertThat(Files.readString(out.resolve("training.html")))
                .contains("Training of shades", "After 4 of 4 epochs", ">light<", "Accuracy")
                .contains("SGD, momentum 0.9 (Nesterov)")
                .doesNotContain("Sgd[", "Augmentation[");
        vitrine("layers", out.resolve("checkpoints/epoch-002.onnx")).succeeds();
        Shell.Outcome explained = vitrine(
                        "explain",
                        folder.resolve("pictures/light/1.png"),
                        "--model",
                        out.resolve("model.onnx"),
                        "--method",
                        "gradient",
                        "--out",
                        folder.resolve("explained"))
                .succeeds();
        assertThat(explained.out()).contains("light").contains("dark");
        assertThat(explained.err()).doesNotContain("guessed");
    }

    @Test
    void aTrainingIsNotOverwrittenAndGoesOnOnlyWhereThereIsOne() {
        Path out = folder.resolve("out");
        vitrine("train", recipe, "--out", out, "--epochs", 1).succeeds();
        vitrine("train", recipe, "--out", out).failsWith(2, "a training in", "--resume");
        vitrine("train", recipe, "--out", out, "--resume").failsWith(2, "another recipe");
        assertThat(vitrine("train", recipe, "--out", out, "--resume", "--epochs", 1)
                        .succeeds()
                        .out())
                .contains("already trained for all 1 epochs")
                .doesNotContain("pictures/s");
        vitrine("train", recipe, "--out", folder.resolve("new"), "--resume").failsWith(2, "no training to go on with");
    }

    @Test
    void otherPicturesMayTakeThePlaceOfTheRecipes() {
        vitrine("train", recipe, "--out", folder.resolve("out"), "--data", folder.resolve("none"))
                .failsWith(1, "none", "no such folder");
        vitrine("train", recipe, "--out", folder.resolve("out"), "--data", "a,b,c")
                .failsWith(2, "found 3 paths");
        vitrine("train", recipe, "--out", folder.resolve("out"), "--data", folder.resolve("pictures"), "--epochs", 1)
                .succeeds();
    }

    @Test
    void wrongWordsAreNamed() throws IOException {
        vitrine("train", folder.resolve("none.yaml")).failsWith(1, "none.yaml");
        vitrine("train", recipe, "--epochs", 0).failsWith(2, "--epochs 0");
        Path broken = Files.writeString(folder.resolve("broken.yaml"), "network: [\n");
        vitrine("train", broken).failsWith(1, "broken.yaml", "no valid YAML");
        vitrine("train", folder.resolve("pictures/dark/1.png")).failsWith(1, "1.png", "no UTF-8 text");
    }
}
