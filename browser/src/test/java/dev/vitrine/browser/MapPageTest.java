package dev.vitrine.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Mouse;
import com.microsoft.playwright.Page;
import dev.vitrine.lens.data.Picture;
import dev.vitrine.lens.data.PictureList;
import dev.vitrine.study.Outcome;
import dev.vitrine.study.map.Column;
import dev.vitrine.study.map.LayerMap;
import dev.vitrine.study.map.MapReport;
import dev.vitrine.study.map.PictureMap;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A map of 50,000 points: a lattice in the first layer, the same transposed in the second. */
class MapPageTest {
    private static final int ACROSS = 250;
    private static final int POINTS = 50_000;

    @TempDir
    private static Path folder;

    private static Chromium chromium;

    @BeforeAll
    static void write() {
        chromium = Chromium.open();
        List<String> names =
                IntStream.range(0, POINTS).mapToObj(point -> "picture-" + point).toList();
        Column kind = Column.words(
                "class",
                "class, by folder",
                IntStream.range(0, POINTS)
                        .mapToObj(point -> point % ACROSS < ACROSS / 2 ? "left" : "right")
                        .toList());
        PictureMap map = new PictureMap(
                List.of("lattice"),
                "PCA",
                IntStream.range(0, POINTS).toArray(),
                names,
                List.of(kind),
                List.of(layer("first", 0), layer("second", 1)));
        new MapReport(Outcome.of(map), new Gray(names), "class", Map.of()).write(folder);
    }

    @AfterAll
    static void close() {
        if (chromium != null) {
            chromium.close();
        }
    }

    private static LayerMap layer(String name, int turn) {
        double[] points = new double[2 * POINTS];
        int[] near = new int[LayerMap.NEAR * POINTS];
        for (int point = 0; point < POINTS; point++) {
            points[2 * point + turn] = point % ACROSS;
            points[2 * point + 1 - turn] = point / ACROSS;
            for (int rank = 0; rank < LayerMap.NEAR; rank++) {
                near[LayerMap.NEAR * point + rank] = (point + rank + 1) % POINTS;
            }
        }
        return new LayerMap(name, 2, points, near, new int[POINTS], Optional.empty(), Optional.empty(), List.of());
    }

    /** Pictures of one pixel. */
    private record Gray(List<String> names) implements PictureList {
        @Override
        public int size() {
            return names.size();
        }

        @Override
        public String name(int index) {
            return names.get(index);
        }

        @Override
        public Picture read(int index) {
            return Picture.filled(1, 1, 0x808080);
        }

        @Override
        public String content(int index) {
            return names.get(index);
        }
    }

    private static void visit(Consumer<Page> visitor) {
        chromium.visit(folder.resolve("index.html"), 1440, page -> {
            page.waitForFunction("() => window.vitrineMap && vitrineMap.draws");
            visitor.accept(page);
        });
    }

    private static double[] place(Page page, int point) {
        List<?> place = (List<?>) page.evaluate("point => vitrineMap.toScreen(point)", point);
        return place.stream()
                .mapToDouble(value -> ((Number) value).doubleValue())
                .toArray();
    }

    private static List<Integer> selected(Page page) {
        return ((List<?>) page.evaluate("() => vitrineMap.selected()"))
                .stream().map(Integer.class::cast).toList();
    }

    /** Colored pixels of the canvas. */
    private static int drawn(Page page) {
        return ((Number) page.evaluate("""
                        () => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => {
                          const canvas = document.getElementById('points'), gl = canvas.getContext('webgl');
                          const pixels = new Uint8Array(4 * canvas.width * canvas.height);
                          gl.readPixels(0, 0, canvas.width, canvas.height, gl.RGBA, gl.UNSIGNED_BYTE, pixels);
                          let colored = 0;
                          for (let i = 0; i < pixels.length; i += 4) {
                            if (Math.max(pixels[i], pixels[i + 1], pixels[i + 2]) - Math.min(pixels[i], pixels[i + 1], pixels[i + 2]) > 40) colored++;
                          }
                          done(colored);
                        })))""")).intValue();
    }

    @Test
    void drawsEveryPoint() {
        visit(page -> {
            assertThat(page.evaluate("() => vitrineMap.count")).isEqualTo(POINTS);
            double[] first = place(page, 0);
            double[] last = place(page, POINTS - 1);
            double area = Math.abs((last[0] - first[0]) * (last[1] - first[1]));
            // Points of this lattice nearly touch.
            assertThat(drawn(page)).isBetween((int) (0.4 * area), (int) (1.2 * area));
        });
    }

    @Test
    void hoveringNamesThePictureUnderThePointer() {
        visit(page -> {
            for (int point : new int[] {0, 12_345, POINTS - 1}) {
                double[] place = place(page, point);
                page.mouse().move(place[0], place[1]);
                page.waitForFunction("point => vitrineMap.hovered() === point", point);
                assertThat(page.locator("#tip").innerText()).startsWith("picture-" + point + "\n");
            }
        });
    }

    @Test
    void aLassoSelectsWhatItEncloses() {
        visit(page -> {
            double[] corner = place(page, 40 * ACROSS + 60);
            double[] opposite = place(page, 49 * ACROSS + 79);
            double left = corner[0] - 0.5;
            double right = opposite[0] + 0.5;
            double bottom = corner[1] + 0.5;
            double top = opposite[1] - 0.5;
            page.locator("#lasso").click();
            page.mouse().move(left, bottom);
            page.mouse().down();
            Mouse.MoveOptions steps = new Mouse.MoveOptions().setSteps(4);
            page.mouse().move(left, top, steps);
            page.mouse().move(right, top, steps);
            page.mouse().move(right, bottom, steps);
            page.mouse().up();
            assertThat(selected(page))
                    .hasSize(10 * 20)
                    .allSatisfy(point -> assertThat(point % ACROSS).isBetween(60, 79))
                    .allSatisfy(point -> assertThat(point / ACROSS).isBetween(40, 49));
            assertThat(page.locator("#selection h2").innerText()).isEqualTo("200 selected");
        });
    }

    @Test
    void theLegendHidesAClass() {
        visit(page -> {
            int before = drawn(page);
            page.locator("#legend button", new Page.LocatorOptions().setHasText("left"))
                    .click();
            assertThat(drawn(page)).isBetween((int) (0.4 * before), (int) (0.6 * before));
        });
    }

    @Test
    void theSliderMovesPointsFromLayerToLayer() {
        visit(page -> {
            double[] before = place(page, ACROSS - 1);
            page.evaluate("() => vitrineMap.go(1)");
            assertThat(page.locator("#layer-name").innerText()).isEqualTo("second");
            double[] after = place(page, ACROSS - 1);
            assertThat(before[0] - after[0]).isGreaterThan(100);
        });
    }

    @Test
    void searchFindsByName() {
        visit(page -> {
            page.locator("#search").fill("picture-4321");
            page.locator("#search").press("Enter");
            assertThat(selected(page)).hasSize(11).contains(4321, 43210, 43219);
        });
    }
}
