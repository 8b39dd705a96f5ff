package dev.vitrine.study.map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.lens.data.Picture;
import dev.vitrine.lens.data.PictureList;
import dev.vitrine.lens.neighbor.Neighbors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Alignment, groupings and the page of a map. */
class MapPartsTest {
    private static final int POINTS = 200;

    /** Points on a line, each with its five neighbors on it. */
    private static Neighbors line() {
        return new Neighbors(
                5,
                IntStream.range(0, POINTS)
                        .flatMap(point -> IntStream.rangeClosed(1, 5)
                                .map(step -> point + step < POINTS ? point + step : point - step))
                        .toArray(),
                new double[5 * POINTS]);
    }

    private static double[] places() {
        return IntStream.range(0, POINTS)
                .mapToDouble(point -> point - (POINTS - 1) / 2.0)
                .toArray();
    }

    @Test
    void aTurnedMirroredAndScaledMapIsTurnedBack() {
        Random random = new Random(3);
        double[] points = random.doubles(40, -1, 1).toArray();
        double[] other = new double[40];
        for (int i = 0; i < 40; i += 2) {
            double x = points[i];
            double y = -points[i + 1];
            other[i] = 7 + 3 * (0.6 * x - 0.8 * y);
            other[i + 1] = -2 + 3 * (0.8 * x + 0.6 * y);
        }
        double[] first = Alignment.normalized(points);
        double[] aligned = Alignment.aligned(other, first);
        for (int i = 0; i < 40; i++) {
            assertThat(aligned[i]).isCloseTo(first[i], within(1e-9));
        }
    }

    @Test
    void whatFollowsTheCodesIsFoundAndNoiseIsNot() {
        double[] scores = places();
        Grouping smooth = Grouping.of(Column.numbers("place", "", places()), scores, 1, line(), 1);
        assertThat(smooth.components()).isCloseTo(1, within(1e-9));
        assertThat(smooth.neighbors()).isGreaterThan(0.99);
        assertThat(smooth.isFound()).isTrue();
        double[] noise = new Random(4).doubles(POINTS).toArray();
        Grouping random = Grouping.of(Column.numbers("noise", "", noise), scores, 1, line(), 1);
        assertThat(random.neighbors()).isBetween(-0.2, 0.2);
        assertThat(random.components()).isLessThan(0.1);
    }

    @Test
    void wordsAreGroupedByTheirIndicators() {
        List<String> words = IntStream.range(0, POINTS)
                .mapToObj(point -> point < POINTS / 2 ? "left" : "right")
                .toList();
        Grouping halves = Grouping.of(Column.words("half", "", words), places(), 1, line(), 1);
        assertThat(halves.neighbors()).isGreaterThan(0.9);
        // Two halves of a line: the square of the correlation with the place is 3/4.
        assertThat(halves.components()).isCloseTo(0.75, within(0.01));
    }

    @Test
    void columnsOfATable() {
        assertThat(Column.of("a", "", List.of("1", "", "2.5")).values()).containsExactly(1, Double.NaN, 2.5);
        Column words = Column.of("b", "", List.of("x", "y", "y", ""));
        assertThat(words.words()).containsExactly("y", "x");
        assertThat(words.values()).containsExactly(1, 0, 0, Double.NaN);
    }

    @Test
    void aTableIsMatchedByNames(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(
                folder.resolve("age.csv"),
                "picture,age,coat\ncats/tom.jpg, 3,gray\nrex.jpg,,\"brown, white\"\nnobody.jpg,9,red\n");
        PictureList pictures = new Named(List.of("cats/tom.jpg", "dogs/rex.jpg", "dogs/ada.jpg"));
        List<Column> columns = TableColumns.read(file, pictures);
        assertThat(columns).extracting(Column::id).containsExactly("age", "coat");
        assertThat(columns.get(0).values()).containsExactly(3, Double.NaN, Double.NaN);
        assertThat(columns.get(1).text(1)).isEqualTo("brown, white");
        assertThat(columns.get(1).text(2)).isEmpty();
        Path other = Files.writeString(folder.resolve("other.csv"), "picture,age\nx.jpg,3\n");
        assertThatThrownBy(() -> TableColumns.read(other, pictures))
                .isInstanceOf(VitrineException.class)
                .hasMessageContaining("cats/tom.jpg")
                .hasMessageContaining("x.jpg");
    }

    /** Pictures of which only the names are asked. */
    private record Named(List<String> names) implements PictureList {
        @Override
        public int size() {
            return names.size();
        }

        @Override
        public String name(int index) {
            return names.get(index);
        }

        @Override
        public String content(int index) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Picture read(int index) {
            throw new UnsupportedOperationException();
        }
    }

    @Test
    void thePageHoldsAllAndAsksForNothing() {
        Column hostile = Column.words("class", "class", List.of("</script><b>", "dog", "dog"));
        LayerMap layer = new LayerMap(
                "conv1",
                3,
                new double[] {0, 0, 1, 0, 0, 1},
                new int[18],
                new int[3],
                Optional.empty(),
                Optional.empty(),
                List.of());
        PictureMap map = new PictureMap(
                List.of("net"),
                "pca",
                new int[] {0, 1, 2},
                List.of("a<b>.png", "b", "c"),
                List.of(hostile),
                List.of(layer));
        String page = new MapPage("Map", "class", Map.of("model", "net")).of(map, Optional.empty());
        assertThat(page).contains("\\u003c/script>").doesNotContain("</script><b>");
        assertThat(page).doesNotContainPattern("(src|href)=\"(?!data:)").doesNotContain("http://", "https://");
        assertThat(MapPlot.of(map, "class").svg()).contains("<circle").contains("&lt;/script&gt;");
    }
}
