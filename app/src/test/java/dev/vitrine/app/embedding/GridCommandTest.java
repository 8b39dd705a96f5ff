package dev.vitrine.app.embedding;

import static dev.vitrine.app.Shell.vitrine;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.app.Shell;
import dev.vitrine.engine.oracle.Architectures;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GridCommandTest {
    @TempDir
    private Path folder;

    private Path model;
    private Path pictures;

    @BeforeEach
    void files() throws IOException {
        model = Shell.model(folder, Architectures.vgg(new Architectures.Size(1 / 16.0, 64, 10, 1), 1, 1, 1, 2));
        pictures = folder.resolve("pictures");
        for (int index = 0; index < 7; index++) {
            Path own = Files.createDirectories(pictures.resolve(index % 2 == 0 ? "cat" : "dog"));
            Shell.picture(own, index + ".png", 40 + 9 * index, 60);
        }
    }

    @Test
    void codesOfAnEarlierRunAreUsedAgain() throws IOException {
        Path out = folder.resolve("grid");
        Object[] words = {
            "grid", "--model", model, "--data", pictures, "--layer", "conv1", "--method", "pca", "--out", out
        };
        vitrine(words).succeeds();
        assertThat(ImageIO.read(out.resolve("grid.png").toFile()).getWidth() % 64)
                .isZero();
        assertThat(Files.readString(out.resolve("grid.html"))).contains("7 pictures in");
        byte[] page = Files.readAllBytes(out.resolve("grid.html"));
        Object codes = Files.getLastModifiedTime(out.resolve("codes/index.json"));
        vitrine(words).succeeds();
        assertThat(out.resolve("grid.html")).hasBinaryContent(page);
        assertThat(Files.getLastModifiedTime(out.resolve("codes/index.json"))).isEqualTo(codes);
        assertThat(out.resolve("unfinished")).doesNotExist();
    }

    @Test
    void aFinishedMapNeedsNoNetwork() throws IOException {
        Path codes = folder.resolve("codes");
        vitrine("codes", model, pictures, "--layer", "conv1", "--out", codes).succeeds();
        Path table;
        try (var files = Files.list(codes)) {
            table = files.filter(file -> file.toString().endsWith(".npy") && !file.endsWith("labels.npy"))
                    .findFirst()
                    .orElseThrow();
        }
        Path map = folder.resolve("map.npy");
        vitrine("embed", "--codes", table, "--output", map).succeeds();
        Path csv = codes.resolve("pictures.csv");
        Path out = folder.resolve("grid");
        vitrine(
                        "grid",
                        "--map",
                        map,
                        "--pictures",
                        csv,
                        "--data",
                        pictures,
                        "--assignment",
                        "nearest",
                        "--columns",
                        5,
                        "--thumbnail",
                        16,
                        "--out",
                        out)
                .succeeds();
        BufferedImage image = ImageIO.read(out.resolve("grid.png").toFile());
        assertThat(image.getWidth()).isEqualTo(5 * 16);
        assertThat(image.getHeight()).isEqualTo(6 * 16);
        vitrine("grid", "--map", map, "--data", pictures, "--out", out).failsWith(2, "--map without --pictures");
        vitrine("grid", "--map", map, "--pictures", csv, "--data", pictures.resolve("cat"), "--out", out)
                .failsWith(2, "which is not among the 4 given");
    }

    @Test
    void wrongRequestsAreTold() {
        vitrine("grid", "--model", model, "--data", pictures).failsWith(2, "Found no --layer");
        vitrine("grid", "--model", model, "--data", pictures, "--layer", "conv1", "--thumbnail", 7)
                .failsWith(2, "--thumbnail 7", "even number");
        vitrine("grid", "--model", model, "--data", pictures, "--layer", "conv1", "--columns", 0)
                .failsWith(2, "--columns 0");
        vitrine("grid", "--model", model, "--data", pictures, "--layer", "conv1", "--method", "mds")
                .failsWith(2, "'mds'", "tsne");
    }
}
