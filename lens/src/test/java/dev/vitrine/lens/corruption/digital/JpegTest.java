package dev.vitrine.lens.corruption.digital;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.lens.data.Picture;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JpegTest {
    /** First entries of the tables of ITU-T T.81, K.1 and K.2, in zigzag order. */
    private static final int[][] STANDARD = {
        {16, 11, 12, 14, 12, 10, 16, 14, 13, 14, 18, 17, 16, 19, 24, 40},
        {17, 18, 18, 24, 21, 24, 47, 26, 26, 47, 99, 66, 56, 66, 99, 99}
    };

    /** The scale of libjpeg's jpeg_quality_scaling, percent. */
    @ParameterizedTest
    @ValueSource(ints = {1, 7, 10, 15, 18, 25, 33, 40, 49, 50, 51, 58, 65, 75, 80, 85, 93, 99, 100})
    void tablesAreThoseOfLibjpeg(int quality) {
        byte[] pixels = new byte[3 * 16 * 16];
        new Random(2).nextBytes(pixels);
        byte[] file = new Jpeg(quality).encode(Picture.of(16, 16, pixels));
        int scale = quality < 50 ? 5000 / quality : 200 - 2 * quality;
        int tables = 0;
        for (int at = 2; at < file.length && (file[at + 1] & 255) != 0xDA; at += 2 + length(file, at)) {
            if ((file[at + 1] & 255) == 0xDB) {
                for (int table = at + 4; table < at + 2 + length(file, at); table += 65) {
                    int[] standard = STANDARD[file[table]];
                    for (int i = 0; i < standard.length; i++) {
                        int expected = Math.max(1, Math.min(255, (standard[i] * scale + 50) / 100));
                        assertThat(file[table + 1 + i] & 255).isEqualTo(expected);
                    }
                    tables++;
                }
            }
            if ((file[at + 1] & 255) == 0xC0) {
                // Sampling factors of luma and both chromas: 4:2:0.
                assertThat(new int[] {file[at + 11], file[at + 14], file[at + 17]})
                        .containsExactly(0x22, 0x11, 0x11);
            }
        }
        assertThat(tables).isEqualTo(2);
    }

    private static int length(byte[] file, int marker) {
        return (file[marker + 2] & 255) << 8 | file[marker + 3] & 255;
    }
}
