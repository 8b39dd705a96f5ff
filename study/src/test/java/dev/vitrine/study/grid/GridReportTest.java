package dev.vitrine.study.grid;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.assignment.CellGrid;
import dev.vitrine.lens.data.Picture;
import dev.vitrine.lens.data.PictureList;
import dev.vitrine.study.Outcome;
import dev.vitrine.study.Parts;
import dev.vitrine.study.StudyContext;
import dev.vitrine.study.StudyJson;
import dev.vitrine.study.Watcher;
import dev.vitrine.study.embedding.CodeTable;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GridReportTest {
    private static final int COUNT = 9;

    @TempDir
    private Path folder;

    /** Each in a gray of its own. */
    private static final PictureList PICTURES = new PictureList() {
        @Override
        public int size() {
            return COUNT;
        }

        @Override
        public String name(int index) {
            return "</script>/" + index + ".png";
        }

        @Override
        public Picture read(int index) {
            return Picture.filled(30, 20, 0x101010 * index);
        }

        @Override
        public String content(int index) {
            return "content " + index;
        }
    };

    private static Outcome<PlacedPictures> placed() {
        float[] points = new float[2 * COUNT];
        for (int index = 0; index < COUNT; index++) {
            points[2 * index] = index % 3;
            points[2 * index + 1] = (float) (index / 3);
        }
        List<CodeTable.Row> rows = IntStream.range(0, COUNT)
                .mapToObj(index -> new CodeTable.Row(
                        index, PICTURES.name(index), "</script>", "gray", Optional.empty(), Optional.empty()))
                .toList();
        MapSource map = new MapSource.Given(Tensor.floats(points, COUNT, 2), rows);
        return new PictureGrid(map, CellGrid.Fitting.OPTIMAL, OptionalInt.empty())
                .run(StudyContext.of(Watcher.NONE, Parts.none()));
    }

    /** The map's second coordinate grows upward. */
    @Test
    void everyPictureStandsInItsCell() throws IOException {
        List<Path> files = new GridReport(PICTURES, 16, "grays", Watcher.NONE, Map.of()).write(placed(), folder);
        BufferedImage image = ImageIO.read(files.get(1).toFile());
        assertThat(image.getWidth()).isEqualTo(48);
        assertThat(image.getHeight()).isEqualTo(48);
        for (int index = 0; index < COUNT; index++) {
            assertThat(image.getRGB(16 * (index % 3) + 8, 16 * (2 - index / 3) + 8) & 0xffffff)
                    .isEqualTo(0x101010 * index);
        }
        assertThat(StudyJson.read(Files.readString(files.get(2)), PlacedPictures.class))
                .isEqualTo(placed().result());
    }

    @Test
    void thePageHoldsItsTilesAndNamesDoNotEndItsScript() throws IOException {
        List<Path> files = new GridReport(PICTURES, 16, "grays", Watcher.NONE, Map.of()).write(placed(), folder);
        String page = Files.readString(files.get(0));
        assertThat(page).contains("tiles.set('0/0/0','/9j/").contains("ResizeObserver");
        assertThat(page.split("</script>", -1)).hasSize(3);
        byte[] first = Files.readAllBytes(files.get(0));
        new GridReport(PICTURES, 16, "grays", Watcher.NONE, Map.of()).write(placed(), folder);
        assertThat(Files.readAllBytes(files.get(0))).isEqualTo(first);
    }
}
