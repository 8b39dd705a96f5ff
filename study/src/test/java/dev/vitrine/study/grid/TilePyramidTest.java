package dev.vitrine.study.grid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class TilePyramidTest {
    private static final int WIDTH = 330;
    private static final int HEIGHT = 150;
    private static final int TILE = 64;

    /** Smooth, so that JPEG changes it little. */
    private static int level(int x, int y) {
        return x / 2 + y / 3;
    }

    private final Map<String, BufferedImage> tiles = new LinkedHashMap<>();
    private final List<Integer> rows = new ArrayList<>();

    private void build() throws IOException {
        TilePyramid pyramid = new TilePyramid(WIDTH, HEIGHT, TILE, new TilePyramid.Tiles() {
            @Override
            public void put(int level, int column, int row, byte[] jpeg) throws IOException {
                tiles.put(level + "/" + column + "/" + row, ImageIO.read(new ByteArrayInputStream(jpeg)));
            }

            @Override
            public void strip(int level, BufferedImage strip, int count) {
                if (level == 1) {
                    rows.add(count);
                }
            }
        });
        // Strips do not fit the tiles.
        for (int top = 0; top < HEIGHT; top += 40) {
            BufferedImage strip = new BufferedImage(WIDTH, 40, BufferedImage.TYPE_INT_RGB);
            for (int y = 0; y < 40; y++) {
                for (int x = 0; x < WIDTH; x++) {
                    strip.setRGB(x, y, 0x010101 * level(x, top + y));
                }
            }
            pyramid.add(strip, Math.min(40, HEIGHT - top));
        }
    }

    @Test
    void everyLevelHoldsTheWholeImage() throws IOException {
        build();
        assertThat(TilePyramid.levels(WIDTH, HEIGHT, TILE)).isEqualTo(4);
        assertThat(tiles.keySet()).filteredOn(key -> key.startsWith("0/")).hasSize(6 * 3);
        assertThat(tiles.keySet()).filteredOn(key -> key.startsWith("1/")).hasSize(3 * 2);
        assertThat(tiles.keySet()).filteredOn(key -> key.startsWith("2/")).hasSize(2);
        assertThat(tiles.keySet()).filteredOn(key -> key.startsWith("3/")).containsExactly("3/0/0");
        assertThat(tiles.get("3/0/0").getWidth()).isEqualTo(42);
        assertThat(tiles.get("3/0/0").getHeight()).isEqualTo(19);
        assertThat(rows).containsExactly(64, 11);
        for (int level = 0; level < 4; level++) {
            int side = 1 << level;
            for (int y = 5; y < HEIGHT - side; y += 20) {
                for (int x = 5; x < WIDTH - side; x += 20) {
                    BufferedImage tile = tiles.get(level + "/" + x / side / TILE + "/" + y / side / TILE);
                    int found = tile.getRGB(x / side % TILE, y / side % TILE) & 255;
                    double middle = level(x / side * side + side / 2, y / side * side + side / 2);
                    assertThat((double) found).as(level + " at " + x + ", " + y).isCloseTo(middle, within(4.0));
                }
            }
        }
    }

    @Test
    void aSmallImageIsOneTile() {
        assertThat(TilePyramid.levels(64, 64, 64)).isEqualTo(1);
        assertThat(TilePyramid.levels(65, 10, 64)).isEqualTo(2);
    }
}
