package dev.vitrine.study.grid;

import dev.vitrine.lens.embedding.MapQuality;
import java.util.List;
import java.util.Optional;

/**
 * Pictures in the cells of a grid.
 *
 * @param columns of the grid
 * @param rows of the grid
 * @param displacement mean distance of a picture from its place on the map, in cells
 * @param quality of the map, if it was measured
 */
public record PlacedPictures(
        int columns, int rows, double displacement, Optional<MapQuality> quality, List<Placed> pictures) {
    public PlacedPictures {
        pictures = List.copyOf(pictures);
    }

    /**
     * @param index in the list of pictures
     * @param className name of its folder, empty if it has none
     * @param predicted name of the most likely class, empty if unknown
     * @param cell {@code row · columns + column}, rows from the top
     */
    public record Placed(int index, String name, String className, String predicted, int cell) {}
}
