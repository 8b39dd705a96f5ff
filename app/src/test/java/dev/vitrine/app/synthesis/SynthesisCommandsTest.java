package dev.vitrine.app.synthesis;

import static dev.vitrine.app.Shell.vitrine;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.app.Shell;
import dev.vitrine.engine.oracle.Architectures;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.data.Npy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands that make pictures, from words to files. */
class SynthesisCommandsTest {
    @TempDir
    private Path folder;

    private Path model;
    private Path picture;
    private String layer;

    @BeforeEach
    void prepare() {
        model = Shell.model(folder, Architectures.squeezeNet(new Architectures.Size(1 / 16.0, 64, 10, 1)));
        picture = Shell.picture(folder, "a.png", 60, 48);
        List<String> lines = vitrine("layers", model).succeeds().out().lines().toList();
        layer = lines.stream()
                .filter(line -> line.contains("Concat"))
                .findFirst()
                .orElseThrow()
                .split(" ")[0];
    }

    /** Runs a command twice and compares all files. */
    private Path twice(String... words) throws IOException {
        List<Path> folders = new ArrayList<>();
        for (int run = 0; run < 2; run++) {
            Path out = folder.resolve(words[0] + run);
            List<Object> all = new ArrayList<>(List.of((Object[]) words));
            all.addAll(List.of("--model", model, "--steps", "3", "--seed", "4", "--out", out));
            vitrine(all.toArray()).succeeds();
            folders.add(out);
        }
        List<String> names = names(folders.get(0));
        assertThat(names).isEqualTo(names(folders.get(1))).contains("sheet.png", "index.html", "summary.json");
        for (String name : names) {
            assertThat(Files.readAllBytes(folders.get(0).resolve(name)))
                    .as(name)
                    .isEqualTo(Files.readAllBytes(folders.get(1).resolve(name)));
        }
        return folders.get(0);
    }

    private static List<String> names(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void visualizesClassesUnitsAndDirectionsWithTheirWay() throws IOException {
        Path way = folder.resolve("way.npy");
        Npy.write(way, Tensor.floats(new float[] {1, 0, -1, 2, 0, 0, 0, 0}, 8));
        Path out = twice(
                "visualize",
                "--target",
                "3",
                "--unit",
                layer + ":2",
                "--direction",
                layer + ":" + way,
                "--images",
                "2",
                "--gif",
                "--progress");
        assertThat(names(out)).contains("class-3-1.png", "class-3-2.png", "class-3-1.gif", "class-3-1-step-0003.png");
        assertThat(Files.readString(out.resolve("summary.json")))
                .contains("\"method\" : \"activation-maximization\"", "\"course\"", "network says");
        assertThat(Files.readString(out.resolve("index.html"))).contains("data:image/gif;base64,", "How it was made");
        ImageReader reader = ImageIO.getImageReadersByFormatName("gif").next();
        try (ImageInputStream stream =
                ImageIO.createImageInputStream(out.resolve("class-3-1.gif").toFile())) {
            reader.setInput(stream);
            assertThat(reader.getNumImages(true)).isEqualTo(4);
            assertThat(reader.read(0).getWidth()).isEqualTo(64);
        }
    }

    @Test
    void visualizesTheClassicWayAndASum() throws IOException {
        Path out = twice(
                "visualize",
                "--target",
                "1,2",
                "--together",
                "--form",
                "classic",
                "--clip-norm",
                "10",
                "--clip-contribution",
                "10",
                "--start",
                "gray");
        assertThat(names(out)).hasSize(4);
        assertThat(ImageIO.read(out.resolve("sheet.png").toFile()).getWidth()).isGreaterThan(64);
    }

    @Test
    void everyOtherCommandWritesItsPictures() throws IOException {
        String style = picture.toString();
        assertThat(names(twice("dream", style, "--octaves", "2"))).contains("dream.png");
        assertThat(names(twice("caricature", style, "--layer", layer))).hasSize(4);
        assertThat(names(twice("invert", style, "--layer", layer + ",logits"))).contains("picture.png", "logits.png");
        assertThat(names(twice("fool", "--target", "5"))).contains("noise.png");
        assertThat(names(twice("style", style, style, "--size", "48", "--colors", "luminance", "--gif")))
                .contains("content.png", "style.png", "painted.png", "painted.gif");
        assertThat(names(twice("texture", style, "--size", "48x40", "--optimizer", "lbfgs")))
                .contains("given.png", "texture.png");
        assertThat(ImageIO.read(folder.resolve("texture0/texture.png").toFile()).getHeight())
                .isEqualTo(40);
    }

    @Test
    void saysWhatIsWrong() throws IOException {
        vitrine("visualize", "--model", model).failsWith(2, "Found no objective");
        vitrine("visualize", "--model", model, "--unit", layer + ":999")
                .failsWith(2, "has no channel 999; expected 0 to");
        vitrine("visualize", "--model", model, "--target", "3", "--optimizer", "lbfgs", "--jitter", "4")
                .failsWith(2, "L-BFGS needs a deterministic objective");
        vitrine("visualize", "--model", model, "--target", "3", "--steps", "0").failsWith(2, "--steps 0");
        vitrine("texture", picture, "--model", model, "--style-layer", "logits", "--steps", "1")
                .failsWith(2, "without height and width");
        Path broken = folder.resolve("broken.png");
        Files.writeString(broken, "no picture");
        vitrine("dream", broken, "--model", model).failsWith(1, "broken.png");
        vitrine("style", picture, folder.resolve("none.png"), "--model", model).failsWith(1, "none.png");
        vitrine("dream", picture, "--model", model, "--octaves", "9").failsWith(2, "Take fewer octaves");
        Path fixed = Shell.model(folder, Architectures.vgg(Architectures.Size.tiny(1 / 16.0), 1, 1, 1));
        vitrine("visualize", "--model", fixed, "--target", "3", "--size", "48")
                .failsWith(2, "does not run on pictures of 48×48 pixels");
    }
}
