package dev.vitrine.study.grid;

import dev.vitrine.study.StudyJson;
import dev.vitrine.study.page.Html;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A grid of pictures to zoom into, with its tiles in the page.
 *
 * @param about sentences on what is shown
 * @param facts provenance
 */
public record GridPage(
        String title, List<String> about, Optional<String> missing, Sheet sheet, Map<String, String> facts) {
    /** The statement of the template behind which the tiles are set. */
    private static final String TILES = "tiles.clear();";

    public GridPage {
        about = List.copyOf(about);
        facts = Collections.unmodifiableMap(new LinkedHashMap<>(facts));
    }

    /**
     * What the page's script knows.
     *
     * @param side of a cell
     * @param tile side of a tile
     * @param cells of the pictures
     * @param classes index into {@code classNames}
     * @param predicted index into {@code predictedNames}
     */
    public record Sheet(
            int columns,
            int rows,
            int side,
            int tile,
            int levels,
            List<String> names,
            List<Integer> cells,
            List<String> classNames,
            List<Integer> classes,
            List<String> predictedNames,
            List<Integer> predicted) {
        static Sheet of(PlacedPictures placed, int side, int tile, int levels) {
            List<String> classNames = placed.pictures().stream()
                    .map(PlacedPictures.Placed::className)
                    .distinct()
                    .sorted()
                    .toList();
            List<String> predictedNames = placed.pictures().stream()
                    .map(PlacedPictures.Placed::predicted)
                    .distinct()
                    .sorted()
                    .toList();
            return new Sheet(
                    placed.columns(),
                    placed.rows(),
                    side,
                    tile,
                    levels,
                    placed.pictures().stream().map(PlacedPictures.Placed::name).toList(),
                    placed.pictures().stream().map(PlacedPictures.Placed::cell).toList(),
                    classNames,
                    placed.pictures().stream()
                            .map(picture -> Collections.binarySearch(classNames, picture.className()))
                            .toList(),
                    predictedNames,
                    placed.pictures().stream()
                            .map(picture -> Collections.binarySearch(predictedNames, picture.predicted()))
                            .toList());
        }
    }

    public String data() {
        return StudyJson.line(sheet);
    }

    public String style() {
        return Html.resource(GridPage.class, "grid.css");
    }

    public String script() {
        return Html.resource(GridPage.class, "grid.js");
    }

    /** Writes tiles into the page. */
    @FunctionalInterface
    interface Filling {
        void into(TilePyramid.Tiles tiles) throws IOException;
    }

    /** Writes the page, its tiles one by one. */
    void write(OutputStream output, Filling filling) throws IOException {
        String html = Html.of(page -> JtegridGenerated.render(page, null, this));
        int at = html.indexOf(TILES) + TILES.length();
        output.write(html.substring(0, at).getBytes(StandardCharsets.UTF_8));
        filling.into((level, column, row, jpeg) -> output.write(("tiles.set('" + level + "/" + column + "/" + row
                        + "','" + Base64.getEncoder().encodeToString(jpeg) + "');\n")
                .getBytes(StandardCharsets.UTF_8)));
        output.write(html.substring(at).getBytes(StandardCharsets.UTF_8));
    }
}
