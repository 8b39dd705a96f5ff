package dev.vitrine.lens.render.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Map;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class PngStreamTest {
    @Test
    void stripsGiveThePixelsOfTheWhole() throws IOException {
        BufferedImage whole = new BufferedImage(700, 450, BufferedImage.TYPE_INT_RGB);
        Random random = new Random(1);
        for (int y = 0; y < 450; y++) {
            for (int x = 0; x < 700; x++) {
                whole.setRGB(x, y, y < 200 ? random.nextInt() : x * y);
            }
        }
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        try (PngStream stream = new PngStream(file, 700, 450, Map.of("Title", "strips"))) {
            for (int top = 0; top < 450; top += 64) {
                // A strip that is reused, as tall as the largest.
                BufferedImage strip = new BufferedImage(700, 64, BufferedImage.TYPE_INT_RGB);
                int rows = Math.min(64, 450 - top);
                strip.createGraphics().drawImage(whole.getSubimage(0, top, 700, rows), 0, 0, null);
                stream.write(strip, rows);
            }
            stream.finish();
        }
        BufferedImage read = ImageIO.read(new ByteArrayInputStream(file.toByteArray()));
        assertThat(read.getWidth()).isEqualTo(700);
        assertThat(read.getHeight()).isEqualTo(450);
        for (int y = 0; y < 450; y++) {
            assertThat(read.getRGB(0, y, 700, 1, null, 0, 700)).isEqualTo(whole.getRGB(0, y, 700, 1, null, 0, 700));
        }
    }
}
