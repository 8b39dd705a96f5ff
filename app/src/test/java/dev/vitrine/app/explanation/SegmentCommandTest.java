package dev.vitrine.app.explanation;

import static dev.vitrine.app.Shell.vitrine;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.vitrine.app.Shell;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code vitrine segment} from words to files. */
class SegmentCommandTest {
    @TempDir
    private Path folder;

    @Test
    void writesCutOutMaskAndOutline() throws Exception {
        assumeTrue(
                System.getProperty("os.name").equals("Linux")
                        && System.getProperty("os.arch").equals("amd64"),
                "skipped: OpenCV's library comes for Linux on x86-64 only");
        Path out = folder.resolve("out");
        Shell.Outcome outcome = vitrine(
                        "segment",
                        Shell.picture(folder, "a b.png", 60, 40),
                        "--model",
                        Shell.model(folder),
                        "--method",
                        "saliency",
                        "--out",
                        out)
                .succeeds();
        assertThat(outcome.out()).contains("a b.png", "% of the picture", "a-b-mask.png");
        BufferedImage mask = ImageIO.read(out.resolve("a-b-mask.png").toFile());
        BufferedImage cut = ImageIO.read(out.resolve("a-b-cutout.png").toFile());
        assertThat(out.resolve("a-b-outline.png")).isNotEmptyFile();
        int object = 0;
        for (int y = 0; y < mask.getHeight(); y++) {
            for (int x = 0; x < mask.getWidth(); x++) {
                boolean white = (mask.getRGB(x, y) & 255) == 255;
                assertThat(cut.getRGB(x, y) >>> 24).isEqualTo(white ? 255 : 0);
                object += white ? 1 : 0;
            }
        }
        assertThat(object).isBetween(1, mask.getWidth() * mask.getHeight() - 1);
    }

    @Test
    void clearErrors() {
        Path picture = Shell.picture(folder, "a.png", 40, 40);
        Path model = Shell.model(folder);
        vitrine("segment", picture, "--model", model, "--object", 0.05).failsWith(2, "background < object");
        vitrine("segment", picture, "--model", model, "--likely", 0.97).failsWith(2, "likely 0.97", "at most 0.95");
        vitrine("segment", picture, "--model", model, "--smoothing", -1).failsWith(2, "--smoothing -1");
        vitrine("segment", picture, "--model", model, "--target", "top:2").failsWith(2, "several classes");
    }
}
