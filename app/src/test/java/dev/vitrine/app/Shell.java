package dev.vitrine.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.app.terminal.Stop;
import dev.vitrine.app.terminal.Terminal;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.onnx.OnnxWriter;
import dev.vitrine.engine.oracle.Architectures;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Random;
import javax.imageio.ImageIO;

/** Runs commands within the test, and makes what they work on. */
public final class Shell {
    /** What a command left behind. */
    public record Outcome(int status, String out, String err) {
        public Outcome failsWith(int expected, String... parts) {
            assertThat(err).as("error of a command that ended with %d", status).contains(parts);
            assertThat(status).isEqualTo(expected);
            assertThat(err).doesNotContain("\tat ").doesNotContain("Exception").doesNotContain("internal error");
            return this;
        }

        public Outcome succeeds() {
            assertThat(status).as(err).isZero();
            return this;
        }
    }

    private Shell() {}

    public static Outcome vitrine(Object... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        String[] words = new String[arguments.length];
        for (int index = 0; index < words.length; index++) {
            words[index] = arguments[index].toString();
        }
        Terminal terminal = new Terminal(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                Terminal.Liveliness.QUIET,
                100);
        int status = Vitrine.run(terminal, new Stop(), words);
        return new Outcome(status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    /** A small VGG with random weights and 10 classes, for pictures of 32×32. */
    public static Path model(Path folder) {
        return model(folder, Architectures.vgg(Architectures.Size.tiny(1 / 16.0), 1, 1, 1));
    }

    public static Path model(Path folder, Graph graph) {
        Path file = folder.resolve("net.onnx");
        OnnxWriter.write(graph, file);
        return file;
    }

    public static Path picture(Path folder, String name, int width, int height) {
        return picture(folder, name, width, height, BufferedImage.TYPE_INT_RGB);
    }

    /** Noise, as a PNG of a kind of {@link BufferedImage}. */
    public static Path picture(Path folder, String name, int width, int height, int kind) {
        BufferedImage image = new BufferedImage(width, height, kind);
        Random random = new Random(1);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                image.setRGB(x, y, random.nextInt() | 0x40000000);
            }
        }
        try {
            Path file = folder.resolve(name);
            ImageIO.write(image, "png", file.toFile());
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
