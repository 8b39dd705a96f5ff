package dev.vitrine.lens.render.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StoredImageTest {
    /** Also of noise, which does not become smaller, and of few pixels. */
    @ParameterizedTest
    @ValueSource(ints = {BufferedImage.TYPE_INT_RGB, BufferedImage.TYPE_INT_ARGB, BufferedImage.TYPE_3BYTE_BGR})
    void isDrawnAsBefore(int type) throws IOException {
        Random random = new Random(type);
        for (int side : new int[] {1, 7, 300}) {
            BufferedImage image = new BufferedImage(side, side + 1, type);
            for (int pixel = 0; pixel < side * (side + 1); pixel++) {
                image.setRGB(pixel % side, pixel / side, random.nextInt());
            }
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            StoredImage.write(image, new DataOutputStream(bytes));
            BufferedImage found = StoredImage.read(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
            assertThat(found.getType()).isEqualTo(type);
            int[] pixels = image.getRGB(0, 0, side, side + 1, null, 0, side);
            assertThat(found.getRGB(0, 0, side, side + 1, null, 0, side)).isEqualTo(pixels);
        }
    }
}
